"""The account: its net disk (录制文件), and what the HTTP API asks of its rooms.

Source:
    Sheet §6.2 (netDisk), §6.3 (rooms), §7.1 (RECORD_FINISH). Not documented, so assumed: that the
    newest file comes first, that a file of a taken path gets a number, and that without a name and
    a directory the files of the root are meant.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import ids
from recording_emulator.core.machine import (
    Arm,
    Effect,
    Machine,
    Put,
    Refusal,
    Reply,
    Step,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.core.media import OneFile
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.cloudroom import errors, files
from recording_emulator.vendors.cloudroom.inputs import (
    ACCOUNT,
    ROOM,
    CountUsers,
    Delete,
    File,
    Keep,
    Listed,
    NameUsers,
    PutFile,
    Query,
    Said,
    Show,
)
from recording_emulator.vendors.cloudroom.room import Room, notice
from recording_emulator.vendors.cloudroom.room import State as RoomState

MAX_FILES: Final = 10_000
"""So many files are kept; then the oldest goes."""
PAGE_SIZE: Final = 20
PAGE_SIZE_MAX: Final = 50


class State(StrEnum):
    """An account is there."""

    UP = "up"


class Account(msgspec.Struct, frozen=True, tag="cloudroom.Account"):
    """The files of the net disk, in the order in which they came."""

    id: str
    state: State = State.UP
    files: tuple[File, ...] = ()
    made: int = 0


def _added(
    account: Account, path: str, size_bytes: int, room: str, view: View, *, is_kept: bool = False
) -> tuple[Account, File]:
    delay_ms = view.settings.netdisk_visible_delay_ms if room else 0
    path = files.beside(path, (each.path for each in account.files))
    first = ids.number(view.derive("cloudroom.file", account.id, 4), 1_000, 9_000)
    now_ms, number = view.now_ms, first + account.made
    made = File(number, path, size_bytes, now_ms, now_ms + delay_ms, room, is_kept)
    kept = (*account.files, made)[-MAX_FILES:]
    return replace(account, files=kept, made=account.made + 1), made


def on_keep(account: Account, given: Keep, view: View) -> Step:
    """Take a recorded file, and tell of it once it can be queried."""
    media = OneFile(given.clip, view.now_ms, filmed=given.filmed)
    if given.bucket != files.NETDISK:
        stored = Put(given.bucket, files.key(given.path), media, given.room)
        is_told = view.settings.finish_for_storage
        told = (_finished(given.room, given.path),) if is_told else ()
        return Step(account, (stored, *told))
    after, made = _added(account, given.path, given.clip.size_bytes, given.room, view)
    stored = Put(files.NETDISK, files.key(made.path), media, given.room)
    wait_ms = made.shown_ms - view.now_ms
    if wait_ms:
        show = Arm(f"show {made.id}", wait_ms, Show(made.id), Tempo.SHORT)
        return Step(after, (stored, show))
    return Step(after, (stored, _finished(given.room, made.path)))


def on_show(account: Account, given: Show, _view: View) -> Step:
    found = next((each for each in account.files if each.id == given.id), None)
    return Step(account, (_finished(found.room, found.path),) if found is not None else ())


def _finished(room: str, path: str) -> Effect:
    folder, name = files.split(path)
    return notice(room, "RECORD_FINISH", DirPath=folder, FileName=name)


def on_query(account: Account, given: Query, view: View) -> Step:
    shown = [each for each in reversed(account.files) if each.shown_ms <= view.now_ms]
    since = given.search_time or files.local_time(view.now_ms, view.settings.tz_minutes)
    stable = [
        each
        for each in shown
        if not given.search_time
        or files.local_time(each.shown_ms, view.settings.tz_minutes) <= given.search_time
    ]
    if given.name:
        found = [each for each in stable if each.path == files.rooted(given.name)]
        below = set[str]()
    else:
        folder = files.rooted(given.folder).rstrip("/") + "/"
        found = [each for each in stable if files.split(each.path)[0] == folder]
        below = {
            folder + rest.partition("/")[0]
            for each in stable
            if each.path.startswith(folder) and "/" in (rest := each.path[len(folder) :])
        }
    size = given.size if 1 <= given.size <= PAGE_SIZE_MAX else PAGE_SIZE
    start = (max(given.page, 1) - 1) * size
    page = tuple(found[start : start + size])
    return Step(account, (Reply(Listed(page, tuple(sorted(below)), len(found), since)),))


def on_delete(account: Account, given: Delete, _view: View) -> Step | Refusal:
    found = next(
        (
            each
            for each in account.files
            if (each.id == given.id if given.id is not None
                else each.path == files.rooted(given.name))
        ),
        None,
    )  # fmt: skip
    if found is None:
        return Refusal(errors.UNKNOWN, "no such file")
    left = tuple(each for each in account.files if each is not found)
    gone = Put(files.NETDISK, files.key(found.path), files.Deleted())
    return Step(replace(account, files=left), (Reply(Said("")), gone))


def on_put(account: Account, given: PutFile, view: View) -> Step | Refusal:
    """Take a file that is uploaded over HTTP."""
    if any(each.path == given.path for each in account.files):
        return Refusal(errors.EXISTS, f"{given.path!r} is there")
    used = sum(each.size_bytes for each in account.files)
    if used + given.size_bytes > view.settings.quota_bytes:
        return Refusal(errors.NO_CAPACITY, "setting quota_bytes")
    kept = sum(each.size_bytes for each in account.files if each.is_kept)
    is_kept = kept + given.size_bytes <= files.KEPT_BYTES
    after, made = _added(account, given.path, given.size_bytes, "", view, is_kept=is_kept)
    stand_in = OneFile(files.uploaded(made.size_bytes), view.now_ms)
    media = files.Uploaded(given.uploaded_bytes, view.now_ms) if is_kept else stand_in
    return Step(after, (Reply(Said("")), Put(files.NETDISK, files.key(made.path), media)))


def on_count(account: Account, given: CountUsers, view: View) -> Step:
    """Count who is in some rooms; a room that is not there has nobody (assumed)."""
    counts = []
    for each in given.rooms:
        room = view.peek(Target(ROOM, each))
        there = len(room.people) if isinstance(room, Room) else 0
        counts.append({"RoomId": int(each), "UsersCount": there})
    return Step(account, (Reply(Said("", counts)),))


def on_name(account: Account, given: NameUsers, view: View) -> Step | Refusal:
    room = view.peek(Target(ROOM, given.room))
    if not isinstance(room, Room) or room.state is not RoomState.OPEN:
        return Refusal(errors.UNKNOWN, f"no room {given.room}")
    people = [
        {"NickName": each.nickname, "JoinTime": each.joined_ms // 1000} for each in room.people
    ]
    return Step(account, (Reply(Said(given.room, people)),))


CALLS: Final = (Query, Delete, PutFile, CountUsers, NameUsers)
TABLE: Final[Table] = {
    State.UP: {
        Keep: do(on_keep, State.UP),
        Show: do(on_show, State.UP),
        Query: do(on_query, State.UP),
        Delete: do(on_delete, State.UP, refusals=(errors.UNKNOWN,)),
        PutFile: do(on_put, State.UP, refusals=(errors.EXISTS, errors.NO_CAPACITY)),
        CountUsers: do(on_count, State.UP),
        NameUsers: do(on_name, State.UP, refusals=(errors.UNKNOWN,)),
    },
}
MACHINE: Final = Machine(ACCOUNT, TABLE, Account, CALLS)
