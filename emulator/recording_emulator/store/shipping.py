"""Uploads to real storage: one S3-compatible bucket, with the client's own keys (obstore)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Final, Protocol

from recording_emulator.core.objects import Content, File
from recording_emulator.core.uploads import Outcome, Place, Uploaded
from recording_emulator.store.objects import Store

if TYPE_CHECKING:
    from obstore.store import S3Store

PART_BYTES: Final = 8 << 20
"""Larger files go up in parts of this size, so many at once."""
PARTS_AT_ONCE: Final = 4
CONNECT_S: Final = 5
REQUEST_S: Final = 60
_CODE: Final = re.compile(r"<Code>(\w{1,64})</Code>")

Parcels = Iterable[tuple[File, Content]]


class Carrier(Protocol):
    """Carries out one upload and reports how it went; cancelling it stops it.

    ``alive`` is called whenever something has got through.
    """

    async def carry(
        self,
        number: int,
        tenant: str,
        place: Place,
        parcels: Parcels,
        alive: Callable[[], None],
        /,
    ) -> Uploaded: ...


class NoCarrier:
    """Where nothing may leave: each upload finds nobody."""

    async def carry(
        self,
        number: int,
        _tenant: str,
        _place: Place,
        _parcels: Parcels,
        _alive: Callable[[], None],
        /,
    ) -> Uploaded:
        return Uploaded(number, Outcome.UNREACHABLE, why="this emulator uploads nothing")


class S3Carrier:
    """Uploads to S3-compatible endpoints; the library is loaded with the first upload."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def carry(
        self, number: int, tenant: str, place: Place, parcels: Parcels, alive: Callable[[], None]
    ) -> Uploaded:
        """Upload every file, one after the other; what goes wrong first ends it."""
        from obstore.exceptions import BaseError

        done = 0
        try:
            bucket = _opened(place)
            for file, content in parcels:
                chunks = await self._store.read(tenant, file.bucket, file.key, content)
                is_small = content.size_bytes <= PART_BYTES
                body = _watched(chunks, alive)
                await bucket.put_async(
                    _key(file.key),
                    b"".join([chunk async for chunk in body]) if is_small else body,
                    attributes={"Content-Type": file.content_type},
                    chunk_size=PART_BYTES,
                    max_concurrency=PARTS_AT_ONCE,
                )
                done += 1
                alive()
        except (BaseError, OSError, ValueError) as error:
            outcome, why = _judged(error)
            return Uploaded(number, outcome, done, why)
        return Uploaded(number, Outcome.STORED, done)


def _opened(place: Place) -> S3Store:
    """Open a bucket with the keys that were given, and no others that may lie about here."""
    from obstore.store import S3Store

    url = place.url.rstrip("/")
    scheme, _, host = url.partition("://")
    own = {
        "access_key_id": place.key_id,
        "secret_access_key": place.secret,
        "token": place.token or None,
        "expires_at": None,
    }
    return S3Store(
        place.bucket,
        endpoint=url if place.is_path_style else f"{scheme}://{place.bucket}.{host}",
        region=place.region or "us-east-1",
        virtual_hosted_style_request=not place.is_path_style,
        credential_provider=lambda: own,  # type: ignore[arg-type]
        client_options={
            "allow_http": True,
            "connect_timeout": f"{CONNECT_S}s",
            "timeout": f"{REQUEST_S}s",
        },
        retry_config={"max_retries": 0},
    )


def _key(key: str) -> str:
    """Write a key as paths of the library are: without empty names.

    >>> _key("/2031-05-06//a.mp4")
    '2031-05-06/a.mp4'
    """
    return "/".join(name for name in key.split("/") if name)


async def _watched(chunks: AsyncIterator[bytes], alive: Callable[[], None]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        alive()
        yield chunk


def _judged(error: Exception) -> tuple[Outcome, str]:
    """Say what an error means, in words that hold no keys.

    >>> _judged(FileNotFoundError("… 404 Not Found: <Code>NoSuchBucket</Code> …"))
    (<Outcome.NO_BUCKET: 'no_bucket'>, 'NoSuchBucket')
    """
    from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

    text = str(error)
    found = _CODE.search(text)
    code = found[1] if found else ""
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return Outcome.DENIED, code or "permission denied"
    if isinstance(error, FileNotFoundError):
        return Outcome.NO_BUCKET, code or "not found"
    if code in ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
        return (Outcome.NO_BUCKET if code == "NoSuchBucket" else Outcome.DENIED), code
    status = re.search(r"status code: (\d{3})", text)
    if code or status:
        return Outcome.FAILED, code or f"status {status[1] if status else ''}"
    return Outcome.UNREACHABLE, "no connection"
