"""Where the checks write down what is wrong, and the words of a vendor that they look up."""

from __future__ import annotations

from recording_emulator.scenario.problems import Marks, Path, Problem, dotted, meant
from recording_emulator.vendors.base import SdkSide, VendorAdapter


class Slate:
    """Collects the mistakes of one file."""

    def __init__(self, marks: Marks, file: str, adapter: VendorAdapter) -> None:
        self._marks = marks
        self._file = file
        self.adapter = adapter
        self.problems: list[Problem] = []

    def wrong(self, path: Path, message: str, *, at_key: bool = False) -> None:
        where = self._marks.key(path) if at_key else self._marks.value(path)
        self.problems.append(Problem(where.line, where.column, dotted(path), message, self._file))

    def one_of(self, path: Path, what: str, word: str, known: list[str]) -> bool:
        """Check a word against the ones there are."""
        if word in known:
            return True
        said = f"{what} {word!r}; there are {', '.join(known)}{meant(word, known)}"
        self.wrong(path, f"{self.adapter.name} has no {said}")
        return False

    def operation(self, path: Path, name: str) -> bool:
        known = [each.name for each in self.adapter.surface.operations]
        return self.one_of(path, "operation", name, known)

    def event(self, path: Path, event: int | str) -> bool:
        try:
            self.adapter.event_name(str(event))
        except KeyError:
            rows = self.adapter.surface.events
            known = [each.id for each in rows]
            near = meant(event, [each.name for each in rows])
            told = f"{self.adapter.name} announces no event {event!r}; there are {', '.join(known)}"
            self.wrong(path, f"{told}, or their names{near}")
            return False
        return True

    def sdk(self, path: Path, what: str) -> bool:
        """Check that the vendor's clients hold an SDK, which ``what`` is about."""
        if isinstance(self.adapter.client, SdkSide):
            return True
        told = f"{what} is for clients with an SDK; those of {self.adapter.name} call HTTP"
        self.wrong(path, told, at_key=True)
        return False

    def code(self, path: Path, operation: str, code: int | str) -> bool:
        try:
            self.adapter.surface.error_for(operation, str(code))
        except KeyError:
            rows = self.adapter.surface.errors
            fitting = [row for row in rows if not row.operations or operation in row.operations]
            codes = sorted({row.code for row in fitting if row.code is not None})
            listed = [str(each) for each in codes] + [r.id for r in fitting if r.code is None]
            name = operation or "any call"
            told = f"{name} has no error {code!r}; it has {', '.join(listed)}"
            self.wrong(path, told + meant(code, [row.id for row in fitting]))
            return False
        return True


def exactly_one(
    slate: Slate, path: Path, part: object, names: tuple[str, ...], what: str
) -> str | None:
    """Return the one field that is given, or write down that there is not exactly one."""
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) == 1:
        return given[0]
    said = " and ".join(given) if given else "none"
    slate.wrong(path, f"{what} is exactly one of {', '.join(names)}; here is {said}")
    return None
