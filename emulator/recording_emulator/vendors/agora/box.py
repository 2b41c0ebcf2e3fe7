"""The uploader as it is kept: what has been recorded so far, and what it stores of it."""

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from recording_emulator.core.machine import Put
from recording_emulator.core.media import Pictures
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.components import task_plan
from recording_emulator.vendors.agora.files import (
    AUDIO,
    BOTH,
    MIXED,
    VIDEO,
    Track,
    Tracks,
)
from recording_emulator.vendors.agora.recipes import (
    PICTURE,
    Merged,
    Movies,
    Playlist,
    Slices,
)


class State(StrEnum):
    """How far the uploader is."""

    OFF = "off"
    UP = "up"
    FLUSHING = "flushing"
    BACKED_UP = "backed_up"
    DONE = "done"


class Uploader(msgspec.Struct, frozen=True, gc=False, tag="agora.Uploader"):
    """The uploader of one task, and what has been recorded so far.

    ``sending_ms`` is when the upload that is out began (0: none is), ``sent_ms`` the last that
    arrived; both of those that come while a task records.
    """

    state: State
    key: str
    prepared: inputs.Prepare | None = None
    tracks: Tracks = ()
    era: int = 0
    failures: int = 0
    is_diverted: bool = False
    is_denied: bool = False
    sending_ms: int = 0
    sent_ms: int = 0

    @property
    def media(self) -> Tracks:
        return tuple(each for each in self.tracks if each.is_media)

    def find(self, uid: str, kind: int) -> Track:
        """Return a track of this era; one that nothing has been recorded of is empty."""
        for each in self.tracks:
            if (each.uid, each.kind, each.era) == (uid, kind, self.era):
                return each
        return Track(uid, kind, era=self.era)

    def ended_ms(self, uid: str, kind: int) -> int | None:
        """Return when a track last ended, in whatever era; None if there was none."""
        ends = [
            each.segments[-1][1] for each in self.tracks if (each.uid, each.kind) == (uid, kind)
        ]
        return ends[-1] if ends else None

    def with_track(self, track: Track) -> "Uploader":
        """Return the uploader with one track as it is now; an empty one is dropped."""
        tracks = self.tracks
        for index, each in enumerate(tracks):
            if (each.uid, each.kind, each.era) == (track.uid, track.kind, track.era):
                now = (track,) if track.segments else ()
                return replace(self, tracks=(*tracks[:index], *now, *tracks[index + 1 :]))
        return replace(self, tracks=(*tracks, track))


def everything(box: Uploader) -> tuple[Put, ...]:
    """Store what a task leaves, now that it is over."""
    return tuple(put for track in box.media for put in puts(box, track, has_ended=True))


def puts(box: Uploader, track: Track, *, has_ended: bool = False) -> list[Put]:
    """Store what follows from a track as it is now."""
    told, segments = task_plan(box), track.segments
    layout = told.layout.of(track.uid, track.kind, track.era)
    if not track.is_media:
        taken = Pictures(segments, told.snapshot_ms, PICTURE, layout.cast, track.uid)
        return [Put(told.bucket, f"{layout.stem}_*.jpg", taken, told.cname)]
    found = [
        Put(told.bucket, layout.playlist, Playlist(layout, segments, has_ended), told.cname),
        Put(told.bucket, f"{layout.stem}_*.ts", Slices(layout, segments), told.cname),
    ]
    if layout.movies:
        movies = Movies(layout, segments, has_ended)
        found.append(Put(told.bucket, f"{layout.stem}_*.mp4", movies, told.cname))
    if layout.merged:
        audio, video = (box.find(track.uid, kind).segments for kind in (AUDIO, VIDEO))
        both = told.layout.of(track.uid, BOTH, track.era)
        if audio and video:
            merged = Merged(both, audio, video)
            found.append(Put(told.bucket, both.playlist, merged, told.cname))
    return found


def pictures(box: Uploader) -> tuple[Put, ...]:
    """Store the pictures that a task leaves."""
    return tuple(put for each in box.tracks if not each.is_media for put in puts(box, each))


def timer(name: str, track: Track) -> str:
    """Name a track's own timer; the mixed one needs no addition."""
    return name if track.uid == MIXED else f"{name} {track.uid} {track.kind}"
