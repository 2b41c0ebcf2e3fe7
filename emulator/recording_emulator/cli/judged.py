"""A scenario that ``serve`` plays on its tenant, and its verdict when the server is stopped."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from recording_emulator.cli.files import load_all
from recording_emulator.runtime.hand import Hand
from recording_emulator.scenario import begin, report
from recording_emulator.vendors import base


class Played:
    """One scenario file, on one tenant."""

    def __init__(self, name: str) -> None:
        self._loaded = load_all((name,))[0]
        vendor = self._loaded.document.vendor
        self._adapter = next(each for each in base.load() if each.name == vendor)

    def tenant(self) -> dict[str, Any]:
        """Return what the file says of its tenant."""
        return begin.tenant(self._loaded)

    def begin(self, hand: Hand) -> None:
        """Give it to the tenant."""
        begin.begin(hand, self._loaded, self._adapter)

    def judge(self, hand: Hand, *, as_json: bool) -> int:
        """Print the verdict; returns the exit code."""
        verdict = begin.verdict(hand, base.load())
        assert verdict is not None, hand.name
        line = msgspec.json.encode(report.plain(verdict)).decode()
        click.echo(line if as_json else report.words(verdict))
        return 0 if verdict.is_passed else 1
