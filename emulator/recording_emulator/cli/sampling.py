"""``recording-emulator sample``: names and request bodies to start from, the same for a seed."""

from __future__ import annotations

import click
import msgspec

from recording_emulator.vendors import base


def run(vendor: str, seed: int, count: int) -> None:
    """Print ``count`` samples as JSON lines.

    Raises:
        click.BadParameter: If no such vendor is installed.
        click.ClickException: If Faker is not installed.
    """
    found = {each.name: each for each in base.load()}
    if vendor not in found:
        raise click.BadParameter(f"no vendor {vendor!r}; there are {', '.join(found)}")
    try:
        from faker import Faker
    except ImportError:
        raise click.ClickException("samples need Faker: pip install faker") from None
    fake = Faker()
    fake.seed_instance(seed)
    for _ in range(count):
        click.echo(msgspec.json.encode(found[vendor].sample(fake)).decode())
