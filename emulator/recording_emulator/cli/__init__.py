"""The command line: every command with its flags; what they do stands in a module of its own."""

import gc

import click

from recording_emulator import __version__
from recording_emulator.cli.flags import CA_DIR, PORT, flag, served


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recording-emulator")
def main() -> None:
    """A local backend for code that records calls and meetings.

    It answers as the vendor's cloud recording would, on a clock you can move, and pushes the
    vendor's callbacks to your app. Start with `recording-emulator demo`.
    """


@main.command()
@flag("--host", default="127.0.0.1", help="Address to listen on.")
@flag("--port", default=8787, type=PORT, help="Plain HTTP; 0: a free port.")
@flag("--tls-port", default=8443, type=PORT, help="HTTPS; 0: a free port.")
@flag("--no-tls", is_flag=True, help="No HTTPS.")
@flag(
    "--proxy-port",
    type=PORT,
    help="A proxy for HTTPS_PROXY: vendors' names come here, other names go on; 0: a free port.",
)
@flag(
    "--dns-port",
    type=PORT,
    help="A name server that knows vendors' names only; 0: a free port. Serve with --tls-port 443.",
)
@flag(
    "--dns-answer",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="The IPv4 address that it gives: where clients reach this server.",
)
@flag(
    "--mode",
    type=click.Choice(["real", "manual", "auto"]),
    show_default="real; auto with --scenario",
    help="What moves the clock of the tenant `default`.",
)
@served
@flag(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one line of JSON when ready, and nothing else.",
)
def serve(**options: object) -> None:
    """Serve every vendor on one port until interrupted.

    The tenant `default` takes any well-formed credential. Its clock is the wall clock unless
    --mode says otherwise; POST /_emulator/tenants/default/clock/advance skips time.
    """
    gc.disable()  # nothing that is loaded is garbage; looking for some takes a tenth of the start
    from recording_emulator.cli import serving

    code = serving.run(serving.Options(**options))  # type: ignore[arg-type]
    click.get_current_context().exit(code)


@main.command()
@flag("--keep", is_flag=True, help="Go on serving afterwards, until interrupted.")
@flag(
    "--hours",
    default=2.0,
    type=click.FloatRange(0, 720),
    help="How long the recording is, on the virtual clock.",
)
def demo(*, keep: bool, hours: float) -> None:
    """Play a first recording, from acquire to the uploaded file, and print what happens."""
    from recording_emulator.cli import first_recording

    first_recording.run(keep=keep, hours=hours)


@main.command()
@click.argument("vendor")
@flag("--seed", default=0, help="The same seed prints the same samples.")
@flag("--count", default=1, type=click.IntRange(1, 10_000), help="How many.")
def sample(vendor: str, seed: int, count: int) -> None:
    """Print names, people and request bodies for VENDOR, as JSON lines to start from."""
    from recording_emulator.cli import sampling

    sampling.run(vendor, seed, count)


@main.command()
@click.argument("vendor")
@flag(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown", "openapi"]),
    default="table",
    help="How to print it.",
)
def surface(vendor: str, form: str) -> None:
    """Print what is emulated of VENDOR: operations, codes, events, limits, and how we know."""
    from recording_emulator.cli import catalogue

    catalogue.run(vendor, form)


@main.command()
@click.argument("files", nargs=-1)
@flag(
    "--schema",
    "prints_schema",
    is_flag=True,
    help="Print the JSON Schema of scenario files instead.",
)
def check(files: tuple[str, ...], *, prints_schema: bool) -> None:
    """Check scenario FILES; every mistake is named with its line and column."""
    from recording_emulator.cli import playing

    playing.check(files, prints_schema=prints_schema)


