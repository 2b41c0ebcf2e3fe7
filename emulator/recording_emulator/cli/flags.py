"""What every flag has, and the flags that several commands have."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

C = TypeVar("C", bound=Callable[..., Any])

PORT = click.IntRange(0, 65535)


def flag(name: str, *into: str, **rest: Any) -> Callable[[C], C]:
    """Give a command a flag, as ``click.option`` does, and what every flag of ours has.

    That is an environment variable of its name, and a line of help that shows it and the default.
    """
    variable = "RECORDING_EMULATOR_" + name.removeprefix("--").replace("-", "_").upper()
    if "default" in rest:
        rest.setdefault("show_default", True)
    return click.option(name, *into, envvar=variable, show_envvar=True, **rest)


CA_DIR = flag(
    "--ca-dir",
    type=click.Path(file_okay=False),
    help="Where the certificate authority is kept; made once.",
)
SERVED = (
    CA_DIR,
    flag(
        "--speed",
        default=1.0,
        type=click.FloatRange(0, min_open=True, max=1_000_000),
        help="Seconds of tenant time per real second.",
    ),
    flag("--seed", type=int, show_default="0; the scenario's", help="Fixes every id."),
    flag(
        "--scenario",
        metavar="FILE",
        help="Play this world on the tenant `default`, and judge it at the end: exit code 0 or 1.",
    ),
    flag(
        "--strict",
        is_flag=True,
        help="Accept only the credentials that are printed, not any well-formed ones.",
    ),
    flag(
        "--credential",
        "credentials",
        multiple=True,
        metavar="VENDOR.NAME=VALUE",
        help="Use this credential, such as one that an app has built in, not the one that is"
        " derived. May be given more than once.",
    ),
    flag(
        "--store",
        type=click.Path(file_okay=False),
        help="Keep recorded files in this folder instead of in memory.",
    ),
    flag(
        "--media",
        type=click.Choice(["built-in", "rendered"]),
        default="built-in",
        help="What recorded files show: a slate, or who was there (needs the extra `media`).",
    ),
    flag(
        "--callback",
        "callbacks",
        multiple=True,
        metavar="VENDOR=URL",
        help="Send a vendor's callbacks here. May be given more than once.",
    ),
    flag(
        "--allow-host",
        "allow_hosts",
        multiple=True,
        metavar="HOST",
        help="Let requests name this host for their callbacks. May be given more than once.",
    ),
)
"""The flags of every command that keeps a server: what is emulated, whichever way calls come in."""


def served(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags of a server."""
    for each in reversed(SERVED):
        command = each(command)
    return command
