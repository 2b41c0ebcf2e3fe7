"""Ids and draws: derived from (seed, kind, key, nth), never from a global order.

What one room does changes no id in another, and adding a fault changes no id at all: the nth draw
of a kind for a key is always the same bytes for the same seed.
"""

import base64
import hashlib
import re


def derive(seed: int, kind: str, key: str, nth: int, size: int) -> bytes:
    """Derive ``size`` bytes for the nth draw of ``kind`` for ``key``.

    >>> derive(0, "agora.sid", "demo", 0, 4).hex()
    '22052924'
    >>> derive(0, "agora.sid", "demo", 1, 4).hex()
    '1c59436a'
    """
    text = f"{seed}\x1f{kind}\x1f{key}\x1f{nth}".encode("utf-8", "surrogatepass")
    if size <= hashlib.blake2b.MAX_DIGEST_SIZE:
        return hashlib.blake2b(text, digest_size=size).digest()
    return hashlib.shake_256(text).digest(size)


def urlsafe(raw: bytes) -> str:
    r"""Encode bytes in the URL-safe base64 alphabet without padding.

    >>> urlsafe(b"\xfb\xff")
    '-_8'
    """
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def uuid_text(raw: bytes) -> str:
    """Format 16 bytes as a version 4 UUID.

    >>> uuid_text(bytes(16))
    '00000000-0000-4000-8000-000000000000'
    """
    text = raw.hex()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def number(raw: bytes, low: int, high: int) -> int:
    r"""Map drawn bytes to an integer in ``low..high``, both included.

    >>> number(b"\x00\x07", 1, 5)
    3
    """
    return low + int.from_bytes(raw, "big") % (high - low + 1)


def tenant_id(name: str) -> str:
    """Return the name as it stands in URLs: itself if it can, else a readable short form.

    >>> tenant_id("default"), tenant_id("tests/test_app.py::test_stop[1]")
    ('default', 'test_stop-1-3f948227')
    """
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        return name
    words = re.sub(r"[^A-Za-z0-9_]+", "-", name.rpartition("::")[2]).strip("-")[:40]
    return f"{words or 't'}-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
