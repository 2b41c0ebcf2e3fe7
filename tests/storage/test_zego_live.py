"""What of ZEGO's recordings is in a real S3 server while they go on, and when it fails meanwhile.

A recording begins a second after its start; a fragment has 15 seconds.
"""

from __future__ import annotations

from typing import Any

from tests.storage.conftest import Bucket, Gate, Lent, stored
from tests.storage.test_zego import BACKED_UP, STORED, begin, finish, send, storage, zego

from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.handle import Zego

__all__ = ["zego"]

REALTIME: dict[str, Any] = {"OutputFileFormat": "hls", "RealtimeUploadFragment": True}
FILES, PLAYLIST = "1", "102"


def fragments(there: Bucket) -> list[str]:
    return [key for key in there.keys if key.endswith(".ts")]


def playlist(there: Bucket) -> str:
    (key,) = [each for each in there.keys if each.endswith("m3u8")]
    return there.read(key)[0].decode()


def told(inbox: Inbox, event: str) -> list[dict[str, Any]]:
    return [each.json["detail"] for each in inbox.callbacks if str(each.event_type) == event]


def test_while_it_records_the_fragments_are_there_with_a_playlist_that_is_open(
    zego: Zego, bucket: Bucket
) -> None:
    task = begin(zego, storage(bucket), **REALTIME)

    zego.advance(seconds=70)

    live = playlist(bucket)
    before = fragments(bucket)
    assert [line for line in live.splitlines() if line.endswith(".ts")] == before
    assert (len(before), "#EXT-X-ENDLIST" in live) == (4, False)
    files = finish(zego, task)
    assert {each["Status"] for each in files} == {STORED}
    assert {key: bucket.read(key) for key in bucket.keys} == stored(zego, bucket.name)
    assert len(fragments(bucket)) == 5
    assert "#EXT-X-ENDLIST" in playlist(bucket)


def test_no_fragment_is_uploaded_twice(zego: Zego, guarded: Bucket) -> None:
    guarded.keep_versions()
    task = begin(zego, storage(guarded), **REALTIME)
    zego.advance(minutes=2)

    finish(zego, task)

    assert {guarded.writes[key] for key in fragments(guarded)} == {1}
    assert len(fragments(guarded)) == 8


def test_without_realtime_nothing_is_there_before_the_end(zego: Zego, guarded: Bucket) -> None:
    task = begin(zego, storage(guarded), OutputFileFormat="hls")
    zego.advance(minutes=2)
    before = guarded.keys

    finish(zego, task)

    assert (before, len(fragments(guarded))) == ([], 8)


def test_the_playlist_is_there_when_event_102_tells_of_it(
    zego: Zego, inbox: Inbox, guarded: Bucket
) -> None:
    begin(zego, storage(guarded), **REALTIME)

    zego.advance_until(int(PLAYLIST))

    assert sorted(key.rpartition(".")[2] for key in guarded.keys) == ["m3u8", "ts"]


def test_storage_that_is_down_meanwhile_gets_everything_when_it_is_back(
    zego: Zego, inbox: Inbox, guarded: Bucket, gate: Gate
) -> None:
    gate.is_shut = True
    task = begin(zego, storage(guarded, EndPoint=gate.s3.url), **REALTIME)
    zego.advance(minutes=1)
    before = (guarded.keys, told(inbox, PLAYLIST))
    gate.is_shut = False
    zego.advance(minutes=1)
    gate.is_shut = True
    zego.advance(minutes=1)
    gate.is_shut = False

    files = finish(zego, task)

    assert before == ([], [])
    assert len(told(inbox, PLAYLIST)) == 1
    assert {each["Status"] for each in files} == {STORED}
    assert {key: guarded.read(key) for key in guarded.keys} == stored(zego, guarded.name)


def test_keys_that_are_revoked_show_only_at_the_end_and_all_is_in_the_backup(
    zego: Zego, inbox: Inbox, guarded: Bucket, lent: Lent
) -> None:
    own = {"AccessKeyId": lent.s3.key, "AccessKeySecret": lent.s3.secret}
    task = begin(zego, storage(guarded, **own), **REALTIME)
    zego.advance(minutes=1)
    before = guarded.keys
    lent.revoke()
    zego.advance(minutes=1)

    files = finish(zego, task)

    assert guarded.keys == before
    assert {each["Status"] for each in files} == {BACKED_UP}
    assert {each.bucket for each in zego.objects()} == {"zego-backup"}
    assert [each["upload_status"] for each in told(inbox, FILES)] == [2]


def test_a_picture_is_there_when_event_1_tells_of_it(
    zego: Zego, inbox: Inbox, guarded: Bucket
) -> None:
    guarded.keep_versions()
    begin(zego, storage(guarded), OutputFileFormat="jpg")

    for _ in range(3):
        zego.advance_until(int(FILES))
        (info,) = told(inbox, FILES)[-1]["file_info"]
        assert (f"lab/{info['file_id']}" in guarded.keys, info["status"]) == (True, STORED)

    assert set(guarded.writes.values()) == {1}


def test_the_pictures_of_a_stream_that_comes_again_are_there_with_the_earlier_ones(
    zego: Zego, guarded: Bucket
) -> None:
    task = begin(zego, storage(guarded), OutputFileFormat="jpg")
    zego.advance(seconds=25)
    zego.room("lesson").leave("41")
    zego.advance(seconds=5)
    zego.room("lesson").join("41", stream="s41")
    zego.advance(seconds=25)

    finish(zego, task)

    kept = stored(zego, guarded.name)
    assert {key: guarded.read(key) for key in guarded.keys} == kept
    assert len(kept) == 6


def test_a_picture_that_the_storage_does_not_take_is_in_the_backup(
    zego: Zego, inbox: Inbox, guarded: Bucket, gate: Gate
) -> None:
    begin(zego, storage(guarded, EndPoint=gate.s3.url), OutputFileFormat="jpg")
    gate.is_shut = True

    zego.advance_until(int(FILES))

    (info,) = told(inbox, FILES)[-1]["file_info"]
    backed_up = [each.key for each in zego.objects() if each.bucket == "zego-backup"]
    assert (info["status"], backed_up) == (BACKED_UP, [f"lab/{info['file_id']}"])


def test_a_picture_that_was_asked_for_is_there_when_it_is_told_of(
    zego: Zego, inbox: Inbox, guarded: Bucket
) -> None:
    task = begin(zego, storage(guarded), mixed=True)
    zego.advance(seconds=20)

    send(zego, client.task_call(zego.credentials, "TakeSnapshot", task, wallclock.now_ms()))
    zego.settle()

    (info,) = told(inbox, FILES)[-1]["file_info"]
    assert guarded.keys == [f"lab/{info['file_id']}"]
