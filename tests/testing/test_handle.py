"""A vendor's handle: blocking where nobody runs a loop, awaitable where someone does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.errors import BadRequest, Conflict, NeverHappened, SyncInEventLoop
from recording_emulator.server.run import Site, local_url
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.arranging import AsyncRoom, Room
from recording_emulator.vendors.handle import AsyncHandle, Handle
from recording_emulator.vendors.verbs import Awaiting, Blocking, verb

if TYPE_CHECKING:
    from tests.conftest import RecordingApp


# --- in a running loop ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        lambda agora: agora.advance(hours=1),
        lambda agora: agora.settle(),
        lambda agora: agora.now_ms(),
        lambda agora: agora.room("demo").join(41),
        lambda agora: agora.faults.drop(42),
        lambda agora: agora.timeline(),
    ],
    ids=["advance", "settle", "now_ms", "join", "drop", "timeline"],
)
async def test_the_blocking_form_refuses_in_a_running_loop_and_says_why(
    agora: Agora, use: Callable[[Agora], Any]
) -> None:
    with pytest.raises(SyncInEventLoop) as refused:
        use(agora)

    assert str(refused.value) == (
        "this handle blocks, and an event loop is running in this thread: a callback that your app "
        "serves on that loop could never be answered. Use the handle's aio form: "
        "`await agora.aio.advance(hours=2)`."
    )
    assert (await agora.aio.now_ms(), await agora.aio.journal()) == (agora.info.start_ms, [])


async def test_the_blocking_form_works_in_a_thread_beside_the_loop(agora: Agora) -> None:
    advanced = await asyncio.to_thread(agora.advance, hours=1)

    assert advanced.now_ms == agora.info.start_ms + 3_600_000


def test_the_awaitable_form_has_every_verb_of_the_blocking_one() -> None:
    def verbs(kind: type) -> set[str]:
        return {name for name, each in inspect.getmembers_static(kind) if isinstance(each, verb)}

    assert verbs(Handle) == verbs(AsyncHandle)
    assert verbs(Room) == verbs(AsyncRoom) == {"join", "leave", "publish"}
    assert issubclass(Handle, Blocking)
    assert issubclass(AsyncHandle, Awaiting)


async def test_the_awaitable_form_does_what_the_blocking_one_does(agora: Agora) -> None:
    aio = agora.aio
    room = aio.room("demo")
    await room.join(41, video=False)
    await room.publish(41, video=True)
    fault = await aio.faults.drop(42, times=2, may_not_fire=True)
    advanced = await aio.advance(minutes=1, seconds=1, ms=1)
    await room.leave(41)

    entries = [(each["kind"], each["name"]) for each in await aio.journal()]
    assert advanced.now_ms == await aio.now_ms() == agora.info.start_ms + 61_001
    assert [each["id"] for each in await aio.faults.all()] == [fault["id"]]
    assert entries == [
        ("room", "join"),
        ("room", "publish"),
        ("fault", "armed"),
        ("room", "leave"),
    ]


async def test_errors_of_the_awaitable_form_are_raised_where_it_is_awaited(agora: Agora) -> None:
    with pytest.raises(Conflict, match="'41' is not in room 'demo'; there: nobody"):
        await agora.aio.room("demo").leave(41)
    with pytest.raises(NeverHappened, match="event 40 did not come"):
        await agora.aio.advance_until("recorder_started", hours=1)


async def test_an_app_on_the_tests_own_loop_gets_its_callbacks_while_it_awaits(
    agora: Agora, app: RecordingApp
) -> None:
    heard: list[str] = []

    async def receive(scope: Any, receive: Any, send: Any) -> None:
        heard.append(scope["path"])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    site = Site(receive)
    address = await site.listen("127.0.0.1", 0)
    url = f"{local_url('http', address)}/hook"
    await agora.aio.send_callbacks_to(url, events=["recorder_started", 42])
    await asyncio.to_thread(app.record)

    await agora.aio.advance(minutes=1)

    assert heard == ["/hook", "/hook"]
    assert [each.fate for each in await agora.aio.callbacks()] == ["delivered", "delivered"]
    await site.close()


# --- verbs ----------------------------------------------------------------------------------------


def test_time_can_be_said_in_any_unit(agora: Agora) -> None:
    advanced = agora.advance(hours=0.5, minutes=1.5, seconds=2, ms=3)

    assert advanced.now_ms - agora.info.start_ms == 1_800_000 + 90_000 + 2_000 + 3


def test_an_advance_tells_what_fired(agora: Agora, app: RecordingApp) -> None:
    app.record()

    advanced = agora.advance_until(40)

    (event,) = (each for each in advanced.fired if each.name == "40")
    assert (event.kind, event.at_ms) == ("event", advanced.now_ms)
    assert advanced.timers == sum(each.kind == "timer" for each in advanced.fired)
    assert agora.settle().fired == []


def test_the_clock_goes_to_an_instant_and_never_back(agora: Agora) -> None:
    at_ms = agora.info.start_ms + 86_400_000
    agora.advance_to(at_ms)

    with pytest.raises(Conflict, match=f"the clock stands at {at_ms}, after {at_ms - 1}"):
        agora.advance_to(at_ms - 1)


def test_settings_change_through_the_handle(agora: Agora, app: RecordingApp) -> None:
    agora.configure(recording_enabled=False)

    answer = app._post("/acquire", {})

    assert answer.json() == {"code": 400, "reason": "invalid_appid"}
    with pytest.raises(BadRequest, match="unknown field `recording`"):
        agora.configure(recording=True)


def test_faults_answer_drop_delay_and_are_taken_back(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40, 42])
    agora.faults.answer("start", 65)
    agora.faults.drop("uploader_started")
    agora.faults.delay(40, ms=10_000)
    agora.faults.duplicate(42)
    gone = agora.faults.drop()
    agora.faults.disarm(gone["id"])

    assert app.acquire().status_code == 200
    answers = [app.start().status_code for _ in range(2)]
    agora.advance(minutes=1)

    assert answers == [206, 200]
    assert inbox.event_types == [42, 42, 40]
    assert [each["fired"] for each in agora.faults.all()] == [1, 1, 1, 1]


def test_tasks_objects_and_files_can_be_read(agora: Agora, app: RecordingApp) -> None:
    app.record()
    agora.advance(minutes=1)
    app.stop()

    (task,) = agora.tasks()
    stored = agora.objects()
    assert (task["sid"], task["id"]) == (app.sid, app.resource)
    assert {each.bucket for each in stored} == {"recordings"}
    assert [len(agora.read_object(each.key, bucket=each.bucket)) for each in stored] == [
        each.size_bytes for each in stored
    ]


def test_a_callback_can_be_sent_once_more(agora: Agora, app: RecordingApp, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    app.record()
    agora.advance(minutes=1)
    (first,) = agora.callbacks()

    again = agora.replay(first.number)

    assert (again.number, again.fate) == (first.number + 1, "delivered")
    assert inbox.event_types == [40, 40]
    assert len({each.json["noticeId"] for each in inbox.callbacks}) == 1


def test_waiting_for_a_call_that_came_returns_its_journal_number(
    agora: Agora, app: RecordingApp
) -> None:
    app.record()

    seq = agora.wait_for(call="start")

    (entry,) = (each for each in agora.journal() if each["seq"] == seq)
    assert entry["name"] == "agora.start"
    with pytest.raises(NeverHappened, match=r"no call 'stop' in 0\.01 s"):
        agora.wait_for(call="stop", timeout_s=0.01)


def test_a_snapshot_restores_through_the_emulator(
    agora: Agora, app: RecordingApp, recording_emulator: Tenant
) -> None:
    app.record()
    agora.advance(minutes=1)

    fork = recording_emulator.emulator.restore(agora.snapshot(), name="fork")

    assert fork.agora.canonical_journal() == agora.canonical_journal()
    assert fork.agora.app_id != agora.app_id
    fork.close()
