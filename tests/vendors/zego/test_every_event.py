"""Every event of the catalogue reaches a real receiver, signed: the console's or the task's."""

from __future__ import annotations

from typing import Any

import httpx

from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.handle import Zego
from recording_emulator.vendors.zego.surface import SURFACE

EVERY = {int(row.id) for row in SURFACE.events}


def ask(zego: Zego, action: str, **body: Any) -> dict[str, Any]:
    asked = client.call(zego.credentials, action, wallclock.now_ms(), body)
    url = f"{zego.base_url}{asked.path}"
    answer = httpx.post(url, content=asked.body, headers=asked.headers, timeout=30)
    found: dict[str, Any] = answer.json()
    assert found["Code"] == 0, found
    return found


def record(zego: Zego, room: str, output: dict[str, Any], **params: Any) -> str:
    body = {**client.start_body(room, **params), "RecordOutputParams": output}
    task: str = ask(zego, "StartRecord", **body)["Data"]["TaskId"]
    return task


def a_bad_day(zego: Zego, output: dict[str, Any]) -> None:
    """Pause a mix whose picture is missing; wait for who never comes; let a room fall idle."""
    zego.faults.add("image", effect="fail")
    zego.room("one").join("u1", stream="s1")
    mix = {**client.MIX, "MixOutputBackgroundImage": "http://127.0.0.1:9/none.png"}
    task = record(zego, "one", output, mixed=True, MixConfig=mix)
    zego.advance(seconds=10)
    ask(zego, "PauseRecord", TaskId=task)
    ask(zego, "ResumeRecord", TaskId=task)
    zego.advance(seconds=10)
    ask(zego, "StopRecord", TaskId=task)
    zego.room("two").join("u1", stream="s1")
    hls = {**output, "OutputFileFormat": "hls", "RealtimeUploadFragment": True}
    record(zego, "two", hls, RecordStreamList=[{"StreamId": "s1"}, {"StreamId": "s2"}])
    zego.advance(minutes=1)
    zego.room("two").leave("u1")
    zego.advance(minutes=1)


def test_every_event_reaches_the_receiver_of_the_console(zego: Zego, inbox: Inbox) -> None:
    a_bad_day(zego, {})

    assert set(inbox.event_types) == EVERY
    assert all(each.is_genuine for each in inbox.callbacks)


def test_every_event_reaches_the_url_that_the_start_named(zego: Zego, inbox: Inbox) -> None:
    url = inbox.url("zego")
    zego.remove_target("inbox-zego")

    a_bad_day(zego, {"CallbackUrl": url})

    assert set(inbox.event_types) == EVERY
    assert all(each.is_genuine for each in inbox.callbacks)
    assert {each.target for each in zego.callbacks()} == {url}


def test_a_callback_of_a_named_url_can_be_sent_once_more(zego: Zego, inbox: Inbox) -> None:
    url = inbox.url("zego")
    zego.remove_target("inbox-zego")
    task = record(zego, "one", {"CallbackUrl": url})
    ask(zego, "StopRecord", TaskId=task)
    zego.settle()
    (first, *_) = zego.callbacks()

    again = zego.replay(first.number)

    assert (again.body, again.target) == (first.body, url)
    assert inbox.event_types.count(5) == 2


def test_a_recorded_file_can_be_read_where_the_callback_says(zego: Zego, inbox: Inbox) -> None:
    zego.room("a room").join("u1", stream="s/1")
    task = record(zego, "a room", {"OutputFolder": "rec"})
    zego.advance(seconds=10)
    ask(zego, "StopRecord", TaskId=task)
    zego.advance(seconds=5)

    (file,) = inbox.callbacks[-1].json["detail"]["file_info"]

    answer = httpx.get(file["file_url"])
    assert (answer.status_code, len(answer.content)) == (200, file["file_size"])
