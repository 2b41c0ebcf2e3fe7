"""What a test arranges for a vendor: who is in a room, and what goes wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from recording_emulator.vendors.verbs import (
    INSIDE,
    Ask,
    Awaiting,
    Blocking,
    Control,
    Verbs,
    nothing,
    reading,
    verb,
)


class RoomVerbs(Verbs):
    """A room of one vendor: put people into it, take them out, let them publish."""

    def __init__(self, control: Control, path: str, vendor: str, name: str) -> None:
        super().__init__(control)
        self._path, self._vendor, self.name = path, vendor, name

    def _body(self, uid: int | str, **more: Any) -> dict[str, Any]:
        given = {key: value for key, value in more.items() if value is not None}
        inside = {"is_inside": True} if INSIDE.get() else {}
        return {"vendor": self._vendor, "room": self.name, "uid": str(uid), **given, **inside}

    @verb
    def join(
        self,
        uid: int | str,
        *,
        audio: bool = True,
        video: bool = True,
        role: str = "host",
        stream: str = "",
        board: bool = False,
    ) -> Ask[None]:
        """Someone joins, publishing audio and video unless told otherwise.

        ``stream`` names what they publish (none: the uid); ``board``: they open a whiteboard.
        """
        body = self._body(uid, audio=audio, video=video, role=role, stream=stream, board=board)
        return Ask("POST", f"{self._path}/participants", nothing, body)

    @verb
    def leave(self, uid: int | str) -> Ask[None]:
        """Someone leaves."""
        return Ask("DELETE", f"{self._path}/participants", nothing, self._body(uid))

    @verb
    def publish(
        self,
        uid: int | str,
        *,
        audio: bool | None = None,
        video: bool | None = None,
        board: bool | None = None,
    ) -> Ask[None]:
        """Someone starts or stops publishing, or showing a board; what is left out stays."""
        body = self._body(uid, audio=audio, video=video, board=board)
        return Ask("PATCH", f"{self._path}/participants", nothing, body)


class Room(RoomVerbs, Blocking):
    """A room, blocking."""


class AsyncRoom(RoomVerbs, Awaiting):
    """A room, awaitable."""


class FaultVerbs(Verbs):
    """The faults of a tenant, on one vendor."""

    def __init__(self, control: Control, path: str, vendor: str) -> None:
        super().__init__(control)
        self._path, self._vendor = path, vendor

    def _arm(self, on: str, effect: str, **fields: Any) -> Ask[dict[str, Any]]:
        fields["event"] = str(fields.get("event", ""))
        body = {"vendor": self._vendor, "on": on, "effect": effect, **fields}
        return Ask("POST", f"{self._path}/faults", msgspec.json.decode, body)

    @verb
    def add(
        self,
        /,
        on: str,
        *,
        effect: str,
        operation: str = "",
        event: int | str = "",
        file: str = "",
        room: str = "",
        nth: int = 1,
        times: int | None = 1,
        **more: Any,
    ) -> Ask[dict[str, Any]]:
        """Arm a fault: where it bites (``on``), what happens there (``effect``), how often.

        ``file`` is for faults on ``object``: how the names of the files end (``ts``). ``more`` are
        the effect's parameters (``code``, ``by_ms``, ``after_ms``, ``for_ms``, ``status``,
        ``commit``) and ``chance``, ``from_ms``, ``until_ms``, ``may_not_fire``, ``id``.

        Raises:
            BadRequest: If there is no such point, effect, operation, event or parameter; the
                message lists what there is.
        """
        matcher = {"operation": operation, "event": event, "file": file, "room": room}
        return self._arm(on, effect, nth=nth, times=times, **matcher, **more)

    @verb
    def answer(
        self, /, operation: str, code: int | str, *, commit: bool = False, **more: Any
    ) -> Ask[dict[str, Any]]:
        """Answer a call with a row of the error catalogue, by code or id; ``more`` as in ``add``.

        The call is not carried out, unless ``commit`` says so.
        """
        params = {"code": str(code), "commit": commit, **more}
        return self._arm("call", "answer", operation=operation, **params)

    @verb
    def drop(self, /, event: int | str = "", **more: Any) -> Ask[dict[str, Any]]:
        """Never send a callback; ``more`` as in ``add``."""
        return self._arm("callback", "drop", event=event, **more)

    @verb
    def delay(self, /, event: int | str = "", *, ms: int, **more: Any) -> Ask[dict[str, Any]]:
        """Send a callback this much later, on tenant time; ``more`` as in ``add``."""
        return self._arm("callback", "delay", event=event, by_ms=ms, **more)

    @verb
    def duplicate(self, /, event: int | str = "", **more: Any) -> Ask[dict[str, Any]]:
        """Send a callback twice; ``more`` as in ``add``."""
        return self._arm("callback", "duplicate", event=event, **more)

    @verb
    def disarm(self, fault_id: str) -> Ask[None]:
        """Take a fault back."""
        return Ask("DELETE", f"{self._path}/faults/{quote(fault_id, safe='')}", nothing)

    @verb
    def why(self, fault_id: str) -> Ask[str]:
        """Say why a fault has not fired, and what came nearest; an empty text if it has."""
        path = f"{self._path}/faults/{quote(fault_id, safe='')}/why"
        return Ask("GET", path, reading(str, "why"))

    @verb
    def all(self) -> Ask[list[dict[str, Any]]]:
        """List the faults with their fired counts."""
        return Ask("GET", f"{self._path}/faults", reading(list[dict[str, Any]], "faults"))


class Faults(FaultVerbs, Blocking):
    """Faults, blocking."""


class AsyncFaults(FaultVerbs, Awaiting):
    """Faults, awaitable."""
