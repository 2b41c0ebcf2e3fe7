"""TLS for vendor names: a certificate authority made once, and a leaf for every name we serve."""

from __future__ import annotations

import contextlib
import os
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from recording_emulator.errors import BadRequest

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Authority(msgspec.Struct, frozen=True):
    """A CA on disk: the certificate clients trust, and the file that holds its key."""

    cert_path: Path
    key_path: Path
    cert_pem: bytes


def default_folder() -> Path:
    """Return where the CA is kept between runs: ``$XDG_STATE_HOME/recording-emulator``."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "recording-emulator"


def authority(folder: Path) -> Authority:
    """Open the CA of a folder, or make it: the key is readable by its owner alone.

    ``ca.key`` holds key and certificate, so that of several processes which make one at the same
    time exactly one wins whole; ``ca.pem`` is a copy of its certificate, to hand to clients.

    Raises:
        BadRequest: If the folder cannot be written, or what is there is no CA of ours.
    """
    cert_path, key_path = folder / "ca.pem", folder / "ca.key"
    try:
        if not key_path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(key_path)
        key, begin, rest = key_path.read_bytes().partition(b"-----BEGIN CERTIFICATE-----")
        cert_pem = begin + rest
        if not (key and rest):
            raise BadRequest(f"{key_path} holds no CA of ours; remove it, or choose another folder")
        if not cert_path.exists() or cert_path.read_bytes() != cert_pem:
            _replace(cert_path, cert_pem)
    except OSError as error:
        why = error.strerror or str(error)
        raise BadRequest(f"cannot keep a CA in {folder} ({why}); choose another folder") from None
    return Authority(cert_path, key_path, cert_pem)


def _make(key_path: Path) -> None:
    import trustme

    made = trustme.CA(organization_name="recording-emulator")
    with tempfile.NamedTemporaryFile(dir=key_path.parent, prefix=".ca-") as draft:
        draft.write(made.private_key_pem.bytes() + made.cert_pem.bytes())
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, key_path)


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".ca-", delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)


def context(ca: Authority, names: Sequence[str]) -> ssl.SSLContext:
    """Make the server's TLS context, with a leaf for the vendors' names and for loopback."""
    import trustme

    opened = trustme.CA.from_pem(ca.cert_pem, ca.key_path.read_bytes())
    wanted = [*(f"*.{name}" for name in names), *names, *LOOPBACK]
    leaf = opened.issue_cert(*wanted)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(made)
    return made
