"""TLS for vendor names: a certificate authority made once, and a leaf for every name we serve."""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from pathlib import Path

import msgspec

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Authority(msgspec.Struct, frozen=True):
    """A CA on disk: the certificate clients trust, and its key."""

    cert_path: Path
    key_path: Path
    cert_pem: bytes


def default_folder() -> Path:
    """Return where the CA is kept between runs: ``$XDG_STATE_HOME/recording-emulator``."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "recording-emulator"


def authority(folder: Path) -> Authority:
    """Open the CA of a folder, or make it: the key is readable by its owner alone."""
    import trustme

    cert_path, key_path = folder / "ca.pem", folder / "ca.key"
    if not (cert_path.exists() and key_path.exists()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = trustme.CA(organization_name="recording-emulator")
        key_path.touch(mode=0o600)
        key_path.write_bytes(made.private_key_pem.bytes())
        cert_path.write_bytes(made.cert_pem.bytes())
    return Authority(cert_path, key_path, cert_path.read_bytes())


def context(ca: Authority, names: Sequence[str]) -> ssl.SSLContext:
    """Make the server's TLS context, with a leaf for the vendors' names and for loopback."""
    import trustme

    opened = trustme.CA.from_pem(ca.cert_pem, ca.key_path.read_bytes())
    wanted = [*(f"*.{name}" for name in names), *names, *LOOPBACK]
    leaf = opened.issue_cert(*wanted)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(made)
    return made
