"""What a call over HTTP says, before anybody knows what it means: its path, query, body, caller."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.vendors.neroom.paths import Route
from recording_emulator.vendors.neroom.settings import Settings

MAX_KEY: Final = 64


class Asked(msgspec.Struct, frozen=True):
    """A call that was let in: its places, its query, its body if it has one, and who asks.

    ``seq`` is how much the tenant has seen happen, which is what a snapshot calls its sequence.
    """

    route: Route
    query: Mapping[str, str]
    body: Any
    user: str
    seq: int
    settings: Settings

    def place(self, name: str) -> str:
        return self.route.places[name]

    @property
    def who(self) -> dict[str, Any]:
        """Return who does it to which room, as inputs have it."""
        places = self.route.places
        archive = places.get("room_archive_id") or self.query.get("roomArchiveId", "")
        if "roomUuid" in places:
            return {"user": self.user, "room": places["roomUuid"]}
        if not 0 < len(archive) <= 36:
            raise msgspec.ValidationError("roomArchiveId has 1 to 36 characters")
        return {"archive": archive}


def short(text: str, name: str, limit: int = MAX_KEY) -> str:
    if not 0 < len(text) <= limit:
        raise msgspec.ValidationError(f"{name} has 1 to {limit} characters")
    return text


def number(query: Mapping[str, str], name: str, by_default: int, most: int) -> int:
    text = query.get(name, "") or str(by_default)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= most):
        raise msgspec.ValidationError(f"{name} is 1 to {most}")
    return int(text)
