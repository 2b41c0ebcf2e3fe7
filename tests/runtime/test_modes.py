"""The hand in process: the modes auto and real, and what sockets cannot show."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from tests.couriers import AtHand

from recording_emulator.core import snapshot
from recording_emulator.core.inputs import AddTarget, Answered, Call, ChangeRoom
from recording_emulator.core.machine import Input
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.core.rooms import Leave
from recording_emulator.core.world import Spec, World
from recording_emulator.errors import BadRequest
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand, Mode
from recording_emulator.testing import Tenant
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    RecordingConfig,
    StartParams,
    Storage,
)
from recording_emulator.vendors.base import load

STORAGE = Storage(1, 0, "b", "k", "s")
START_MS = 1_893_456_000_000


class Receiver(AtHand):
    """A subscriber in process: answers 200 at once, and tells who waits for an event."""

    def __init__(self) -> None:
        self.came: dict[int, asyncio.Event] = {}
        self.before_answer: dict[int, Callable[[], Awaitable[object]]] = {}

    def saw(self, event: int) -> asyncio.Event:
        return self.came.setdefault(event, asyncio.Event())

    async def post(self, attempt: Outgoing) -> Answered:
        event = json.loads(attempt.body)["eventType"]
        self.saw(event).set()
        if event in self.before_answer:
            await self.before_answer.pop(event)()
        return Answered(attempt.attempt, 200, b"{}")


Open = Callable[..., Awaitable[Hand]]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def open_hand(receiver: Receiver) -> AsyncIterator[Open]:
    directory = Directory(load(), receiver)

    async def make(mode: Mode, speed: float = 1.0) -> Hand:
        hand = directory.create(Wanted(mode, mode=mode, speed=speed, start_ms=START_MS), 0)
        secret = CallbackTarget("t", "agora", "http://127.0.0.1:1/", "s", None)
        hand.apply(AddTarget(secret))
        return hand

    yield make
    await directory.close()


async def ask(hand: Hand, operation: str, given: Input) -> dict[str, object]:
    hand.enter()
    try:
        answer = await hand.call(Call("agora", operation, given))
    finally:
        hand.leave()
    assert not answer.row, answer
    assert isinstance(answer.facts, inputs.Replied)
    reply = answer.facts
    return {"resource": reply.resourceId, "sid": reply.sid, **reply.serverResponse}


async def record(hand: Hand, max_idle_s: int = 30) -> tuple[str, str]:
    acquired = await ask(hand, "acquire", inputs.Acquire("", "demo", "9", AcquireParams()))
    resource = str(acquired["resource"])
    config = RecordingConfig(maxIdleTime=max_idle_s)
    params = StartParams(STORAGE, recordingConfig=config)
    given = inputs.Start("", resource, "mix", "demo", "9", params)
    started = await ask(hand, "start", given)
    return resource, str(started["sid"])


def events(hand: Hand) -> list[tuple[int, str]]:
    journal = hand.world.journal
    return [(e.at_ms - START_MS, e.name) for e in journal if e.kind == "event"]


async def test_a_reply_is_written_before_the_deliveries_it_caused_begin(
    open_hand: Open, receiver: Receiver
) -> None:
    hand = await open_hand(Mode.MANUAL)
    resource, _ = await record(hand)
    again = inputs.Start("", resource, "mix", "demo", "9", StartParams(STORAGE))

    hand.enter()
    answer = await hand.call(Call("agora", "start", again))  # causes event 3
    for _ in range(20):
        await asyncio.sleep(0)
    began_before_the_reply = receiver.saw(3).is_set()
    hand.leave()  # the reply is written
    await hand.rest()

    assert answer.row == "7 already started"
    assert not began_before_the_reply
    assert receiver.saw(3).is_set()


async def test_auto_fires_short_timers_as_soon_as_nothing_is_in_flight(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)

    await record(hand)
    await hand.rest()

    assert hand.world.now_ms - START_MS == 3_000
    assert [name for _, name in events(hand)][:2] == ["30", "40"]


async def test_auto_moves_a_look_at_a_task_to_its_next_timer(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)
    resource, sid = await record(hand)
    await hand.rest()

    first = await ask(hand, "query", inputs.Query("", resource, sid, "mix"))
    again = await ask(hand, "query", inputs.Query("", resource, sid, "mix"))

    assert (first["status"], again["status"]) == (5, 5)
    assert hand.world.now_ms - START_MS == 18_000  # nothing else is due: the clock stands


async def test_auto_lets_a_look_find_the_idle_exit(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)
    resource, sid = await record(hand)
    await hand.rest()
    room = hand.world.room("agora", "demo")
    hand.apply(ChangeRoom("agora", "demo", Leave(next(iter(room.participants)))))
    await hand.rest()

    looked = await ask(hand, "query", inputs.Query("", resource, sid, "mix"))
    await hand.rest()

    assert looked["status"] == 7  # as it was when the timer had fired, before anything else
    assert events(hand)[-1] == (33_100, "11")  # 30 s of idle, nothing to upload, 100 ms exit


async def test_auto_never_crosses_the_expiry_of_something_unused(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)
    resource, sid = await record(hand, max_idle_s=600)
    await hand.rest()
    await ask(hand, "query", inputs.Query("", resource, sid, "mix"))
    room = hand.world.room("agora", "demo")
    hand.apply(ChangeRoom("agora", "demo", Leave(next(iter(room.participants)))))
    await hand.rest()
    await ask(hand, "acquire", inputs.Acquire("", "other", "9", AcquireParams()))
    before_ms = hand.world.now_ms

    # The idle exit is due in 600 s, but the other resource would expire in 300 s.
    looked = await ask(hand, "query", inputs.Query("", resource, sid, "mix"))

    assert looked["status"] == 5
    assert hand.world.now_ms == before_ms


async def test_auto_runs_a_waiting_call_to_its_end(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)
    resource, sid = await record(hand)
    await hand.rest()

    given = inputs.Stop("", resource, sid, "mix", "demo", "9")
    stopped = await ask(hand, "stop", given)

    assert stopped["uploadingStatus"] == "uploaded"
    assert hand.world.now_ms - START_MS == 4_000


async def test_real_time_paces_timers_by_the_wall_clock_times_the_speed(
    open_hand: Open, receiver: Receiver
) -> None:
    hand = await open_hand(Mode.REAL, speed=1_000)

    resource, sid = await record(hand)  # 3 s of start-up take 3 ms
    given = inputs.Stop("", resource, sid, "mix", "demo", "9")
    await receiver.saw(4).wait()
    stopped = await ask(hand, "stop", given)

    assert stopped["uploadingStatus"] == "uploaded"
    at = {name: ms for ms, name in events(hand)}
    assert at["30"] >= 2_000
    assert at["40"] - at["30"] == 1_000


async def test_real_time_can_jump_and_then_goes_on(open_hand: Open) -> None:
    hand = await open_hand(Mode.REAL)
    await record(hand)

    report = await hand.advance(3_600_000)

    assert report.now_ms - START_MS >= 3_600_000
    assert [name for _, name in events(hand)][:2] == ["30", "40"]
    hand.apply(ChangeRoom("agora", "demo", Leave("nobody")))
    assert hand.world.now_ms >= report.now_ms


async def test_rate_limits_are_on_in_real_time_and_off_elsewhere(open_hand: Open) -> None:
    real, manual = await open_hand(Mode.REAL), await open_hand(Mode.MANUAL)

    rows = {}
    for hand in (real, manual):
        answers = [
            await hand.call(Call("agora", "acquire", inputs.Acquire("", "c", str(n), None)))
            for n in range(1, 12)
        ]
        rows[hand.mode] = [answer.row for answer in answers].count("API rate limit exceeded")

    assert rows == {Mode.REAL: 1, Mode.MANUAL: 0}


async def test_deleting_a_tenant_ends_what_waits_in_it(open_hand: Open) -> None:
    hand = await open_hand(Mode.MANUAL)
    await record(hand)

    waiting = asyncio.ensure_future(hand.advance(3_600_000))
    await asyncio.wait([waiting], timeout=0)
    await hand.close()

    with pytest.raises(Exception, match="was deleted"):
        await waiting


async def test_a_handler_that_advances_is_answered_where_its_advance_ended(
    open_hand: Open, receiver: Receiver
) -> None:
    hand = await open_hand(Mode.MANUAL)
    await record(hand)
    receiver.before_answer[40] = lambda: hand.advance(5_000, is_inside=True)

    report = await hand.advance(3_600_000)

    forty = next(each for each in hand.world.outbox.every() if each.event == "40")
    assert [(t.outcome, t.ended_ms - START_MS) for t in forty.tried] == [("accepted", 8_000)]
    assert report.now_ms - START_MS == 3_600_000


async def test_no_clock_goes_beyond_2100(open_hand: Open) -> None:
    hand = await open_hand(Mode.MANUAL)

    with pytest.raises(BadRequest, match="the year 2100"):
        await hand.advance(10**15)


def test_a_world_needs_no_runtime_at_all() -> None:
    world = World(Spec("pure", credentials={"agora": {}}), load())

    answer = world.apply(Call("agora", "acquire", inputs.Acquire("", "demo", "9", AcquireParams())))

    assert answer.row == ""


@pytest.mark.parametrize("field", ["journal_limit", "callbacks_limit", "objects_limit"])
@pytest.mark.parametrize("limit", [0, -1, 2**70])
def test_a_limit_that_is_none_is_refused_by_name(field: str, limit: int) -> None:
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.{field}"):
        msgspec.convert({"name": "t", field: limit}, Wanted)


async def test_a_restored_tenant_keeps_its_mode_and_its_patience(open_hand: Open) -> None:
    hand = await open_hand(Mode.AUTO)
    await record(hand)
    await hand.rest()
    directory = Directory(load(), Receiver())

    again = directory.restore(snapshot.take(hand.world), "fork", resend=False)

    assert (again.name, again.mode, again.world.now_ms) == ("fork", Mode.AUTO, hand.world.now_ms)
    await directory.close()


# --- a timeline that jumps ------------------------------------------------------------------------

JUMP = """\
scenario: the clock jumps after a minute
vendor: agora
timeline:
  - {at: 1m, advance: 1h}
"""


def test_an_advance_that_meets_a_jump_ends_where_the_jump_ends(
    recording_emulator: Tenant,
) -> None:
    recording_emulator.begin(JUMP)
    agora, start_ms = recording_emulator.agora, recording_emulator.info.start_ms

    before, after = agora.advance(seconds=59), agora.advance(seconds=2)

    assert before.now_ms - start_ms == 59_000
    assert after.now_ms - start_ms == 3_660_000
