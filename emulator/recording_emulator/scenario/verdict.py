"""What became of a scenario: its verdict, made of findings."""

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One thing that was judged: what, whether it is so, why not, and where it is written."""

    what: str
    is_met: bool
    why: str = ""
    line: int = 0


class Verdict(msgspec.Struct, frozen=True):
    """What became of a scenario; ``notes`` say what a reader should know and nobody judges."""

    scenario: str
    file: str
    is_passed: bool
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> list[Finding]:
        return [each for each in self.findings if not each.is_met]


def reason(finding: Finding) -> str:
    """Say what was expected and why it is not so."""
    is_said = finding.why.startswith("expected ")
    return finding.why if is_said else f"{finding.what}: {finding.why}"
