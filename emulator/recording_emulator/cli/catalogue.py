"""``recording-emulator surface``: what is emulated of a vendor, row by row, and how we know."""

from __future__ import annotations

import click
import msgspec

from recording_emulator.core import magic, openapi
from recording_emulator.core.faults import known_points
from recording_emulator.core.surface import NOT_SUPPORTED, Surface, counts, markdown, missing
from recording_emulator.vendors import base


def run(vendor: str, form: str) -> None:
    """Print a vendor's catalogue.

    Raises:
        click.BadParameter: If no such vendor is installed.
    """
    found = {each.name: each for each in base.load()}
    if vendor not in found:
        raise click.BadParameter(f"no vendor {vendor!r}; there are {', '.join(found)}")
    adapter = found[vendor]
    surface = adapter.surface
    match form:
        case "json":
            told = {"counts": counts(surface), **_plain(surface), **_faults(adapter)}
            click.echo(msgspec.json.encode(told).decode())
        case "markdown":
            click.echo(markdown(surface))
        case "openapi":
            click.echo(msgspec.json.encode(openapi.document(vendor, surface)).decode())
        case _:
            _table(vendor, surface)
            _fault_tables(adapter)


def _plain(surface: Surface) -> dict[str, object]:
    names = ("operations", "errors", "events", "fields", "states", "limits", "absent")
    return {name: getattr(surface, name) for name in names}


def _faults(adapter: base.VendorAdapter) -> dict[str, object]:
    points = known_points(adapter.surface.faults)
    spells = [{"room": name, "means": means} for name, means in magic.spells(adapter)]
    return {"faults": list(points.values()), "magic_rooms": spells}


def _fault_tables(adapter: base.VendorAdapter) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=False)
    points = Table("on", "effect", "what happens", "needs", "takes", title="faults")
    for point in known_points(adapter.surface.faults).values():
        for effect in point.effects:
            needs, takes = ", ".join(effect.needs), ", ".join(effect.takes)
            points.add_row(point.name, effect.name, effect.means, needs, takes)
    console.print(points)
    title = "magic rooms: names that arm a fault (-once: the first time; .x: one more such room)"
    rooms = Table("room", "what happens", title=title)
    for name, means in magic.spells(adapter):
        rooms.add_row(name, means)
    console.print(rooms)


def _table(vendor: str, surface: Surface) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=False)
    summary = Table("", "documented", "observed", "assumed", NOT_SUPPORTED, title=vendor)
    for group, numbers in counts(surface).items():
        summary.add_row(group, *map(str, numbers.values()))
    console.print(summary)
    absent = Table(NOT_SUPPORTED, "why")
    for name, why in missing(surface).items():
        absent.add_row(name.replace("[", "\\["), why)
    console.print(absent)
    errors = Table("code", "HTTP", "text", "when", "basis", "source", title="error codes")
    for each in surface.errors:
        code = "" if each.code is None else str(each.code)
        when = f"{each.when} (only by a fault)" if each.needs_fault else each.when
        errors.add_row(code, str(each.http), each.text, when, each.basis, each.source)
    console.print(errors)
    events = Table("event", "name", "when", "basis", "emulated", title="events")
    for event in surface.events:
        yes = "yes" if event.supported else NOT_SUPPORTED
        events.add_row(event.id, event.name, event.when, event.basis, yes)
    console.print(events)
    fields = Table("operation", "field", "allowed", "default", "basis", title="fields")
    for field in surface.fields:
        told = (field.operation, field.path, field.allowed, field.default, field.basis)
        fields.add_row(*(text.replace("[", "\\[") for text in told))
    console.print(fields)
    states = Table("state", "on the wire", "basis", title="states")
    for state in surface.states:
        states.add_row(state.name, state.wire, state.basis)
    console.print(states)
    limits = Table("limit", "value", "basis", "source", title="limits")
    for limit in surface.limits:
        limits.add_row(limit.name, limit.value, limit.basis, limit.source)
    console.print(limits)
