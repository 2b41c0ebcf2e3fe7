"""A verdict for people, for machines (JUnit, JSON), and as a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import msgspec

from recording_emulator.core import sequence, story
from recording_emulator.core.world import World
from recording_emulator.scenario.verdict import Finding, Verdict, reason


def words(verdict: Verdict) -> str:
    """Say how it ended, and why where it failed."""
    met = sum(each.is_met for each in verdict.findings)
    count = len(verdict.findings)
    said = "passed" if verdict.is_passed else "FAILED"
    lines = [f"{said}: {verdict.scenario} ({met} of {count} expectations)"]
    lines += [f"  {_place(verdict, each)}{reason(each)}" for each in verdict.failures]
    lines += [f"  note: {each}" for each in verdict.notes]
    return "\n".join(lines)


def _place(verdict: Verdict, finding: Finding) -> str:
    return f"{verdict.file}:{finding.line}: " if finding.line else ""


def timeline(world: World, mode: str, secrets: frozenset[str]) -> str:
    """Tell what happened in a world, in words."""
    spec = world.spec
    told = (spec.name, mode, spec.seed, spec.start_ms, world.now_ms, world.journal.evicted)
    return "\n".join([story.heading(*told), *story.timeline(world.journal, spec.start_ms, secrets)])


def tale(verdict: Verdict, world: World, vendor: str, mode: str, secrets: frozenset[str]) -> str:
    """Write a scenario's story: the diagram, the timeline, the verdict."""
    drawn = sequence.sequence(world.journal, vendor, world.spec.start_ms, secrets)
    told = timeline(world, mode, secrets)
    return (
        f"# {verdict.scenario}\n\n```mermaid\n{drawn}\n```\n\n```text\n{told}\n```\n\n"
        f"{words(verdict)}\n"
    )


def plain(verdict: Verdict) -> dict[str, Any]:
    """Write a verdict as plain data."""
    return {**msgspec.to_builtins(verdict), "verdict": "passed" if verdict.is_passed else "failed"}


def junit(told: Sequence[tuple[Verdict, str]]) -> bytes:
    """Write verdicts, each with its timeline, as JUnit XML."""
    failed = sum(not verdict.is_passed for verdict, _ in told)
    counts = {"tests": str(len(told)), "failures": str(failed), "errors": "0"}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "recording-emulator", **counts})
    for verdict, timeline in told:
        names = {"classname": verdict.file, "name": verdict.scenario}
        case = ElementTree.SubElement(suite, "testcase", names)
        if not verdict.is_passed:
            first = verdict.failures[0]
            said = {"message": reason(first)}
            ElementTree.SubElement(case, "failure", said).text = _xml(words(verdict))
            ElementTree.SubElement(case, "system-out").text = _xml(timeline)
    ElementTree.indent(root)
    found: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return found + b"\n"


def _xml(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(each for each in text if each in "\n\t" or each >= " ")
