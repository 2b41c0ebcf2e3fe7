"""Uploads: files on their way to real storage, and what came of them.

Rules:

1. An upload is an effect (``Upload``); whoever carries it out feeds ``Uploaded`` back, and the
   machine that asked is told ``UploadEnded``, at the instant at which it asked.
2. Nothing leaves for a place that a request names, unless it lies on this machine or the user has
   allowed its host; the journal then says so, and the upload counts as done, as without a place.
3. The keys of a place are the client's. They are kept, as every secret is, and never journalled.
4. A machine may upload what grows again and again: of a series (the slices of a playlist) each file
   leaves once, and before the index that names it; what stands alone is written anew each time.
5. A machine has one upload out at a time, and a world at most ``AT_ONCE``; the others wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from recording_emulator.core.addresses import host_of, is_loopback, why_closed
from recording_emulator.core.filming import filmed
from recording_emulator.core.machine import Input, Target, Upload
from recording_emulator.core.objects import Content, File
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

Endpoint = Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+(:\d+)?/?\Z", max_length=2_048)]
Endpoints = dict[Annotated[str, Meta(min_length=1, max_length=200)], Endpoint]
"""A setting of vendors: where uploads really go, by storage vendor, or vendor and region."""
UPLOADS: Final = "uploads"
"""The machine of the timers of what comes late."""
ADDRESSES_MAX: Final = 1_000
AT_ONCE: Final = 32


class Outcome(StrEnum):
    """What came of an upload."""

    STORED = "stored"
    CLOSED = "closed"
    """Nothing has left, as nobody has allowed it; this counts as stored."""
    DENIED = "denied"
    NO_BUCKET = "no_bucket"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class Place(msgspec.Struct, frozen=True, gc=False, tag="core.Place"):
    """A bucket behind an S3-compatible endpoint, and the client's keys to it.

    ``is_named`` says that a request named the endpoint; otherwise the user's settings did.
    """

    url: str
    bucket: str
    region: str
    key_id: str
    secret: str
    token: str = ""
    is_path_style: bool = True
    is_named: bool = False


class Uploading(msgspec.Struct, frozen=True, gc=False, tag="core.Uploading"):
    """An upload that is out: for whom, of what, and at which instant."""

    number: int
    target: Target
    name: str
    place: Place
    puts: tuple[tuple[str, str, Any], ...]
    at_ms: int = 0


class Later(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Later"):
    """What a fault kept back is to be uploaded now; nobody is told."""

    upload: Uploading


class Uploaded(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Uploaded"):
    """An upload came back; ``why`` says in words what kept it from being stored."""

    number: int
    outcome: Outcome
    files: int = 0
    why: str = ""


class UploadEnded(msgspec.Struct, Input, frozen=True, gc=False, tag="core.UploadEnded"):
    """Told to the machine that asked for an upload, by the name it gave it."""

    name: str
    outcome: Outcome
    why: str = ""

    @property
    def is_stored(self) -> bool:
        return self.outcome in (Outcome.STORED, Outcome.CLOSED)


def endpoint_of(endpoints: Mapping[str, str], vendor: object, region: object) -> str:
    """Return where the user wants uploads to a storage vendor to go; empty: nowhere.

    >>> there = {"1/7": "http://127.0.0.1:9000", "2": "http://127.0.0.1:9001"}
    >>> endpoint_of(there, 1, 7), endpoint_of(there, 1, 8), endpoint_of(there, 2, 3)
    ('http://127.0.0.1:9000', '', 'http://127.0.0.1:9001')
    """
    return endpoints.get(f"{vendor}/{region}", "") or endpoints.get(f"{vendor}", "")


def named_endpoint(text: str) -> str:
    """Write an endpoint that a request names as a URL: without a scheme it is https elsewhere.

    >>> named_endpoint("127.0.0.1:9000"), named_endpoint("s3.test")
    ('http://127.0.0.1:9000', 'https://s3.test')
    """
    if "://" in text:
        return text.rstrip("/")
    scheme = "http" if is_loopback(host_of(f"http://{text}")) else "https"
    return f"{scheme}://{text.rstrip('/')}"


class Uploads:
    """The uploads of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.live: dict[int, Uploading] = {}
        self.waiting: list[int] = []
        self.addresses: dict[str, None] = {}
        self.there: dict[Target, dict[tuple[str, str], int]] = {}
        """How many files of each series a machine has in its place already."""

    def begin(self, target: Target, asked: Upload, cause: int) -> None:
        """Hand files over to be stored, or say at once that they are, where nothing may leave."""
        world, place = self._world, asked.place
        why = why_closed(place.url, world.spec.allow_hosts) if place.is_named else ""
        if why:
            seq = world.write("note", target.key, f"nothing uploaded: {why}", cause)
            world.tell(target, UploadEnded(asked.name, Outcome.CLOSED), seq)
            return
        kept = tuple((each.bucket, each.key, each.recipe) for each in asked.puts)
        self._out(Uploading(0, target, asked.name, place, kept), cause)

    def _out(self, upload: Uploading, cause: int) -> None:
        world, place = self._world, upload.place
        if len(self.addresses) < ADDRESSES_MAX:
            self.addresses[place.url] = None
        detail = {"endpoint": place.url, "bucket": place.bucket}
        number = world.write("upload", upload.target.key, upload.name or "late", cause, detail)
        self.live[number] = replace(upload, number=number, at_ms=world.now_ms)
        self.waiting.append(number)
        for put in upload.puts if upload.name else ():
            self._keep_back(replace(upload, name="", puts=(put,)), number)

    def _keep_back(self, upload: Uploading, cause: int) -> None:
        """See that a file which a fault lets come late is uploaded when it comes."""
        (bucket, key, recipe), now_ms = upload.puts[0], self._world.now_ms
        spoil = self._world.objects.spoils.get((bucket, key))
        due_ms = spoil.due_ms(recipe.files(bucket, key, now_ms)) if spoil else None
        if due_ms is not None and due_ms > now_ms:
            where = Target(UPLOADS, f"{upload.target.key} {bucket}/{key}")  # once, if asked twice
            self._world.arm(where, "late", due_ms, Later(upload), Tempo.SHORT, cause)

    def on_timer(self, given: Input, cause: int) -> None:
        assert type(given) is Later, given
        self._out(given.upload, cause)

    def again(self, upload: Uploading) -> None:
        """Let an upload that was out when a snapshot was taken be carried out anew."""
        self.live[upload.number] = upload
        self.waiting.append(upload.number)

    def take(self) -> list[Uploading]:
        """Hand over what is to be carried out now; the rest waits for what is out."""
        waiting = set(self.waiting)
        busy = {each.target for number, each in self.live.items() if number not in waiting}
        taken: list[Uploading] = []
        for number in self.waiting:
            upload = self.live[number]
            if upload.target not in busy and len(busy) < AT_ONCE:
                busy.add(upload.target)
                taken.append(upload)
        self.waiting = sorted(waiting.difference(each.number for each in taken))
        return taken

    def parcels(self, upload: Uploading) -> Iterator[tuple[File, Content]]:
        """List the files of an upload with what they contain, as they were when it began."""
        world, there = self._world, self.there.get(upload.target, {})
        for bucket, key, recipe in sorted(upload.puts, key=lambda put: "*" not in put[1]):
            if upload.name:
                known = there.get((bucket, key), 0)
                found = world.objects.contents(bucket, key, recipe, upload.at_ms, known)
            else:
                found = world.objects.spoiled(bucket, key, recipe, upload.at_ms)
            for file, content in found:
                yield file, filmed(world, recipe, file.key, content, upload.at_ms)

    def _remember(self, upload: Uploading) -> None:
        """Count what is there now of each series, so that it does not leave again."""
        for bucket, key, recipe in upload.puts:
            if "*" in key:
                there = self.there.setdefault(upload.target, {})
                there[bucket, key] = recipe.count(bucket, key, upload.at_ms)

    def forget(self, target: Target) -> None:
        """A machine has ended: it uploads nothing any more."""
        self.there.pop(target, None)

    def ended(self, given: Uploaded) -> None:
        """Say what came of an upload, to the machine that asked for it."""
        upload = self.live.pop(given.number, None)
        if upload is None:
            return
        detail: dict[str, object] = {"files": given.files}
        if given.why:
            detail["why"] = given.why
        world = self._world
        seq = world.write("uploaded", upload.target.key, given.outcome, given.number, detail)
        if upload.name:
            if given.outcome is Outcome.STORED:
                self._remember(upload)
            world.tell(upload.target, UploadEnded(upload.name, given.outcome, given.why), seq)
            world.drain()
