"""The notification service's list of addresses: from where callbacks come, for people's firewalls.

Source:
    Sheet §1.2: ``GET /v1/ncs/ip``, or ``/v2/ncs/ip`` (DS). Our callbacks come from this machine.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Facts, Machine, Reply, Step, Table, View, do
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.inputs import NOTIFIER


class State(StrEnum):
    """The service is always there."""

    UP = "up"


class Notifier(msgspec.Struct, frozen=True, gc=False, tag="agora.Notifier"):
    """The notification service; it keeps nothing."""

    state: State


class Hosts(msgspec.Struct, Facts, frozen=True):
    """The body of the answer."""

    data: dict[str, Any]


HOSTS: Final = Hosts({"service": {"hosts": [{"primaryIP": "127.0.0.1"}]}})


def on_list(service: Notifier, _given: inputs.NcsIp, _view: View) -> Step:
    return Step(service, (Reply(HOSTS),))


TABLE: Final[Table] = {State.UP: {inputs.NcsIp: do(on_list, State.UP)}}

MACHINE: Final = Machine(NOTIFIER, TABLE, lambda _key: Notifier(State.UP), (inputs.NcsIp,))
