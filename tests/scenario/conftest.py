import asyncio
from typing import Protocol

import pytest

from recording_emulator.core import story
from recording_emulator.core.world import World
from recording_emulator.scenario.load import loads
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import load as adapters

HEAD = "scenario: a story\nvendor: {vendor}\n"


class Played:
    """A scenario that was played: its verdict, its world, what was told on the way."""

    def __init__(self, verdict: Verdict, world: World, journal: bytes, told: list[str]) -> None:
        self.verdict, self.world, self.journal, self.told = verdict, world, journal, told

    @property
    def whys(self) -> list[str]:
        return [each.why for each in self.verdict.failures]

    @property
    def timeline(self) -> str:
        start_ms = self.world.spec.start_ms
        return "\n".join(story.timeline(self.world.journal, start_ms, frozenset()))


class Play(Protocol):
    """Plays the text of a scenario."""

    def __call__(self, text: str, vendor: str = "agora") -> Played: ...


@pytest.fixture
def play() -> Play:
    """Play the text of a scenario; what every scenario begins with is put in front."""

    def run(text: str, vendor: str = "agora") -> Played:
        async def playing() -> Played:
            head = HEAD.format(vendor=vendor)
            loaded = loads((head + text).encode(), "story.yaml", adapters())
            stage = Stage(loaded, next(each for each in adapters() if each.name == vendor))
            told: list[str] = []
            verdict = await stage.play(told.append)
            journal = stage.journal()
            await stage.close()
            return Played(verdict, stage.hand.world, journal, told)

        return asyncio.run(playing())

    return run
