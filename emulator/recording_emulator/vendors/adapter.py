"""What most vendors say alike, said once; an adapter derives from it and says what differs."""

from types import ModuleType
from typing import Any

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.adapter import Quota
from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.sdk import Sdk
from recording_emulator.vendors.base import VendorAdapter


def tagged(*modules: ModuleType) -> tuple[type, ...]:
    """List every struct of some modules that may stand in a snapshot: those that have a tag."""
    return tuple(
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, msgspec.Struct)
        and each.__struct_config__.tag is not None
    )


class BaseAdapter(VendorAdapter):
    """A vendor without hosts, SDK or limits, whose calls name their room in ``room``.

    A package need not derive from it: what counts is the contract.

    Attributes:
        title: What the vendor is called in a sentence.
        reads: The operations that only look.
        check: What an event says that only tests a target.
    """

    title: str
    check: Facts
    reads: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    sdk: Sdk | None = None

    def derived(self, tenant: str, kind: str, size: int) -> bytes:
        """Derive a credential of a tenant from the tenant's name."""
        return ids.derive(0, f"{self.name}.{kind}", tenant, 0, size)

    def claims(self, _path: str) -> bool:
        return False

    def room_of(self, given: Input) -> str:
        return getattr(given, "room", "")

    def quota(
        self, _operation: str, _given: Input, _settings: Any, _by_default: bool
    ) -> Quota | None:
        return None

    def is_read(self, operation: str) -> bool:
        return operation in self.reads

    def copies(self, _settings: Any) -> int:
        return 1

    def check_facts(self, _event: str) -> Facts:
        return self.check

    def event_name(self, event: str) -> str:
        return self.surface.event(event, self.title).id