@main.command()
@click.argument("files", nargs=-1, required=True)
@flag("--seed", type=int, help="Instead of the scenario's own; fixes every id.")
@flag("--junit", type=click.Path(dir_okay=False), help="Write the verdicts here as JUnit XML.")
@flag(
    "--story",
    type=click.Path(dir_okay=False),
    help="Write what happened here, in words and as a Mermaid sequence diagram.",
)
@flag(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one line of JSON for each scenario, and nothing else.",
)
def run(**options: object) -> None:
    """Play scenario FILES, or bundled ones by name; the exit code is the verdict.

    0: all passed; 1: one failed; 2: a file cannot be used, and nothing was played.
    """
    from recording_emulator.cli import playing

    code = playing.run(playing.Options(**options))  # type: ignore[arg-type]
    click.get_current_context().exit(code)


@main.command("exec", context_settings={"ignore_unknown_options": True})
@flag(
    "--via",
    type=click.Choice(["auto", "namespace", "proxy", "env"]),
    default="auto",
    help="How the command's calls come here. namespace: a private network in which vendors' names "
    "are here and nothing else is (Linux); proxy: proxy variables, for clients that heed them; "
    "env: base URLs in variables alone. auto: the first that this machine can.",
)
@flag(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="End the command after this long; the exit code is 124.",
)
@flag(
    "--mode",
    type=click.Choice(["real", "manual", "auto"]),
    default="auto",
    help="What moves the clock of the tenant `default`; auto: whatever the command waits for.",
)
@flag("--no-story", is_flag=True, help="Do not print what happened when the command fails.")
@served
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(
    *,
    command: tuple[str, ...],
    via: str,
    timeout_s: float | None,
    no_story: bool,
    **options: object,
) -> None:
    """Run COMMAND with a server around it: `recording-emulator exec -- npm test`.

    Its calls to vendors come here, whatever its language and without a change to it; the exit code
    is its own, or 1 if it called a name of a vendor that is not emulated.
    """
    from recording_emulator.cli import executing
    from recording_emulator.cli.serving import Options

    wish = executing.Wish(command=command, via=via, timeout_s=timeout_s, shows_story=not no_story)
    code = executing.run(wish, Options(**options))  # type: ignore[arg-type]
    click.get_current_context().exit(code)


@main.command()
@CA_DIR
@flag(
    "--add-to",
    metavar="BUNDLE",
    type=click.Path(dir_okay=False),
    help="Append it to this bundle of certificates, once.",
)
@flag(
    "--java",
    metavar="STORE",
    type=click.Path(dir_okay=False),
    help="Write a Java trust store with it and the system's certificates here.",
)
@flag("--path", "prints_path", is_flag=True, help="Print where it is instead of the certificate.")
def ca(**options: object) -> None:
    """Print the certificate that clients must trust to speak HTTPS with a server here.

    It is made on this machine, by the first that needs it, and its key stays in its folder.
    """
    from recording_emulator.cli import certificates

    certificates.run(certificates.Options(**options))  # type: ignore[arg-type]


@main.command()
@flag("--forward-to", required=True, metavar="URL", help="Where your app receives callbacks.")
@flag("--url", default="http://127.0.0.1:8787", help="Where the server is.")
@flag("--tenant", default="default", help="Whose callbacks.")
@flag(
    "--vendor",
    "vendors",
    multiple=True,
    show_default="all",
    help="Only this vendor's. May be given more than once.",
)
@flag(
    "--events",
    metavar="EVENT,...",
    show_default="all",
    help="Only these, as the vendor numbers or names them.",
)
@flag(
    "--replay",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Bring this callback once more, and end.",
)
@flag("--json", "as_json", is_flag=True, help="Print one line of JSON for each, and nothing else.")
def listen(**options: object) -> None:
    """Bring a server's callbacks to your app, and its answers back.

    For an app that the server cannot reach, such as one on your machine while the server runs in a
    container. What the app answers counts, and tenant time waits for it as for any receiver.
    """
    from recording_emulator.cli import listening

    listening.run(listening.Options(**options))  # type: ignore[arg-type]
