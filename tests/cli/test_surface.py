"""`recording-emulator surface`: the catalogue in three forms."""

import json
import subprocess
import sys

from recording_emulator.core.openapi import document
from recording_emulator.core.surface import counts, markdown, missing
from recording_emulator.vendors.agora.surface import SURFACE


def printed(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "recording_emulator", "surface", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_table_shows_the_numbers_and_every_error() -> None:
    status, out, _ = printed("agora")

    assert status == 0
    assert "documented" in out
    assert all(str(row.code) in out for row in SURFACE.errors if row.code is not None)
    assert "magic rooms: names that arm a fault" in out


def test_what_is_not_supported_is_named_with_why() -> None:
    shown = printed("agora", "--format", "markdown")[1]

    assert missing(SURFACE)
    assert all(f"| {name} | {why} |" in shown for name, why in missing(SURFACE).items())
    assert "not supported" in printed("agora")[1]


def test_the_json_holds_every_row_and_the_counts() -> None:
    status, out, _ = printed("agora", "--format", "json")

    told = json.loads(out)
    assert status == 0
    assert told["counts"] == counts(SURFACE)
    assert [row["id"] for row in told["errors"]] == [row.id for row in SURFACE.errors]
    assert len(told["fields"]) == len(SURFACE.fields)
    assert [each["name"] for each in told["faults"]][4:] == [each.name for each in SURFACE.faults]
    assert "fault-agora-upload-fail" in [each["room"] for each in told["magic_rooms"]]


def test_the_markdown_is_what_the_readme_shows() -> None:
    assert printed("agora", "--format", "markdown")[1] == markdown(SURFACE) + "\n"


def test_the_openapi_document_describes_every_operation() -> None:
    status, out, _ = printed("agora", "--format", "openapi")

    assert status == 0
    assert json.loads(out) == document("agora", SURFACE)


def test_a_vendor_that_is_not_installed_is_named_with_those_that_are() -> None:
    status, _, err = printed("nobody")

    assert status == 2
    assert "no vendor 'nobody'; there are agora" in err
