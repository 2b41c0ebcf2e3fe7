"""Checks of what a scenario's client does, and of what is expected to come of it."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from recording_emulator.scenario import document as doc
from recording_emulator.scenario.plan import milliseconds
from recording_emulator.scenario.problems import Path, meant
from recording_emulator.scenario.slate import Slate, exactly_one
from recording_emulator.vendors.base import SdkSide, caller

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
    there: set[str] = set()
    latest: tuple[str | None, int] = (None, 0)
    for index, call in enumerate(calls):
        path: Path = ("client", index)
        _act(slate, path, call, there)
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
        _answer(slate, (*path, "expect"), call.expect, call.call or "")
        saved |= set(call.save)
        if call.call is not None:
            made.add(call.call)
    _anchors(slate, document, made)


def _act(slate: Slate, path: Path, call: doc.Call, there: set[str]) -> None:
    """Check what a client does, and who; ``there`` are those who have connected."""
    act = exactly_one(slate, path, call, doc.ACTS, "what a client does")
    client = slate.adapter.client
    if act is None:
        return
    if act == "call":
        slate.one_of((*path, "call"), "call", call.call or "", list(client.calls))
        if call.as_ is not None:
            slate.sdk((*path, "as"), "as")
        if isinstance(client, SdkSide):
            there.add(call.as_ or caller(client, call.call or ""))
        return
    for each in msgspec.structs.fields(call):
        if each.name in doc.OF_A_CALL and getattr(call, each.name) not in (None, {}):
            told = f"{each.encode_name!r} belongs to a call; this is {act}"
            slate.wrong((*path, each.encode_name), told, at_key=True)
    user = getattr(call, act)
    if not slate.sdk((*path, act), act):
        return
    if act != "connect" and user not in there:
        told = f"impossible order: {user!r} neither connects nor calls above{meant(user, there)}"
        slate.wrong((*path, act), told)
    there.add(user)
    if act == "bye":
        there.discard(user)


def _anchors(slate: Slate, document: doc.Scenario, made: set[str]) -> None:
    """Check that what waits for a call waits for one that is made."""
    if document.client is None:
        made = {*slate.adapter.client.flow, slate.adapter.client.ending}
    for index, moment in enumerate(document.timeline):
        known = slate.adapter.client.calls
        if moment.after in known and moment.after not in made:
            told = f"impossible order: the client never calls {moment.after!r}"
            slate.wrong(("timeline", index, "after"), told)
    _dropped(slate, document)


def _dropped(slate: Slate, document: doc.Scenario) -> None:
    """Check that who loses a connection has one, where the file says who does."""
    client = slate.adapter.client
    if document.client is None or not isinstance(client, SdkSide):
        return
    named = {
        each.connect or each.as_ or caller(client, each.call or "") for each in document.client
    }
    for index, moment in enumerate(document.timeline):
        if moment.drop is not None and moment.drop not in named:
            told = f"{moment.drop!r} neither connects nor calls{meant(moment.drop, named)}"
            slate.wrong(("timeline", index, "drop"), told)


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


def _answer(slate: Slate, path: Path, answer: doc.Answer | None, call: str) -> None:
    if answer is None:
        return
    given = [name for name in ("status", "rejected", "body") if getattr(answer, name) is not None]
    if answer.lost and given:
        told = "an answer that is lost has no status and no body, and rejects nothing"
        slate.wrong((*path, "lost"), told)
    elif answer.lost is None and not given:
        slate.wrong(path, "expected at least one of status, rejected, body, lost")
    sdk = getattr(slate.adapter, "sdk", None)
    is_spoken = sdk is not None and call in sdk.operations
    if answer.rejected is not None and slate.sdk((*path, "rejected"), "rejected") and not is_spoken:
        slate.wrong((*path, "rejected"), f"{call} is a call of HTTP; expect a status", at_key=True)
    if answer.status is not None and is_spoken:
        told = "a call of an SDK has no HTTP status; expect rejected, body or lost"
        slate.wrong((*path, "status"), told, at_key=True)


def check_expect(slate: Slate, document: doc.Scenario) -> None:
    """Check each expectation."""
    for index, each in enumerate(document.expect):
        path: Path = ("expect", index)
        exactly_one(slate, path, each, doc.EXPECTATIONS, "an expectation")
        if each.callback is not None:
            slate.event((*path, "callback", "event"), each.callback.event)
        if each.reply is not None:
            _reply(slate, (*path, "reply"), each.reply)
        if each.heard is not None:
            slate.sdk((*path, "heard"), "heard")
            slate.event((*path, "heard", "event"), each.heard.event)
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
    if count.by is not None and slate.sdk((*path, "by"), "by") and count.event is None:
        slate.wrong((*path, "by"), "who hears is counted for an event", at_key=True)
    if count.event is not None:
        slate.event((*path, "event"), count.event)
    if count.operation is not None:
        slate.operation((*path, "operation"), count.operation)
