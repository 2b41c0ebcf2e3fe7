"""The uploader as it is kept: the files of a task so far, and how it tells of them."""

from enum import StrEnum

import msgspec

from recording_emulator.core.machine import Emit
from recording_emulator.vendors.zego import files
from recording_emulator.vendors.zego.entries import Entry
from recording_emulator.vendors.zego.files import File, Plan
from recording_emulator.vendors.zego.inputs import Event


class State(StrEnum):
    """How far the uploader is."""

    OFF = "off"
    UP = "up"
    FLUSHING = "flushing"
    DONE = "done"


class Uploader(msgspec.Struct, frozen=True, gc=False, tag="zego.Uploader"):
    """The uploader of one task, and its files; ``heard`` says who was in the mix, from when on.

    ``sending_ms`` is when the upload of fragments that is out began (0: none is), ``sent_ms`` the
    last that arrived.
    """

    state: State
    key: str
    plan: Plan | None = None
    files: tuple[File, ...] = ()
    heard: tuple[tuple[int, tuple[str, ...]], ...] = ()
    sending_ms: int = 0
    sent_ms: int = 0

    @property
    def task_plan(self) -> Plan:
        assert self.plan is not None, self
        return self.plan

    def open(self, stream: str, kind: int) -> File:
        """Return the file of a stream that may still grow; there is one of a kind."""
        return next(each for each in self.files if each.is_open and each.what == (stream, kind))


def label(name: str, file: File) -> str:
    """Name a file's own timer; a stream has one open file of a kind."""
    return f"{name} {file.kind} {file.stream}"


def event(plan: Plan, told: tuple[Entry, ...] | None = None, **details: object) -> Event:
    return Event(plan.app, plan.task, plan.room, details, told)


def tell(plan: Plan, told: tuple[Entry, ...]) -> Emit:
    """Tell where files are (event 1)."""
    whole = all(each.status == files.STORED for each in told)
    facts = event(plan, told, upload_status=1 if whole else 2)
    return Emit("1", plan.task, facts, plan.url)
