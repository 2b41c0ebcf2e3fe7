"""The verdict: each expectation held against what happened, with the reason where it fails."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec

from recording_emulator.core.clock import span
from recording_emulator.core.explain import (
    differences,
    is_unfired,
    nearest,
    shown,
    times,
    why_unfired,
)
from recording_emulator.core.journal import Entry
from recording_emulator.core.outbox import Delivery, Tried
from recording_emulator.core.world import World
from recording_emulator.scenario import document as doc
from recording_emulator.scenario.check_story import ENDED, OK
from recording_emulator.scenario.heard import Hearing
from recording_emulator.scenario.load import Loaded
from recording_emulator.scenario.verdict import Finding, Verdict
from recording_emulator.vendors.base import VendorAdapter

LISTED: Final = 8


class _Row(msgspec.Struct, frozen=True):
    """What the judge reads of an answer, be it fresh or out of a snapshot."""

    row: str = ""


class Judge:
    """Holds one document against one world, as it is now."""

    def __init__(self, loaded: Loaded, adapter: VendorAdapter, world: World) -> None:
        self._loaded = loaded
        self._adapter = adapter
        self._world = world
        self._came = self._callbacks()
        self._calls = self._answered()
        self._hearing = Hearing(world, adapter.name)
        self._next_callback = self._next_reply = 0
        self._expected: set[int] = set()

    def verdict(self, played: tuple[Finding, ...] = ()) -> Verdict:
        """Judge everything; ``played`` are the findings about the client's own calls."""
        findings = [*played, *self._planned()]
        expected = list(enumerate(self._loaded.document.expect))
        expected.sort(key=lambda each: bool(each[1].nothing_else))  # it is about all the others
        findings += [
            self._expectation(each, self._loaded.line("expect", index)) for index, each in expected
        ]
        findings += unfired(self._world)
        is_passed = all(each.is_met for each in findings)
        document = self._loaded.document
        return Verdict(document.scenario, self._loaded.file, is_passed, tuple(findings))

    def _planned(self) -> list[Finding]:
        start_ms = self._world.spec.start_ms
        return [
            Finding(each.name, False, f"at +{span(each.at_ms - start_ms)}: {each.why}", each.line)
            for each in self._world.timeline.standing.failed
        ]

    # --- what happened -------------------------------------------------------------------------

    def _callbacks(self) -> list[tuple[dict[str, Any], Delivery, int]]:
        """List what reached the first receiver, in the order in which it was taken."""
        box = self._world.outbox
        own = [each for each in box.targets.values() if each.vendor == self._adapter.name]
        real = [each.id for each in own if not each.is_fallback][:1]
        judged = {*real, *(each.id for each in own if each.is_fallback)}
        found = []
        for delivery in box.every():
            taken = next((t for t in delivery.tried if _reached(t)), None)
            is_judged = delivery.target in judged and not delivery.is_check
            if taken is not None and is_judged:
                found.append((self._told(delivery), delivery, taken.attempt))
        return sorted(found, key=lambda each: each[2])

    def _told(self, delivery: Delivery) -> dict[str, Any]:
        facts = msgspec.to_builtins(delivery.facts)
        details = facts.get("details", facts)
        told = {"event": delivery.event, "room": delivery.facts.room}
        return {**told, "attempts": len(delivery.tried), "details": details}

    def _body(self, delivery: Delivery) -> Any:
        target = self._world.outbox.targets[delivery.target]
        view = self._world.views[delivery.vendor]
        at_ms = delivery.tried[-1].claimed_ms
        return msgspec.json.decode(self._adapter.outgoing(delivery, target, at_ms, view)[1])

    def _answered(self) -> list[tuple[dict[str, Any], Entry]]:
        calls: dict[int, Entry] = {}
        found = []
        for entry in self._world.journal:
            if entry.kind == "call" and entry.name.startswith(f"{self._adapter.name}."):
                calls[entry.seq] = entry
            if entry.kind == "reply" and entry.cause in calls:
                call = calls[entry.cause]
                code = self._code(msgspec.convert(entry.detail, _Row, from_attributes=True).row)
                told = {"operation": call.name.partition(".")[2], "code": code}
                found.append(({**told, "room": call.subject}, entry))
        return found

    def _code(self, row: str) -> str:
        if not row:
            return OK
        code = self._adapter.surface.error(row).code
        return row if code is None else str(code)

    def _at(self, at_ms: int) -> str:
        return f"+{span(at_ms - self._world.spec.start_ms)}"

    # --- one expectation -----------------------------------------------------------------------

    def _expectation(self, each: doc.Expectation, line: int) -> Finding:
        what, why = "", ""
        if each.callback is not None:
            what, why = self._callback(each.callback)
        elif each.reply is not None:
            what, why = self._reply(each.reply)
        elif each.heard is not None:
            what, why = self._hears(each.heard)
        elif each.task is not None:
            what, why = self._task(each.task)
        elif each.objects is not None:
            what, why = self._objects(each.objects)
        elif each.count is not None:
            what, why = self._count(each.count)
        else:
            what, why = "nothing else", self._nothing_else()
        return Finding(what, not why, why, line)

    def _callback(self, wanted: doc.ExpectedCallback) -> tuple[str, str]:
        event = self._adapter.event_name(str(wanted.event))
        plain: dict[str, Any] = {"event": event}
        for name in ("room", "attempts", "details", "body"):
            if getattr(wanted, name) is not None:
                plain[name] = getattr(wanted, name)
        what = f"callback {shown(plain)}"
        rest = self._came[self._next_callback :]
        found = []
        for index, (told, delivery, _) in enumerate(rest, self._next_callback):
            if wanted.body is not None and told["event"] == event:
                told = {**told, "body": self._body(delivery)}
            if not differences(plain, told):
                self._expected.add(index)
                self._next_callback = index + 1
                return what, ""
            found.append(told)
        return what, f"expected {what}; {self._instead(plain, found)}"

    def _instead(self, plain: dict[str, Any], found: list[dict[str, Any]]) -> str:
        """Say what came instead, the nearest first; or that it came too early, or not at all."""
        near = nearest(plain, found)
        early = [told for told, _, _ in self._came[: self._next_callback]]
        twice = next((n for n, told in enumerate(early) if not differences(plain, told)), None)
        if twice is not None and (near is None or near[1]):
            at = self._at(self._came[twice][1].emitted_ms)
            return f"it came at {at}, before one that is expected above it"
        if near is None:
            return "no other came after it" if early else "no callback came at all"
        index, told = near
        delivery = self._came[self._next_callback + index][1]
        at = self._at(delivery.tried[-1].at_ms)
        return f"nearest came {delivery.event} at {at}: {', '.join(told)}{self._fate(plain)}"

    def _fate(self, plain: dict[str, Any]) -> str:
        """Say what became of callbacks of this event that did not reach the receiver."""
        gone = [
            each
            for each in self._world.outbox.every()
            if each.event == plain["event"] and not any(_reached(t) for t in each.tried)
        ]
        if not gone:
            return ""
        last = gone[-1]
        why = f" ({last.tried[-1].why})" if last.tried and last.tried[-1].why else ""
        return f"; one of {last.event} was {last.fate}{why}"

    def _reply(self, wanted: doc.ExpectedReply) -> tuple[str, str]:
        code = str(wanted.code)
        if code != OK:
            code = self._code(self._adapter.surface.error_for(wanted.operation, code).id)
        plain: dict[str, Any] = {"operation": wanted.operation, "code": code}
        if wanted.room is not None:
            plain["room"] = wanted.room
        what = f"reply {shown(plain)}"
        rest = [told for told, _ in self._calls[self._next_reply :]]
        for index, told in enumerate(rest, self._next_reply):
            if not differences(plain, told):
                self._next_reply = index + 1
                return what, ""
        near = nearest(plain, rest)
        if near is None:
            return what, f"expected {what}; no more replies came"
        entry = self._calls[self._next_reply + near[0]][1]
        told_at = f"nearest came at {self._at(entry.at_ms)}"
        return what, f"expected {what}; {told_at}: {', '.join(near[1])}"

    def _hears(self, wanted: doc.ExpectedHeard) -> tuple[str, str]:
        event = self._adapter.event_name(str(wanted.event))
        plain: dict[str, Any] = {"event": event}
        if wanted.room is not None:
            plain["room"] = wanted.room
        if wanted.args is not None:
            plain["args"] = list(wanted.args)
        what = f"{wanted.by} to hear {shown(plain)}"
        why = self._hearing.instead(wanted.by, plain, self._at)
        return what, f"expected {what}; {why}" if why else ""

    def _task(self, wanted: doc.ExpectedTask) -> tuple[str, str]:
        room = f" in room {wanted.room!r}" if wanted.room else ""
        number = "a task" if wanted.count is None else f"{wanted.count} task(s)"
        what = f"{number} {wanted.state}{room}"
        tasks = list(live_and_ended(self._world, self._adapter))
        near = [told for told in tasks if wanted.room in (None, told["room"])]
        fitting = [each for each in near if _is_in(each, wanted.state)]
        is_met = bool(fitting) if wanted.count is None else len(fitting) == wanted.count
        if is_met:
            return what, ""
        listed = ", ".join(f"{each['room']!r} is {each['state']}" for each in tasks[:LISTED])
        return what, f"expected {what}; {listed or 'there is no task at all'}"

    def _objects(self, wanted: doc.ExpectedObjects) -> tuple[str, str]:
        number = "at least one object" if wanted.count is None else f"{wanted.count} object(s)"
        what = f"{number} {wanted.name}" + (f" spoilt: {wanted.spoilt}" if wanted.spoilt else "")
        stored, now_ms = self._world.objects, self._world.now_ms
        keys = [each.key for each in stored.files(now_ms)]
        if wanted.spoilt is not None:
            keys = [key for key, effect in stored.hit(now_ms) if effect == wanted.spoilt]
        fitting = [key for key in keys if fnmatchcase(key, wanted.name)]
        is_met = bool(fitting) if wanted.count is None else len(fitting) == wanted.count
        if is_met:
            return what, ""
        others = [key for key in keys if key not in fitting]
        listed = ", ".join((fitting or others)[:LISTED]) or "nothing is stored"
        return what, f"expected {what}; there are {len(fitting)} of {len(keys)}: {listed}"

    def _count(self, wanted: doc.ExpectedCount) -> tuple[str, str]:
        if wanted.event is not None and wanted.by is not None:
            event = self._adapter.event_name(str(wanted.event))
            what = f"{wanted.by} to hear {event} {times(wanted.times)}"
            own = [each.told for each in self._hearing.of(wanted.by) if each.event == event]
            fitting = [told for told in own if wanted.room in (None, told["room"])]
        elif wanted.event is not None:
            event = self._adapter.event_name(str(wanted.event))
            what = f"callback {event} {times(wanted.times)}"
            fitting = []
            for index, (told, _, _) in enumerate(self._came):
                if told["event"] == event and wanted.room in (None, told["room"]):
                    fitting.append(told)
                    self._expected.add(index)
        else:
            what = f"call {wanted.operation} {times(wanted.times)}"
            fitting = [
                told
                for told, _ in self._calls
                if told["operation"] == wanted.operation and wanted.room in (None, told["room"])
            ]
        came = f"came {times(len(fitting))}" if fitting else "never came"
        why = f"expected {what}; it {came}"
        return what, "" if len(fitting) == wanted.times else why

    def _nothing_else(self) -> str:
        for each in self._loaded.document.expect:  # what is counted is expected, wherever it stands
            count = each.count
            if count is not None and count.event is not None and count.by is None:
                self._count(count)
        rest = [
            f"{told['event']} at {self._at(delivery.emitted_ms)}"
            for index, (told, delivery, _) in enumerate(self._came)
            if index not in self._expected
        ]
        more = f" and {len(rest) - LISTED} more" if len(rest) > LISTED else ""
        return f"expected nothing else; also came {', '.join(rest[:LISTED])}{more}" if rest else ""


def _reached(tried: Tried) -> bool:
    return tried.outcome == "accepted" or tried.fault == "unheard"


def _is_in(told: dict[str, Any], state: str) -> bool:
    if state == ENDED:
        return bool(told["is_ended"])
    return bool(told["state"] == state)


def live_and_ended(world: World, adapter: VendorAdapter) -> list[dict[str, Any]]:
    """Describe every task that is still known, and whether it has ended."""
    ended = {target for target, *_ in world.ended}
    found = []
    for target, thing in world.things.items():
        told = adapter.summary(thing)
        if told is not None:
            found.append({**told, "is_ended": target in ended})
    return found


def unfired(world: World) -> list[Finding]:
    """Say of each counted fault that never fired why it did not."""
    return [
        Finding(each.id, False, f"never fired: {why_unfired(world, each)}")
        for each in world.faults
        if is_unfired(each)
    ]
