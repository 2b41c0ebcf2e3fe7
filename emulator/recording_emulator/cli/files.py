"""Scenario files named on the command line: all of them read before anything is started."""

from pathlib import Path
from typing import IO, Any, Final

import click

from recording_emulator.errors import EmulatorError
from recording_emulator.scenario.find import find, split
from recording_emulator.scenario.load import Loaded, load_each
from recording_emulator.vendors import base

OWN: Final = Path("scenarios")
"""Where a user's own scenarios are looked for by name."""


class Unusable(click.ClickException):
    """A file that cannot be used; nothing was started."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the lines as they are: each begins with its place."""
        click.echo(self.message, file=file, err=file is None)


def load_all(files: tuple[str, ...]) -> list[Loaded]:
    """Load every file before anything is started; one for every vendor is loaded for each.

    Raises:
        Unusable: With every mistake of every file.
    """
    found: list[Loaded] = []
    problems = []
    adapters = base.load()
    for name in files:
        wanted, vendor = split(name)
        try:
            found += load_each(find(wanted, (OWN,)), adapters, vendor)
        except EmulatorError as error:
            problems.append(str(error))
    if problems:
        raise Unusable("\n".join(problems))
    return found
