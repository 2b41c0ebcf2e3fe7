"""One SDK instance, which is one client: what it has set before joining, and where it is.

Rules (sheet §1.6): parameters count for the rooms that are joined after them; what they do in a
room that is joined already is a setting.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import (
    Effect,
    Ignore,
    Machine,
    Refusal,
    Refuse,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.sdk import Change
from recording_emulator.vendors.neroom import errors, room
from recording_emulator.vendors.neroom.inputs import (
    Initialize,
    Joined,
    Keys,
    KeysChanged,
    Login,
    MemberChanged,
    Parted,
    Said,
    SetParameters,
)

NAME: Final = "neroom.instance"


class State(StrEnum):
    """Whether the client is still a member of the tenant."""

    UP = "up"
    GONE = "gone"


class Instance(msgspec.Struct, frozen=True, tag="neroom.Instance"):
    """What is known of one client, whichever rooms it is in."""

    member: str
    state: State = State.UP
    client_type: int = room.CLIENT_WEB
    device: str = ""
    keys: Keys = Keys()
    rooms: tuple[str, ...] = ()


def on_initialize(one: Instance, given: Initialize, _view: View) -> Step:
    kind = one.client_type if given.client_type is None else given.client_type
    device = given.device or one.device
    after = msgspec.structs.replace(one, client_type=kind, device=device)
    return Step(after, (Reply(Said("")),))


def on_login(one: Instance, _given: Login, _view: View) -> Step:
    return Step(one, (Reply(Said("")),))


def on_parameters(one: Instance, given: SetParameters, view: View) -> Step | Refusal:
    """Keep what is set; "ignored" after joining, it counts for the next room (assumed)."""
    told = {name: getattr(given, name) for name in Keys.__struct_fields__}
    changed = {name: value for name, value in told.items() if value is not None}
    keys = msgspec.structs.replace(one.keys, **changed)
    rule = view.settings.set_parameters_after_join
    effects: list[Effect] = [Reply(Said(""))]
    if one.rooms and rule == "fail":
        return Refusal(errors.NOT_SUPPORTED, "setParameters belongs before joinRoom")
    if one.rooms and rule == "apply":
        heard = KeysChanged(one.member, keys)
        effects += [Tell(Target(room.NAME, each), heard) for each in one.rooms]
    return Step(msgspec.structs.replace(one, keys=keys), tuple(effects))


def on_joined(one: Instance, given: Joined, _view: View) -> Step:
    return Step(msgspec.structs.replace(one, rooms=(*one.rooms, given.archive)))


def on_parted(one: Instance, given: Parted, _view: View) -> Step:
    rest = tuple(each for each in one.rooms if each != given.archive)
    return Step(msgspec.structs.replace(one, rooms=rest))


def on_member_changed(one: Instance, given: MemberChanged, _view: View) -> Step:
    told = tuple(Tell(Target(room.NAME, each), given) for each in one.rooms)
    if given.change in (Change.LEFT, Change.FORGOTTEN):
        return Step(msgspec.structs.replace(one, state=State.GONE), (*told, Retire()))
    return Step(one, told)


CALLS: Final = (Initialize, Login, SetParameters)
LATE: Final = Ignore("the client is gone")
TABLE: Final[Table] = {
    State.UP: {
        Initialize: do(on_initialize, State.UP),
        Login: do(on_login, State.UP),
        SetParameters: do(on_parameters, State.UP, refusals=(errors.NOT_SUPPORTED,)),
        Joined: do(on_joined, State.UP),
        Parted: do(on_parted, State.UP),
        MemberChanged: do(on_member_changed, State.UP, State.GONE),
    },
    State.GONE: {
        **dict.fromkeys(CALLS, Refuse(errors.UNAUTHORIZED, "the client has said bye")),
        Joined: LATE,
        Parted: LATE,
        MemberChanged: LATE,
    },
}
MACHINE: Final = Machine(NAME, TABLE, Instance, CALLS)
