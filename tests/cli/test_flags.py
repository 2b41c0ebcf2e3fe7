"""Flags: each has an environment variable, and a wrong one is said in one line."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from recording_emulator.cli import main
from recording_emulator.vendors.base import load

FLAGS = [
    (name, option)
    for name, command in sorted(main.commands.items())
    for option in command.params
    if isinstance(option, click.Option)
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="recording-emulator")


@pytest.mark.parametrize(
    ("command", "option"), FLAGS, ids=[f"{name} {each.opts[-1]}" for name, each in FLAGS]
)
def test_every_flag_has_an_environment_variable_and_shows_it(
    command: str, option: click.Option
) -> None:
    expected = "RECORDING_EMULATOR_" + option.opts[-1].removeprefix("--").replace("-", "_").upper()

    assert option.envvar == expected
    assert expected in run(command, "--help").output.replace("\n", " ")
    assert (option.help or "").endswith(".")


def test_the_help_names_every_command_with_a_line() -> None:
    result = run("-h")

    assert result.exit_code == 0
    for name, command in main.commands.items():
        assert f"  {name} " in result.output
        assert command.get_short_help_str()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("serve", "--port", "http"), "Invalid value for '--port': 'http' is not a valid integer"),
        (("serve", "--port", "65536"), "Invalid value for '--port': 65536 is not in the range"),
        (("serve", "--tls-port", "-1"), "Invalid value for '--tls-port': -1 is not in the range"),
        (("serve", "--mode", "fast"), "Invalid value for '--mode': 'fast' is not one of 'real', "),
        (("serve", "--speed", "0"), "Invalid value for '--speed': 0.0 is not in the range"),
        (("serve", "--seed", "x"), "Invalid value for '--seed': 'x' is not a valid integer."),
        (("serve", "--prot", "1"), "No such option"),
        (("serve", "extra"), "Got unexpected extra argument"),
        (("demo", "--hours", "721"), "Invalid value for '--hours': 721.0 is not in the range"),
        (("serv",), "No such command 'serv'."),
    ],
)
def test_a_flag_that_cannot_be_is_a_usage_error(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)

    told = re.sub(r" \(env var: '\w+'\)", "", result.output)
    assert result.exit_code == 2
    assert f"Error: {message}" in told


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def refused(*arguments: str) -> str:
    """Run ``serve`` with flags that cannot be carried out; returns the one line it prints."""
    result = run("serve", "--json", *arguments)
    assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
    return result.output.strip()


def test_a_taken_port_is_one_clear_line(taken: str) -> None:
    told = refused("--port", taken, "--no-tls")

    assert told.startswith(f"Error: cannot listen on 127.0.0.1:{taken} (")
    assert told.endswith("; choose another")


def test_a_taken_tls_port_is_one_clear_line_and_nothing_goes_on(taken: str, tmp_path: Path) -> None:
    told = refused("--port", "0", "--tls-port", taken, "--ca-dir", str(tmp_path))

    assert told.startswith(f"Error: cannot listen on 127.0.0.1:{taken} (")


def test_an_address_that_is_not_ours_is_one_clear_line() -> None:
    told = refused("--host", "192.0.2.1", "--port", "0", "--no-tls")

    assert told.startswith("Error: cannot listen on 192.0.2.1:0 (")


@pytest.mark.parametrize("given", ["http://x", "zoom=http://x", "agora=ftp://x", "agora", "agora="])
def test_a_callback_that_cannot_be_is_one_clear_line(given: str) -> None:
    told = refused("--port", "0", "--no-tls", "--callback", given)

    vendors = ", ".join(each.name for each in load())
    assert told == f"Error: --callback {given!r}: expected VENDOR=URL, VENDOR one of {vendors}"


def test_folders_that_cannot_be_made_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = str(tmp_path / "file" / "below")

    store = refused("--port", "0", "--no-tls", "--store", below)
    ca = refused("--port", "0", "--tls-port", "0", "--ca-dir", below)

    why = "Not a directory"
    assert store == f"Error: --store {below}: cannot be made ({why}); choose another"
    assert ca == f"Error: cannot keep a CA in {below} ({why}); choose another folder"


def test_a_file_where_a_folder_belongs_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = run("serve", "--store", str(tmp_path / "file"))

    assert result.exit_code == 2
    assert "is a file" in result.output


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("agora", "--credential 'agora': expected VENDOR.NAME=VALUE"),
        ("agora.app_id=", "--credential 'agora.app_id=': expected VENDOR.NAME=VALUE"),
        ("acme.key=1", "no vendor 'acme'; there are ['agora', "),
    ],
)
def test_a_credential_that_cannot_be_is_one_clear_line(given: str, expected: str) -> None:
    assert refused("--port", "0", "--no-tls", "--credential", given).startswith(
        f"Error: {expected}"
    )
