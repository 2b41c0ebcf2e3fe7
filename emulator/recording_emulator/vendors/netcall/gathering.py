"""Files of several calls share one eventType 6, where a tenant wants that.

Source:
    Sheet §1.4: one copy can carry files of several channels. When it does is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import Arm, Emit, Machine, Step, Table, Target, View, do
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall.told import (
    File,
    Filed,
    Gathered,
    SendGathered,
)

NAME: Final = "netcall.gathering"
TARGET: Final = Target(NAME, "all")
FILES: Final = "6"


class State(StrEnum):
    """Whether files wait to be copied."""

    EMPTY = "empty"
    WAITING = "waiting"


class Gathering(msgspec.Struct, frozen=True, tag="netcall.Gathering"):
    """The files that wait."""

    key: str
    state: State = State.EMPTY
    files: tuple[File, ...] = ()


def on_first(kept: Gathering, given: Gathered, view: View) -> Step:
    waiting = msgspec.structs.replace(kept, state=State.WAITING, files=given.files)
    return Step(waiting, (Arm("send", view.settings.gather_ms, SendGathered(), Tempo.SHORT),))


def on_more(kept: Gathering, given: Gathered, _view: View) -> Step:
    return Step(msgspec.structs.replace(kept, files=(*kept.files, *given.files)))


def on_send(kept: Gathering, _given: SendGathered, _view: View) -> Step:
    sent = Emit(FILES, "netcall/gathering", Filed("", kept.files))
    return Step(Gathering(kept.key), (sent,))


TABLE: Final[Table] = {
    State.EMPTY: {Gathered: do(on_first, State.WAITING)},
    State.WAITING: {
        Gathered: do(on_more, State.WAITING),
        SendGathered: do(on_send, State.EMPTY),
    },
}
MACHINE: Final = Machine(NAME, TABLE, Gathering)
