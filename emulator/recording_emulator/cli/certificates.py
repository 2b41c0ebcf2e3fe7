"""``recording-emulator ca``: the certificate authority, printed or put where programs look."""

from pathlib import Path

import click
import msgspec

from recording_emulator.cli import trust
from recording_emulator.errors import EmulatorError
from recording_emulator.server import tls


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The flags of ``ca``."""

    ca_dir: str | None
    add_to: str | None
    java: str | None
    prints_path: bool


def run(options: Options) -> None:
    """Make the authority if there is none, and do with it what was asked.

    Raises:
        click.ClickException: If it cannot be made, read or written.
    """
    folder = Path(options.ca_dir) if options.ca_dir else tls.default_folder()
    try:
        ca = tls.authority(folder)
        if options.add_to:
            _add(Path(options.add_to), ca)
        if options.java:
            bundle = trust.system_bundle({}) + b"\n" + ca.cert_pem
            Path(options.java).write_bytes(trust.java_store(bundle))
            click.echo(f"wrote {options.java}; its password is {trust.STORE_PASSWORD}")
    except EmulatorError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if options.prints_path:
        click.echo(ca.cert_path)
    elif not (options.add_to or options.java):
        click.echo(ca.cert_pem.decode(), nl=False)


def _add(path: Path, ca: tls.Authority) -> None:
    is_new = trust.add_to(path, ca)
    click.echo(f"{path}: added" if is_new else f"{path}: it is there already")
