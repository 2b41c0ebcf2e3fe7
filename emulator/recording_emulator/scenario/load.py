"""From a file to a checked scenario: text, shape, sense."""

from pathlib import Path

import msgspec

from recording_emulator.errors import NotFound
from recording_emulator.scenario import every, source
from recording_emulator.scenario.check_story import check_client, check_expect
from recording_emulator.scenario.check_world import check_world
from recording_emulator.scenario.document import Scenario
from recording_emulator.scenario.problems import BadScenario, Marks, Problem, meant
from recording_emulator.scenario.shape import Shape
from recording_emulator.scenario.slate import Slate
from recording_emulator.vendors.base import VendorAdapter


class Loaded(msgspec.Struct, frozen=True):
    """A checked scenario, the text it came from, and the places of its parts.

    One that ``is_for_every`` vendor is read for one of them: ``file`` then ends with ``@vendor``.
    """

    document: Scenario
    file: str
    text: str
    marks: Marks
    is_for_every: bool = False

    def line(self, *path: str | int) -> int:
        """Return the line where a part of it stands."""
        return self.marks.value(path).line


def load_each(path: Path, adapters: tuple[VendorAdapter, ...], vendor: str = "") -> list[Loaded]:
    """Read and check a file; one that is for every vendor is read for each that can play it.

    With ``vendor`` it is read for that one only.

    Raises:
        NotFound: If it cannot be read.
        BadScenario: With every mistake in it.
    """
    first = load(path, adapters, vendor)
    if vendor or not first.is_for_every:
        return [first]
    plain, _ = source.read(first.text.encode(), first.file)
    playing = [each for each in adapters if not every.unfit(plain, each)]
    return [load(path, adapters, each.name) for each in playing]


def load(path: Path, adapters: tuple[VendorAdapter, ...], vendor: str = "") -> Loaded:
    """Read and check a file, for ``vendor`` if it is for every one.

    Raises:
        NotFound: If it cannot be read.
        BadScenario: With every mistake in it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror or error}") from None
    found = loads(raw, f"{path}@{vendor}" if vendor else str(path), adapters)
    if vendor not in ("", found.document.vendor):
        known = [each.name for each in adapters]
        what = (
            f"is for {found.document.vendor}" if vendor in known else "plays on " + ", ".join(known)
        )
        raise NotFound(f"{path} {what}, not {vendor!r}")
    return found


def loads(raw: bytes, file: str, adapters: tuple[VendorAdapter, ...]) -> Loaded:
    """Check a scenario's text.

    Raises:
        BadScenario: With every mistake in it.
    """
    plain, marks = source.read(raw, file)
    if not isinstance(plain, dict):
        told = "a scenario is a mapping that begins with `scenario:` and `vendor:`"
        raise BadScenario([Problem(1, 1, "", told, file)])
    is_for_every = plain.get("vendor") == every.EVERY
    shape = Shape(marks, file)
    shape.compare(plain, Scenario)
    if shape.problems:
        raise BadScenario(shape.problems)
    if is_for_every:
        adapter = every.chosen(plain, file, adapters)
        file = f"{file.removesuffix(f'@{adapter.name}')}@{adapter.name}"
        every.check(plain, marks, file, adapter)
        plain = every.translated(plain, adapter)
    document = msgspec.convert(plain, Scenario)
    slate = Slate(marks, file, _adapter(document.vendor, marks, file, adapters))
    check_world(slate, document)
    check_client(slate, document)
    check_expect(slate, document)
    if slate.problems:
        raise BadScenario(slate.problems)
    return Loaded(document, file, raw.decode(), marks, is_for_every)


def _adapter(
    vendor: str, marks: Marks, file: str, adapters: tuple[VendorAdapter, ...]
) -> VendorAdapter:
    known = {each.name: each for each in adapters}
    if vendor not in known:
        where = marks.value(("vendor",))
        told = f"no vendor {vendor!r}; there are {', '.join(known)}{meant(vendor, known)}"
        raise BadScenario([Problem(where.line, where.column, "vendor", told, file)])
    return known[vendor]
