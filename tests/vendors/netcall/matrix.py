"""The sheet's table of files (§1.2), written out anew: what each combination of flags leaves.

It is written from the documents' point of view, file by file, and shares nothing with the code.
"""

from itertools import product
from typing import Any, NamedTuple

AUDIO, VIDEO = 1, 2


class Wish(NamedTuple):
    """What one side asks for in its ``sessionConfig``."""

    audio: bool
    video: bool
    kind: int

    @property
    def config(self) -> dict[str, Any]:
        return {"recordAudio": self.audio, "recordVideo": self.video, "recordType": self.kind}

    @property
    def is_single(self) -> bool:
        return self.kind != 1

    @property
    def is_mixed(self) -> bool:
        return self.kind != 2

    def __str__(self) -> str:
        letters = ("a" if self.audio else "") + ("v" if self.video else "")
        return f"{letters or 'none'}{self.kind}"


class Case(NamedTuple):
    caller: Wish
    callee: Wish
    service: str
    kind: int

    def __str__(self) -> str:
        call = "video" if self.kind == VIDEO else "audio"
        return f"{call}-{self.service}-{self.caller}-{self.callee}"

    @property
    def files(self) -> list[str]:
        """Whose file of which kind, in the order in which copies tell them."""
        if self.service == "none":
            return []
        sides = {"alice": self.caller, "bob": self.callee}
        found = []
        for user, wish in sides.items():
            if wish.is_single and wish.audio:
                found.append(f"{user}.aac")
            if wish.is_single and wish.video and self.kind == VIDEO:
                found.append(f"{user}.mp4")
        if self.service == "mixed":
            found += self.mixed
        return found

    @property
    def mixed(self) -> list[str]:
        """The one mixed file, if somebody asked for what there is to mix."""
        wishes = [each for each in (self.caller, self.callee) if each.is_mixed]
        if self.kind == VIDEO:
            return ["0.mp4"] if any(each.video for each in wishes) else []
        return ["0.aac"] if any(each.audio for each in wishes) else []


FLAGS = [(False, False), (True, False), (False, True), (True, True)]
WISHES = [Wish(audio, video, kind) for (audio, video), kind in product(FLAGS, (0, 1, 2))]
SIDES = [
    *((wish, Wish(False, False, 0)) for wish in WISHES),
    *((Wish(False, False, 0), wish) for wish in WISHES[3:]),
    *((Wish(*flags, 0), Wish(*others, 0)) for flags, others in product(FLAGS[1:], FLAGS[1:])),
    *(
        (Wish(True, True, one), Wish(True, True, other))
        for one, other in product((0, 1, 2), (1, 2))
    ),
]
MATRIX = [
    Case(caller, callee, service, kind)
    for (caller, callee), service, kind in product(
        SIDES, ("none", "single", "mixed"), (AUDIO, VIDEO)
    )
    if service != "none" or caller == callee == Wish(True, True, 0)
]
