"""Flags that several commands have."""

from collections.abc import Callable

import click

SERVED = (
    click.option(
        "--ca-dir",
        type=click.Path(file_okay=False),
        envvar="RECORDING_EMULATOR_CA_DIR",
        show_envvar=True,
        help="Where the certificate authority is kept; made once.",
    ),
    click.option(
        "--speed",
        default=1.0,
        envvar="RECORDING_EMULATOR_SPEED",
        show_default=True,
        show_envvar=True,
        type=click.FloatRange(0, min_open=True, max=1_000_000),
        help="Seconds of tenant time per real second.",
    ),
    click.option(
        "--seed",
        type=int,
        envvar="RECORDING_EMULATOR_SEED",
        show_default="0; the scenario's",
        show_envvar=True,
        help="Fixes every id.",
    ),
    click.option(
        "--scenario",
        metavar="FILE",
        envvar="RECORDING_EMULATOR_SCENARIO",
        show_envvar=True,
        help="Play this world on the tenant `default`, and judge it at the end: exit code 0 or 1.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        envvar="RECORDING_EMULATOR_STRICT",
        show_envvar=True,
        help="Accept only the credentials that are printed, not any well-formed ones.",
    ),
    click.option(
        "--credential",
        "credentials",
        multiple=True,
        metavar="VENDOR.NAME=VALUE",
        envvar="RECORDING_EMULATOR_CREDENTIAL",
        show_envvar=True,
        help="Use this credential, such as one that an app has built in, not the one that is"
        " derived. May be given more than once.",
    ),
    click.option(
        "--store",
        type=click.Path(file_okay=False),
        envvar="RECORDING_EMULATOR_STORE",
        show_envvar=True,
        help="Keep recorded files in this folder instead of in memory.",
    ),
    click.option(
        "--media",
        type=click.Choice(["built-in", "rendered"]),
        default="built-in",
        envvar="RECORDING_EMULATOR_MEDIA",
        show_default=True,
        show_envvar=True,
        help="What recorded files show: a slate, or who was there (needs the extra `media`).",
    ),
    click.option(
        "--callback",
        "callbacks",
        multiple=True,
        metavar="VENDOR=URL",
        envvar="RECORDING_EMULATOR_CALLBACK",
        show_envvar=True,
        help="Send a vendor's callbacks here. May be given more than once.",
    ),
    click.option(
        "--allow-host",
        "allow_hosts",
        multiple=True,
        metavar="HOST",
        envvar="RECORDING_EMULATOR_ALLOW_HOST",
        show_envvar=True,
        help="Let requests name this host for their callbacks. May be given more than once.",
    ),
)
"""The flags of every command that keeps a server: what is emulated, whichever way calls come in."""


def served(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags of a server."""
    for each in reversed(SERVED):
        command = each(command)
    return command
