"""Entries: what is told of a file, in answers and callbacks.

Source:
    Sheet §3 (RecordFiles) and §6.4 (file_info; DOC).
"""

import msgspec

from recording_emulator.core.segments import recorded_ms
from recording_emulator.vendors.zego import files
from recording_emulator.vendors.zego.files import File, Plan


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A file as it is told; its URL is added when it is written."""

    user: str
    stream: str
    name: str
    key: str
    bucket: str
    video_id: str
    container: str
    size_bytes: int
    length_ms: int
    size: tuple[int, int]
    kind: int
    begin_ms: int
    status: int
    url: str = ""
    has_url: bool = True


def entry(plan: Plan, file: File, now_ms: int, *, has_ended: bool) -> Entry:
    """Tell a file: before the end as far as it goes, afterwards where it is (assumed).

    Source:
        Members and their meaning: sheet §3 (DOC).
    """
    status = files.RECORDING
    if has_ended:
        status = file.status if file.done_ms <= now_ms else files.UPLOADING
    named = files.name(plan, file)
    return Entry(
        user=file.user,
        stream=plan.mix_id if plan.is_mixed else file.stream,
        name=named,
        key=f"{plan.folder}{named}",
        bucket=files.BACKUP if status == files.BACKED_UP else plan.bucket,
        video_id="",
        container=files.container_of(plan, file),
        size_bytes=files.size_bytes(plan, file, now_ms),
        length_ms=recorded_ms(file.segments, now_ms),
        size=files.pixels(plan, file),
        kind=file.kind,
        begin_ms=file.begin_ms,
        status=status,
    )


def picture(plan: Plan, file: File, at_ms: int) -> Entry:
    """Tell a picture; that it lasts no time and is in storage at once is assumed (sheet §7)."""
    named = f"{files.stem(plan, file, at_ms)}.jpg"
    return Entry(
        user=file.user,
        stream=plan.mix_id if plan.is_mixed else file.stream,
        name=named,
        key=f"{plan.folder}{named}",
        bucket=plan.bucket,
        video_id="",
        container="jpg",
        size_bytes=files.snapshot(plan, file).size_bytes,
        length_ms=0,
        size=files.pixels(plan, file),
        kind=files.VIDEO,
        begin_ms=at_ms,
        status=files.STORED,
    )
