"""``recording-emulator check`` and ``run``: scenario files read, played in process and judged."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click
import msgspec

from recording_emulator.cli.files import Unusable, load_all
from recording_emulator.scenario import report, schema
from recording_emulator.scenario.driver import Tell
from recording_emulator.scenario.load import Loaded
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.server.run import new_loop
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors import base


class Options(msgspec.Struct, frozen=True):
    """The flags of ``run``."""

    files: tuple[str, ...]
    seed: int | None
    junit: str | None
    story: str | None
    as_json: bool


def check(files: tuple[str, ...], *, prints_schema: bool) -> None:
    """Check files, or print the schema they follow.

    Raises:
        Unusable: With every mistake of every file.
    """
    if prints_schema:
        click.echo(schema.text(), nl=False)
        return
    if not files:
        raise click.UsageError("name a file, or ask for --schema")
    for loaded in load_all(files):
        click.echo(f"{loaded.file}: ok, {loaded.document.scenario}")


def run(options: Options) -> int:
    """Play every scenario; returns the exit code.

    Raises:
        Unusable: If a file cannot be used; nothing was played.
    """
    loaded = load_all(options.files)
    told: list[tuple[Verdict, str]] = []
    tales: list[str] = []
    with asyncio.Runner(loop_factory=new_loop) as runner:
        for each in loaded:
            verdict, timeline, tale = runner.run(_played(each, options))
            told.append((verdict, timeline))
            tales.append(tale)
            _say(verdict, timeline, options)
    if options.junit is not None:
        _write(options.junit, report.junit(told))
    if options.story is not None:
        _write(options.story, "\n".join(tales).encode())
    return 0 if all(verdict.is_passed for verdict, _ in told) else 1


async def _played(loaded: Loaded, options: Options) -> tuple[Verdict, str, str]:
    adapter = next(each for each in base.load() if each.name == loaded.document.vendor)
    stage = Stage(loaded, adapter, seed=options.seed)
    is_live = sys.stdout.isatty() and not options.as_json
    if is_live:
        click.secho(loaded.document.scenario, bold=True)
    try:
        tell: Tell = _live if is_live else _silent
        verdict = await stage.play(tell)
        world, mode = stage.hand.world, stage.hand.mode
        timeline = report.timeline(world, mode, adapter.secrets)
        tale = report.tale(verdict, world, adapter.name, mode, adapter.secrets)
        return verdict, timeline, tale
    finally:
        await stage.close()


def _silent(_text: str) -> None:
    """Say nothing."""


def _live(text: str) -> None:
    click.echo(f"  {text}")


def _say(verdict: Verdict, timeline: str, options: Options) -> None:
    if options.as_json:
        click.echo(msgspec.json.encode(report.plain(verdict)).decode())
        return
    click.secho(report.words(verdict), fg="green" if verdict.is_passed else "red")
    if not verdict.is_passed:
        click.echo(f"\n{timeline}\n")


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise Unusable(f"{path}: cannot be written ({error.strerror})") from None
