"""The player: a scenario's client, call by call, and the clock moved in between.

It speaks through a ``Driver``, which whoever plays hands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.clock import span
from recording_emulator.core.explain import differences
from recording_emulator.core.injecting import FAULTS
from recording_emulator.core.inputs import Note
from recording_emulator.core.timers import Tempo
from recording_emulator.scenario import document as doc
from recording_emulator.scenario import plan
from recording_emulator.scenario.check_story import REFERENCE
from recording_emulator.scenario.driver import Driver, Said, Tell
from recording_emulator.scenario.judge import Judge, live_and_ended
from recording_emulator.scenario.load import Loaded
from recording_emulator.scenario.plan import milliseconds
from recording_emulator.scenario.verdict import Finding, Verdict, reason
from recording_emulator.vendors.base import (
    Outward,
    SdkSide,
    Spoken,
    Unmade,
    VendorAdapter,
)

DEFAULT_LENGTH_MS: Final = 60_000
"""How long the default flow records where nothing is planned."""
SHOWN: Final = 300
LONG: Final = 24


class Player:
    """Plays one scenario once."""

    def __init__(
        self,
        loaded: Loaded,
        adapter: VendorAdapter,
        driver: Driver,
        tell: Tell = lambda _text: None,
    ) -> None:
        self._loaded = loaded
        self._adapter = adapter
        self._driver = driver
        self._hand = driver.hand
        self._tell = tell
        self._saved: dict[str, Any] = {}
        self._is_prepared = False
        self._findings: list[Finding] = []

    async def play(self) -> Verdict:
        """Play all of it, wait for the end, and judge."""
        self._hand.apply(plan.script(self._loaded, self._adapter))
        await self._hand.advance(0)
        calls = self._loaded.document.client
        if calls is None:
            await self._default_flow()
        else:
            await self._flow(calls)
        await self._finish()
        verdict = Judge(self._loaded, self._adapter, self._hand.world).verdict(
            tuple(self._findings)
        )
        verdict = msgspec.structs.replace(verdict, notes=self._notes())
        for each in verdict.failures:
            self._hand.apply(Note("verdict", reason(each)))
        return verdict

    def _notes(self) -> tuple[str, ...]:
        """Say what was still going on when the limit was reached."""
        limit = self._loaded.document.until
        tasks = live_and_ended(self._hand.world, self._adapter)
        return tuple(
            f"the task in room {each['room']!r} is still {each['state']}, {limit} after the last "
            "entry (until)"
            for each in tasks
            if not each["is_ended"]
        )

    # --- the client ----------------------------------------------------------------------------

    async def _flow(self, calls: tuple[doc.Call, ...]) -> None:
        for index, call in enumerate(calls):
            line = self._loaded.line("client", index)
            at_ms = self._instant(call)
            if at_ms is None:
                what = call.call or _act(call)
                why = f"no call {call.after!r} was accepted, so {what!r} never had its time"
                self._findings.append(Finding(f"call {what}", False, why, line))
                continue
            await self._advance_to(at_ms)
            if call.call is None:
                await self._connection(call, line)
                continue
            await self._prepare(call)
            await self._call(call, line)

    async def _connection(self, call: doc.Call, line: int) -> None:
        """Connect, resume or say bye."""
        client, vendor = self._adapter.client, self._adapter.name
        assert isinstance(client, SdkSide), call
        user = call.connect or call.resume or call.bye or ""
        why = ""
        if call.bye is not None:
            await self._driver.bye(vendor, user)
        else:
            query = client.query(self._hand.credentials[vendor], user)
            again = call.resume is not None
            why = await self._driver.open(vendor, user, query, again=again)
        self._say(f"{_act(call)}{f': {why}' if why else ''}")
        if why:
            self._findings.append(Finding(_act(call), False, why, line))
        await self._hand.advance(0)

    async def _prepare(self, call: doc.Call) -> None:
        """Make the calls that a vendor wants before a start, where a file leaves them to it.

        A start whose answer was lost is made again as it is.
        """
        client = self._adapter.client
        is_start = self._loaded.is_for_every and call.call == client.flow[-2]
        if is_start and not self._is_prepared:
            await self._make(client.flow[:-2])
            self._is_prepared = True

    async def _make(self, names: tuple[str, ...]) -> None:
        """Make the calls that nobody says; an empty name is one that the vendor has not.

        A client with an SDK is itself in the room; with nobody to record it is there in silence.
        """
        client = self._adapter.client
        left_out: tuple[str, ...] = ("",)
        if self._loaded.document.audience == "none" and isinstance(client, SdkSide):
            left_out += client.publishing
        for name in names:
            if name not in left_out:
                await self._call(doc.Call(call=name), 0)

    def _instant(self, call: doc.Call) -> int | None:
        """Return when a call is made; None if what it waits for did not happen."""
        world = self._hand.world
        if call.after is not None:
            base_ms = world.timeline.standing.accepted.get(f"{self._adapter.name}.{call.after}")
            return None if base_ms is None else base_ms + milliseconds(call.at)
        return world.now_ms if call.at is None else world.spec.start_ms + milliseconds(call.at)

    async def _default_flow(self) -> None:
        client = self._adapter.client
        await self._make(client.flow)
        standing, now_ms = self._hand.world.timeline.standing, self._hand.world.now_ms
        has_plan = standing.last_ms > standing.begun_ms
        await self._advance_to(standing.last_ms if has_plan else now_ms + DEFAULT_LENGTH_MS)
        await self._call(doc.Call(call=client.ending), 0)

    async def _call(self, call: doc.Call, line: int) -> None:
        client, hand, name = self._adapter.client, self._hand, call.call or ""
        given = {key: self._filled(each) for key, each in call.with_.items()}
        saved = self._saved if call.as_ is None else {**self._saved, "user": call.as_}
        credentials = hand.credentials[self._adapter.name]
        try:
            asked = client.request(name, credentials, saved, given, self._driver.wall_ms)
        except Unmade as error:
            self._findings.append(Finding(f"call {name}", False, str(error), line))
            self._tell(f"{name}: not made, {error}")
            return
        said = await self._carried(asked)
        if call.timeout is not None and said.slow_ms > milliseconds(call.timeout):
            said = Said()
        answer = _decoded(said.body)
        if name == client.flow[-2] and not _is_lost(said, answer):
            self._is_prepared = False
        self._saved.update(client.learn(name, given, answer))
        who = f"{asked.user}: " if isinstance(asked, Spoken) else ""
        self._say(f"{who}{name} → {said.outcome} {self._shown(said.body)}")
        self._save(call, answer, line)
        if call.expect is not None:
            self._expect(name, call.expect, said, answer, line)
        await hand.advance(0)

    async def _carried(self, asked: Outward | Spoken) -> Said:
        if isinstance(asked, Spoken):
            return await self._driver.speak(self._adapter.name, asked)
        return await self._driver.send(self._adapter.name, asked)

    def _say(self, text: str) -> None:
        world = self._hand.world
        self._tell(f"+{span(world.now_ms - world.spec.start_ms)} {text}")

    def _filled(self, value: Any) -> Any:
        """Put saved values where ``${name}`` stands; alone it keeps its type."""
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = REFERENCE.fullmatch(value)
        if whole is not None:
            return self._saved.get(whole["name"], "")
        return REFERENCE.sub(lambda found: str(self._saved.get(found["name"], "")), value)

    def _save(self, call: doc.Call, answer: Any, line: int) -> None:
        for name, path in call.save.items():
            found: Any = answer
            for key in path.split("."):
                if isinstance(found, list) and key.isdigit() and int(key) < len(found):
                    found = found[int(key)]
                else:
                    found = found.get(key) if isinstance(found, Mapping) else None
            if found is None:
                why = f"the answer has no {path}, which is to be saved as {name!r}"
                self._findings.append(Finding(f"save {name}", False, why, line))
            else:
                self._saved[name] = found

    def _expect(self, name: str, expected: doc.Answer, said: Said, answer: Any, line: int) -> None:
        wanted: dict[str, Any] = {} if expected.lost is None else {"lost": expected.lost}
        found: dict[str, Any] = {"lost": _is_lost(said, answer), "status": said.status}
        if expected.rejected is not None:
            wanted["rejected"], found["rejected"] = expected.rejected, said.how == "rejected"
        if expected.status is not None:
            wanted["status"] = expected.status
        if expected.body is not None:
            wanted["body"], found["body"] = self._filled(expected.body), answer
        told = differences(wanted, found)
        what = f"answer to {name}"
        text = self._shown(said.body)
        was = said.how or said.status or "lost"
        why = f"{', '.join(told)}; it was {was} {text}" if told else ""
        self._findings.append(Finding(what, not told, why, line))

    def _shown(self, body: bytes) -> str:
        """Show an answer in a line, long ids cut."""
        text = body.decode("utf-8", "replace")
        for value in self._saved.values():
            if isinstance(value, str) and len(value) > LONG:
                text = text.replace(value, f"{value[:8]}…")
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

    # --- the clock -----------------------------------------------------------------------------

    async def _advance_to(self, at_ms: int) -> None:
        now_ms = self._hand.world.now_ms
        if at_ms > now_ms:
            start_ms = self._hand.world.spec.start_ms
            self._tell(f"+{span(now_ms - start_ms)} … +{span(at_ms - start_ms)}")
            await self._hand.advance(to_ms=at_ms)

    async def _finish(self) -> None:
        """Go on until every task has ended and nothing is due any more, up to the limit."""
        world = self._hand.world
        await self._advance_to(world.timeline.standing.last_ms)
        limit_ms = world.now_ms + milliseconds(self._loaded.document.until)
        while world.now_ms < limit_ms and not is_over(world, self._adapter):
            due = world.timers.peek()
            if due is None:
                break
            await self._hand.advance(to_ms=min(max(due.due_ms, world.now_ms), limit_ms))


def is_over(world: Any, adapter: VendorAdapter) -> bool:
    """Whether every task has ended, and nothing is on its way or due because of one."""
    if any(not each["is_ended"] for each in live_and_ended(world, adapter)):
        return False
    pending = (Tempo.SHORT, Tempo.LONG)
    return not any(t.tempo in pending and t.target.machine != FAULTS for t in world.timers)


def _act(call: doc.Call) -> str:
    """Say what a client does that is no call."""
    return next(f"{act} {getattr(call, act)}" for act in doc.ACTS if getattr(call, act) is not None)


def _is_lost(said: Said, answer: Any) -> bool:
    """Whether no answer came, or none that can be read; an SDK's may be a null."""
    is_unread = answer is None and said.body != b"null"
    return is_unread or not (said.status or said.how)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
