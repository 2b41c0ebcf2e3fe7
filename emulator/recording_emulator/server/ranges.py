"""Parts of a file, as players ask for them.

Source:
    RFC 9110 §14: one range of bytes; what asks for several, or is no range, gets the whole.
"""

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Part(NamedTuple):
    """The bytes ``start..stop`` of a file of ``size_bytes``, and how they are answered."""

    status: int
    start: int
    stop: int
    size_bytes: int

    @classmethod
    def of(cls, asked: str, size_bytes: int) -> "Part":
        """Read a ``Range``.

        >>> Part.of("bytes=2-3", 10), Part.of("bytes=-3", 10), Part.of("bytes=10-", 10).status
        (Part(status=206, start=2, stop=4, size_bytes=10), \
Part(status=206, start=7, stop=10, size_bytes=10), 416)
        """
        found = _RANGE.fullmatch(asked.strip())
        if found is None or found[0] == "bytes=-":
            return cls(200, 0, size_bytes, size_bytes)
        first, last = found.groups()
        if not first:
            start, stop = max(0, size_bytes - int(last)), size_bytes
        else:
            start, stop = int(first), int(last or size_bytes - 1) + 1
            if last and stop <= start:
                return cls(200, 0, size_bytes, size_bytes)
        stop = min(stop, size_bytes)
        return cls(206, start, stop, size_bytes) if start < stop else cls(416, 0, 0, size_bytes)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        length = (b"content-length", str(self.stop - self.start).encode())
        accepts = (b"accept-ranges", b"bytes")
        if self.status == 200:
            return [length, accepts]
        span = "*" if self.status == 416 else f"{self.start}-{self.stop - 1}"
        return [length, accepts, (b"content-range", f"bytes {span}/{self.size_bytes}".encode())]
