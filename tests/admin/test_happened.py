"""What happened, over the admin API: tasks, journal, timeline, objects, inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from recording_emulator.testing import Inbox

if TYPE_CHECKING:
    from tests.admin.conftest import Control

START_MS = 1_893_456_000_000


def test_a_task_is_summed_up_and_found_by_either_id(control: Control) -> None:
    task = control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})

    told = control.get("/tasks")

    summary = {
        "vendor": "agora",
        "id": task.resource,
        "state": "in_progress",
        "room": "demo",
        "uid": "900001",
        "sid": task.sid,
        "mode": "mix",
        "status": 5,
        "acquired_ms": START_MS,
        "started_ms": START_MS,
    }
    assert told == {"tasks": [summary], "count": 1}
    for name in (task.resource, task.sid):
        found = control.get(f"/tasks/{name}")
        assert found.pop("detail")["cname"] == "demo"
        assert found == summary
    assert control.refused("GET", "/tasks/nobody") == (404, "NotFound", "no task 'nobody'")


def test_the_journal_can_be_read_whole_from_a_point_and_by_kind(control: Control) -> None:
    control.start()

    whole = control.get("/journal")
    tail = control.get("/journal?since=4")["entries"]
    calls = control.get("/journal?kind=call&kind=reply")["entries"]

    names = [(each["kind"], each["name"]) for each in whole["entries"]]
    assert [each["seq"] for each in whole["entries"]] == list(range(1, len(names) + 1))
    assert tail == whole["entries"][4:]
    assert [each["name"] for each in calls] == ["agora.acquire", "ok", "agora.start", "ok"]
    assert whole["evicted"] == 0
    assert whole["counts"] == {kind: [k for k, _ in names].count(kind) for kind, _ in names}


@pytest.mark.recording_emulator(journal_limit=3)
def test_a_full_journal_says_what_it_evicted(control: Control) -> None:
    control.start()

    journal = control.get("/journal")
    head = control.ask("GET", "/timeline").text.splitlines()[0]

    assert (len(journal["entries"]), journal["entries"][0]["seq"]) == (3, journal["evicted"] + 1)
    assert head.endswith(f"; evicted {journal['evicted']:,} older entries")


@pytest.mark.parametrize("since", ["-1", "x", "", "1e3", "٣", "9" * 16])
def test_a_point_that_is_no_whole_number_is_400(control: Control, since: str) -> None:
    refused = control.refused("GET", f"/journal?since={since}")

    assert refused == (400, "BadRequest", f"since must be a whole number, not {since!r}")


def test_the_canonical_journal_names_no_address_and_no_secret(
    control: Control, inbox: Inbox
) -> None:
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    answer = control.ask("GET", "/journal?canonical=1")

    lines = [msgspec.json.decode(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [each["seq"] for each in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["detail"]["url"] == "{callback}"
    assert "127.0.0.1" not in answer.text


def test_the_timeline_tells_it_in_words(control: Control) -> None:
    task = control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})
    control.stop(task)

    answer = control.ask("GET", "/timeline")

    lines = answer.text.splitlines()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert lines[0].startswith(f"tenant {control.tenant.name!r}, clock manual, seed 0: 2030-01-01T")
    assert lines[1].split() == ["#1", "+0s", "call", "agora.acquire", "demo"]
    assert any("agora.stop" in line and "+1m" in line for line in lines)


def test_objects_are_listed_in_pages_with_urls(control: Control) -> None:
    task = control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 120_000})
    control.stop(task)

    whole = control.get("/objects")
    page = control.get("/objects?start=1&limit=2")

    playlist = whole["objects"][0]
    base = control.tenant.emulator.url
    assert (page["objects"], page["has_more"]) == (whole["objects"][1:3], len(whole["objects"]) > 3)
    assert set(playlist) == {"bucket", "key", "size_bytes", "content_type", "stored_ms", "url"}
    assert playlist["url"] == (
        f"{base}/_files/{control.tenant.info.id}/recordings/{task.sid}_demo.m3u8"
    )
    assert control.refused("GET", "/objects?limit=all") == (
        400,
        "BadRequest",
        "limit must be a whole number, not 'all'",
    )


def test_a_page_has_a_thousand_files_at_most_and_the_next_begins_where_it_is_told_to(
    control: Control,
) -> None:
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5 * 3_600_000})

    page = control.get("/objects?limit=999999999999999")
    rest = control.get("/objects?start=1000")
    behind = control.get("/objects?start=999999999999999")

    assert (len(page["objects"]), page["has_more"]) == (1_000, True)
    assert (len(rest["objects"]), rest["has_more"]) == (200, False)
    assert (behind["objects"], behind["has_more"]) == ([], False)
    assert [each.key for each in control.tenant.agora.objects(start=1_199)] == [
        rest["objects"][199]["key"]
    ]


@pytest.mark.recording_emulator(keep_inputs=True)
def test_inputs_are_told_with_their_secrets_if_they_were_kept(control: Control) -> None:
    control.start()

    told = control.get("/inputs")

    assert told["holds_secrets"] is True
    assert [each["type"] for each in told["inputs"]] == ["core.Call", "core.Call"]


def test_inputs_that_were_not_kept_are_409_and_the_message_says_how(control: Control) -> None:
    refused = control.refused("GET", "/inputs")

    told = "this tenant keeps no inputs; create it with keep_inputs"
    assert refused == (409, "Conflict", told)
