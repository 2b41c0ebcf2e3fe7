"""The page recorder: opens a web page, records it, holds and resumes, pushes it to a CDN, and ends.

It takes the recorder's place in web mode; there is no channel, so it never leaves for want of
people.

Source:
    Sheet §2.3 and §5.1 (maxRecordingHour, readyTimeout), §6.3 (events 70, 71, 73, 100), §6.4
    (order, assumed). That a page on hold puts its push on hold, and that a push stands a second
    after it began, is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.addresses import host_of
from recording_emulator.core.casts import Seen
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Emit,
    Machine,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.tiles import Tile
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import faults, inputs
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import BOTH, MIXED, paged
from recording_emulator.vendors.agora.inputs import PAGE, TASK, UPLOADER

CONNECT_MS: Final = 1_000
"""From ``connecting`` to ``publishing`` (assumed)."""
HOUR_MS: Final = 3_600_000
STRIKES: Final = ("too_heavy", "silent", "crash")
"""Faults that can strike a page at any time."""
STOPPED_BY_CALL: Final = 0
STOPPED_BY_HOURS: Final = 1
STOPPED_BY_WEIGHT: Final = 2
STOPPED_BY_ENGINE: Final = 3
STOPPED_BY_LOADING: Final = 4
STOPPED_BY_URL: Final = 5
STOPPED_BY_ERROR: Final = 6
MESSAGES: Final = {
    STOPPED_BY_CALL: "ok",
    STOPPED_BY_HOURS: "max_recording_hour",
    STOPPED_BY_WEIGHT: "capability_limit",
    STOPPED_BY_ENGINE: "start_engine_failed",
    STOPPED_BY_LOADING: "page_load_timeout",
    STOPPED_BY_URL: "access_url_failed",
    STOPPED_BY_ERROR: "recorder_error",
}
"""``code`` and ``message`` of event 71 (DS)."""


class State(StrEnum):
    """How far the page is."""

    CLOSED = "closed"
    LOADING = "loading"
    OPEN = "open"
    LEFT = "left"


class Page(msgspec.Struct, frozen=True, gc=False, tag="agora.Page"):
    """The page of one task: whether it is held, and where it is pushed to with which status."""

    state: State
    key: str
    prepared: inputs.Prepare | None = None
    is_held: bool = False
    pushes: tuple[tuple[str, str], ...] = ()
    misses: int = 0


def on_prepare(page: Page, given: inputs.Prepare, _view: View) -> Step:
    plan = given.page
    assert plan is not None, given
    pushes = tuple((url, "connecting") for url in plan.urls)
    prepared = replace(page, prepared=given, is_held=plan.is_held, pushes=pushes)
    return Step(prepared, (Arm("hours", plan.hours * HOUR_MS, inputs.HoursOver(), Tempo.LONG),))


def on_enter(page: Page, _given: inputs.Enter, view: View) -> Step:
    plan = task_plan(page).page
    assert plan is not None
    fault = view.fault(faults.PAGE, task_plan(page).cname)
    match fault and fault.effect:
        case "unreachable":
            return _left(page, STOPPED_BY_URL, plan.url, view)
        case "engine_fails":
            return _left(page, STOPPED_BY_ENGINE, "", view)
        case "hang" if plan.ready_ms:
            return Step(replace(page, state=State.LOADING), (_wait_for_page(plan),))
    return _opened(page, view, _struck(fault))


def _struck(fault: Fault | None) -> list[Effect]:
    """Wait for the moment at which a fault strikes an open page."""
    if fault is None or fault.effect not in STRIKES:
        return []
    return [Arm("strike", fault.after_ms, inputs.Strike(fault.effect), Tempo.LONG)]


def on_fault_armed(page: Page, _given: FaultArmed, view: View) -> Step:
    return Step(page, tuple(_struck(view.fault(faults.PAGE, task_plan(page).cname, STRIKES))))


def on_strike(page: Page, given: inputs.Strike, view: View) -> Step:
    if given.effect == "silent":
        return Step(page, (announce(page, "73", {"reason": "audio_silence"}),))
    if given.effect == "crash":
        return _left(page, STOPPED_BY_ERROR, "", view)
    heavy = announce(page, "72", {"limitType": "resolution"})
    left = _left(page, STOPPED_BY_WEIGHT, "resolution", view)
    return Step(left.task, (heavy, *left.effects))


def cast(page: Page) -> list[Seen]:
    """Say what is recorded: the page, known by its host, as long as it is not held."""
    if page.state is not State.OPEN or page.is_held:
        return []
    told = task_plan(page)
    assert told.page is not None
    whole = Tile(0, 0, told.layout.width, told.layout.height)
    return [Seen(host_of(told.page.url), audio=True, video=True, tile=whole)]


def _opened(page: Page, view: View, struck: list[Effect]) -> Step:
    effects: list[Effect] = [
        announce(page, "70", {"recorderStartTime": view.now_ms}),
        Tell(Target(UPLOADER, page.key), inputs.PowerOn()),
    ]
    if not page.is_held:
        effects.append(Tell(Target(UPLOADER, page.key), inputs.Opened(MIXED, BOTH)))
    for url, _ in page.pushes:
        effects += _connect(page, url)
    return Step(replace(page, state=State.OPEN), (*effects, *struck))


def _wait_for_page(plan: inputs.PagePlan) -> Arm:
    return Arm("loading", plan.ready_ms, inputs.LoadOverdue(), Tempo.LONG)


def on_load_overdue(page: Page, _given: inputs.LoadOverdue, view: View) -> Step:
    plan = task_plan(page).page
    assert plan is not None
    if page.misses:
        return _left(
            page, STOPPED_BY_LOADING, f"page load timeout is {plan.ready_ms // 1000}", view
        )
    again = replace(page, misses=1)
    reloaded = announce(page, "73", {"reason": "page_load_timeout"})
    if view.fault(faults.PAGE, task_plan(page).cname, ("hang",)) is not None:
        return Step(again, (reloaded, _wait_for_page(plan)))
    opened = _opened(again, view, [])
    return Step(opened.task, (reloaded, *opened.effects))


def on_hold(page: Page, given: inputs.Hold, _view: View) -> Step:
    held = replace(page, is_held=given.is_held)
    if page.state is not State.OPEN or given.is_held == page.is_held:
        return Step(held)
    told = inputs.Closed(MIXED, BOTH) if given.is_held else inputs.Opened(MIXED, BOTH)
    effects: list[Effect] = [Tell(Target(UPLOADER, page.key), told)]
    standing = [url for url, status in page.pushes if status != "connecting"]
    for url in standing:
        held, event = _pushed(held, url, "onhold" if given.is_held else "publishing")
        effects.append(event)
    return Step(held, tuple(effects))


def on_push(page: Page, given: inputs.Push, _view: View) -> Step:
    """Push to these places from now on, and to no others."""
    before = dict(page.pushes)
    pushes = tuple((url, before.get(url, "connecting")) for url in given.urls)
    after = replace(page, pushes=pushes)
    if page.state is not State.OPEN:
        return Step(after)
    effects: list[Effect] = []
    for url in before:
        if url not in given.urls:
            effects += _disconnect(page, url)
    for url in given.urls:
        if url not in before:
            effects += _connect(page, url)
    return Step(after, tuple(effects))


def on_connected(page: Page, given: inputs.Connected, _view: View) -> Step:
    after, event = _pushed(page, given.url, "onhold" if page.is_held else "publishing")
    return Step(after, (event,))


def _connect(page: Page, url: str) -> list[Effect]:
    stands = Arm(f"push {url}", CONNECT_MS, inputs.Connected(url), Tempo.SHORT)
    return [announce(page, "100", {"rtmpUrl": url, "status": "connecting"}), stands]


def _disconnect(page: Page, url: str) -> list[Effect]:
    gone = announce(page, "100", {"rtmpUrl": url, "status": "disconnected"})
    return [Cancel(f"push {url}"), gone]


def _pushed(page: Page, url: str, status: str) -> tuple[Page, Emit]:
    pushes = tuple((each, status if each == url else was) for each, was in page.pushes)
    return replace(page, pushes=pushes), announce(page, "100", {"rtmpUrl": url, "status": status})


def on_hours_over(page: Page, _given: inputs.HoursOver, view: View) -> Step:
    plan = task_plan(page).page
    assert plan is not None
    return _left(page, STOPPED_BY_HOURS, f"max recording hour is {plan.hours}", view)


def on_leave(page: Page, _given: inputs.Leave, view: View) -> Step:
    return _left(page, STOPPED_BY_CALL, "", view)


def on_never_opened(page: Page, _given: inputs.Leave, _view: View) -> Step:
    told = Tell(Target(TASK, page.key), inputs.RecorderLeft())
    return Step(replace(page, state=State.LEFT), (Cancel("hours"), told, Retire()))


def _left(page: Page, code: int, details: str, view: View) -> Step:
    uploader = Target(UPLOADER, page.key)
    files = paged(task_plan(page).layout, view.peek(uploader).tracks, view.now_ms, has_ended=True)
    effects: list[Effect] = [Cancel("hours"), Cancel("loading"), Cancel("strike")]
    if page.state is State.OPEN:
        if not page.is_held:
            effects.append(Tell(uploader, inputs.Closed(MIXED, BOTH)))
        for url, _ in page.pushes:
            effects += _disconnect(page, url)
    told: dict[str, object] = {
        "code": code,
        "message": MESSAGES[code],
        "details": details,
        "fileList": files,
    }
    effects += [
        announce(page, "71", told),
        Tell(Target(TASK, page.key), inputs.RecorderLeft(code in (0, 1))),
        Retire(),
    ]
    pushes = tuple((url, "disconnected") for url, _ in page.pushes)
    return Step(replace(page, state=State.LEFT, pushes=pushes), tuple(effects))


TABLE: Final[Table] = {
    State.CLOSED: {
        inputs.Prepare: do(on_prepare, State.CLOSED),
        inputs.Enter: do(on_enter, State.LOADING, State.OPEN, State.LEFT),
        inputs.Hold: do(on_hold, State.CLOSED),
        inputs.Push: do(on_push, State.CLOSED),
        inputs.Leave: do(on_never_opened, State.LEFT),
    },
    State.LOADING: {
        inputs.LoadOverdue: do(on_load_overdue, State.LOADING, State.OPEN, State.LEFT),
        inputs.Hold: do(on_hold, State.LOADING),
        inputs.Push: do(on_push, State.LOADING),
        inputs.Leave: do(on_leave, State.LEFT),
    },
    State.OPEN: {
        inputs.Hold: do(on_hold, State.OPEN),
        inputs.Push: do(on_push, State.OPEN),
        inputs.Connected: do(on_connected, State.OPEN),
        inputs.HoursOver: do(on_hours_over, State.LEFT),
        inputs.Strike: do(on_strike, State.OPEN, State.LEFT),
        FaultArmed: do(on_fault_armed, State.OPEN),
        inputs.Leave: do(on_leave, State.LEFT),
    },
    State.LEFT: {},
}

MACHINE: Final = Machine(PAGE, TABLE, lambda key: Page(State.CLOSED, key), cast=cast)
