"""What recorder, uploader and page share: the plan they were given, and how they announce."""

from typing import Protocol

from recording_emulator.core.machine import Emit
from recording_emulator.vendors.agora.inputs import Event, Prepare


class Component(Protocol):
    """A machine of a task that was told its plan before anything else."""

    @property
    def prepared(self) -> Prepare | None: ...


def task_plan(component: Component) -> Prepare:
    """Return what a component knows of its task."""
    assert component.prepared is not None, component
    return component.prepared


def announce(component: Component, event: str, details: dict[str, object]) -> Emit:
    """Announce an event of the component's session, in its scene."""
    told = task_plan(component)
    return Emit(event, told.sid, Event(told.cname, told.uid, told.sid, details, told.scene))
