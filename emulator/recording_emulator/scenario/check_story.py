"""Checks of what a scenario's client does, and of what is expected to come of it."""

from __future__ import annotations

import re
from typing import Any, Final

from recording_emulator.scenario import document as doc
from recording_emulator.scenario.plan import milliseconds
from recording_emulator.scenario.problems import Path, meant
from recording_emulator.scenario.slate import Slate, exactly_one

REFERENCE: Final = re.compile(r"\$\{(?P<name>[^}]*)\}")
OK: Final = "ok"
ENDED: Final = "ENDED"


def check_client(slate: Slate, document: doc.Scenario) -> None:
    """Check the calls, their order, and that nothing is used before it is saved."""
    calls = document.client or ()
    if document.client is not None and not calls:
        slate.wrong(("client",), "a client makes calls; leave it out for the vendor's default flow")
    saved = set(slate.adapter.client.saved)
    made: set[str] = set()
    latest: tuple[str | None, int] = (None, 0)
    for index, call in enumerate(calls):
        path: Path = ("client", index)
        slate.one_of((*path, "call"), "call", call.call, list(slate.adapter.client.calls))
        if call.after is not None and call.after not in made:
            near = meant(call.after, made)
            told = f"impossible order: no call {call.after!r} is made above{near}"
            slate.wrong((*path, "after"), told)
        if call.at is not None:
            instant = (call.after, milliseconds(call.at))
            if instant[0] == latest[0] and instant[1] < latest[1]:
                told = f"impossible order: {call.at} is before the call above"
                slate.wrong((*path, "at"), told)
            latest = instant
        _references(slate, (*path, "with"), call.with_, saved)
        _answer(slate, (*path, "expect"), call.expect)
        saved |= set(call.save)
        made.add(call.call)
    _anchors(slate, document, made)


def _anchors(slate: Slate, document: doc.Scenario, made: set[str]) -> None:
    """Check that what waits for a call waits for one that is made."""
    if document.client is None:
        made = {*slate.adapter.client.flow, slate.adapter.client.ending}
    for index, moment in enumerate(document.timeline):
        known = slate.adapter.client.calls
        if moment.after in known and moment.after not in made:
            told = f"impossible order: the client never calls {moment.after!r}"
            slate.wrong(("timeline", index, "after"), told)


def _references(slate: Slate, path: Path, value: Any, saved: set[str]) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            _references(slate, (*path, key), each, saved)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _references(slate, (*path, index), each, saved)
    elif isinstance(value, str):
        for name in REFERENCE.findall(value):
            if name not in saved:
                known = ", ".join(sorted(saved))
                near = meant(name, saved)
                slate.wrong(path, f"nothing is saved as {name!r} yet; there are {known}{near}")


def _answer(slate: Slate, path: Path, answer: doc.Answer | None) -> None:
    if answer is None:
        return
    if answer.lost and (answer.status is not None or answer.body is not None):
        slate.wrong((*path, "lost"), "an answer that is lost has no status and no body")
    elif answer.lost is None and answer.status is None and answer.body is None:
        slate.wrong(path, "expected at least one of status, body, lost")


def check_expect(slate: Slate, document: doc.Scenario) -> None:
    """Check each expectation."""
    for index, each in enumerate(document.expect):
        path: Path = ("expect", index)
        exactly_one(slate, path, each, doc.EXPECTATIONS, "an expectation")
        if each.callback is not None:
            slate.event((*path, "callback", "event"), each.callback.event)
        if each.reply is not None:
            _reply(slate, (*path, "reply"), each.reply)
        if each.task is not None and each.task.state != ENDED:
            known = [ENDED, *(row.name for row in slate.adapter.surface.states)]
            slate.one_of((*path, "task", "state"), "state", each.task.state, known)
        if each.count is not None:
            _count(slate, (*path, "count"), each.count)
        if each.nothing_else is False:
            slate.wrong((*path, "nothing_else"), "expected true; leave it out otherwise")


def _reply(slate: Slate, path: Path, reply: doc.ExpectedReply) -> None:
    known = slate.operation((*path, "operation"), reply.operation)
    if known and reply.code != OK:
        slate.code((*path, "code"), reply.operation, reply.code)


def _count(slate: Slate, path: Path, count: doc.ExpectedCount) -> None:
    if exactly_one(slate, path, count, ("event", "operation"), "what is counted") is None:
        return
    if count.event is not None:
        slate.event((*path, "event"), count.event)
    if count.operation is not None:
        slate.operation((*path, "operation"), count.operation)
