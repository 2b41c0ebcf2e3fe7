"""What of Agora's recordings is in a real S3 server while they go on, and when it fails meanwhile.

A recording begins three seconds after its start, so that a slice closes at 18 s, 33 s and so on.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import RecordingApp
from tests.storage.conftest import Bucket, Gate, Lent, stored
from tests.storage.test_agora import kinds, status, storage

from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora.handle import Agora

BOOT_S = 3
PICTURE = "45"


def begin(app: RecordingApp, agora: Agora, config: dict[str, Any], **params: Any) -> None:
    """Let somebody be there, and be recorded from now on."""
    agora.room("demo").join(41)
    app.record(storageConfig=config, **params)
    agora.advance(seconds=BOOT_S)


def begin_individual(
    app: RecordingApp, agora: Agora, there: Bucket, scene: int = 0, **more: Any
) -> None:
    """Record each user apart, or take pictures of each."""
    agora.room("demo").join(41)
    assert app.acquire(scene=scene).status_code == 200
    config = {"subscribeUidGroup": 0, "streamTypes": 2, "streamMode": "standard"}
    given = {"storageConfig": storage(there), "recordingConfig": config, **more}
    answer = app._post(f"/resourceid/{app.resource}/mode/individual/start", given)
    assert answer.status_code == 200, answer.text
    app.sid = answer.json()["sid"]
    agora.advance(seconds=BOOT_S)


def text(there: Bucket, ending: str = "m3u8") -> str:
    (key,) = [each for each in there.keys if each.endswith(ending)]
    return there.read(key)[0].decode()


def slices(there: Bucket) -> list[str]:
    return [key.rpartition("/")[2] for key in there.keys if key.endswith(".ts")]


def named(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line.endswith(".ts")]


def test_while_it_records_the_closed_slices_are_there_with_an_index_that_is_open(
    app: RecordingApp, agora: Agora, bucket: Bucket
) -> None:
    begin(app, agora, storage(bucket))

    agora.advance(seconds=70)

    live = text(bucket)
    before = slices(bucket)
    assert len(before) == 4
    assert named(live) == before
    assert "#EXT-X-ENDLIST" not in live
    app.stop()
    assert {key: bucket.read(key) for key in bucket.keys} == stored(agora, bucket.name)
    assert named(text(bucket)) == slices(bucket) > before
    assert text(bucket).endswith("#EXT-X-ENDLIST\n")


def test_no_file_but_the_index_is_uploaded_twice(
    app: RecordingApp, agora: Agora, guarded: Bucket
) -> None:
    guarded.keep_versions()
    begin(app, agora, storage(guarded), recordingFileConfig={"avFileType": ["hls", "mp4"]})

    agora.advance(minutes=3, seconds=10)
    app.stop()

    (index,) = [key for key in guarded.keys if key.endswith("m3u8")]
    assert guarded.writes.pop(index) == 5  # the first file, three minutes, the end
    assert {count for key, count in guarded.writes.items() if key != index} == {1}


def test_each_users_files_go_up_as_they_grow_and_who_has_left_leaves_his_alone(
    app: RecordingApp, agora: Agora, guarded: Bucket
) -> None:
    guarded.keep_versions()
    begin_individual(app, agora, guarded)
    agora.advance(seconds=20)
    agora.room("demo").join(42)
    agora.advance(seconds=30)
    agora.room("demo").leave(41)

    agora.advance(minutes=3)

    assert {count for key, count in guarded.writes.items() if key.endswith("ts")} == {1}
    rewritten = {
        key.partition("uid_s_")[2]: count
        for key, count in guarded.writes.items()
        if key.endswith("_video.m3u8")
    }
    assert rewritten == {"41__uid_e_video.m3u8": 2, "42__uid_e_video.m3u8": 4}
    kept = stored(agora, guarded.name)
    assert [key for key in guarded.keys if kept[key] != guarded.read(key)] == [
        key for key in kept if "uid_s_42" in key and key.endswith("o.m3u8")
    ]


def test_a_picture_is_there_when_it_is_announced(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    guarded.keep_versions()
    begin_individual(
        app, agora, guarded, snapshotConfig={"captureInterval": 10, "fileType": ["jpg"]}
    )

    for _ in range(3):
        agora.advance_until(int(PICTURE))
        last = inbox.callbacks[-1].json["payload"]["details"]["fileName"]
        assert last in guarded.keys

    assert set(guarded.writes.values()) == {1}


def test_how_often_is_a_setting(app: RecordingApp, agora: Agora, guarded: Bucket) -> None:
    agora.configure(upload_every_ms=15_000)
    begin(app, agora, storage(guarded))

    fired = agora.advance(seconds=31).fired

    assert [each.name for each in fired if each.name == "live"] == ["live", "live"]
    assert len(slices(guarded)) == 2


@pytest.mark.parametrize("endpoint", [None, "https://s3.example.com"])
def test_where_nothing_leaves_a_day_has_no_timer_and_no_note_more(
    app: RecordingApp, agora: Agora, guarded: Bucket, endpoint: str | None
) -> None:
    config = storage(guarded, extensionParams={"endpoint": endpoint})
    begin(app, agora, config if endpoint else {**config, "vendor": 1, "extensionParams": {}})
    agora.advance(minutes=5)

    fired = agora.advance(hours=24).fired

    assert not [each for each in fired if each.name == "live"]
    assert len(agora.journal(kind="note")) == (1 if endpoint else 0)


# --- failures in the middle -----------------------------------------------------------------------


def warnings(inbox: Inbox) -> list[int]:
    details = [each.json["payload"]["details"] for each in inbox.callbacks]
    return [each["warnCode"] for each in details if each["msgName"] == "cloud_recording_warning"]


def test_storage_that_is_down_for_a_minute_gets_everything_with_the_second_try(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket, gate: Gate
) -> None:
    begin(app, agora, storage(guarded, extensionParams={"endpoint": gate.s3.url}))
    agora.advance(seconds=30)
    gate.is_shut = True
    agora.advance(seconds=45)
    before = slices(guarded)
    gate.is_shut = False

    agora.advance(minutes=1)

    assert (len(before), len(slices(guarded))) == (1, 8)
    assert status(app.stop()) == "uploaded"
    assert warnings(inbox) == [31]
    assert {key: guarded.read(key) for key in guarded.keys} == stored(agora, guarded.name)


def test_two_failures_lead_to_the_backup_cloud_and_home_again_after_the_end(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket, gate: Gate
) -> None:
    guarded.keep_versions()
    begin(app, agora, storage(guarded, extensionParams={"endpoint": gate.s3.url}))
    agora.advance(seconds=70)
    gate.is_shut = True
    agora.advance(minutes=2)
    gate.is_shut = False
    agora.advance(minutes=2)
    before = slices(guarded)

    assert status(app.stop()) == "backuped"

    assert (len(before), slices(guarded)) == (4, before)
    assert warnings(inbox) == [31, 32]
    agora.advance(minutes=21)
    assert kinds(inbox)[-2:] == ["32", "11"]
    kept = stored(agora, guarded.name)
    assert slices(guarded) == [key.rpartition("/")[2] for key in sorted(kept) if "ts" in key]
    assert {count for key, count in guarded.writes.items() if key.endswith("ts")} == {1}


def test_a_second_try_that_arrives_wipes_the_slate(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket, gate: Gate
) -> None:
    begin(app, agora, storage(guarded, extensionParams={"endpoint": gate.s3.url}))

    for is_shut in (False, True) * 3:
        gate.is_shut = is_shut
        agora.advance(minutes=1)

    gate.is_shut = False
    assert status(app.stop()) == "uploaded"
    assert warnings(inbox) == [31, 31, 31]


def test_keys_that_are_revoked_end_the_task_and_what_is_there_stays(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket, lent: Lent
) -> None:
    own = {"accessKey": lent.s3.key, "secretKey": lent.s3.secret}
    begin(app, agora, storage(guarded, **own))
    agora.advance(seconds=70)
    before = guarded.keys
    lent.revoke()

    agora.advance(minutes=2)

    assert [each for each in kinds(inbox) if each != "2"] == ["4", "1", "11"]
    assert app.query().status_code == 404
    assert guarded.keys == before
    assert "#EXT-X-ENDLIST" not in text(guarded)


POSTPONED = {
    "appsCollection": {"combinationPolicy": "postpone_transcoding"},
    "transcodeOptions": {"transConfig": {"transMode": "postponeTranscoding"}},
}


@pytest.mark.parametrize(
    ("is_revoked", "told"), [(False, ("all_success", "total_success")), (True, ("fail", "failed"))]
)
def test_what_is_made_later_is_announced_once_it_is_there(
    app: RecordingApp,
    agora: Agora,
    inbox: Inbox,
    guarded: Bucket,
    lent: Lent,
    is_revoked: bool,
    told: tuple[str, str],
) -> None:
    keys = {"accessKey": lent.s3.key, "secretKey": lent.s3.secret}
    config = {"subscribeUidGroup": 0, "streamTypes": 2, "streamMode": "default"}
    begin_individual(
        app,
        agora,
        guarded,
        scene=2,
        storageConfig=storage(guarded, **keys),
        recordingConfig=config,
        **POSTPONED,
    )
    agora.advance(minutes=1)
    app._post(f"/resourceid/{app.resource}/sid/{app.sid}/mode/individual/stop", {})
    agora.advance(minutes=1)
    if is_revoked:
        lent.revoke()

    agora.advance(hours=2)

    results = {
        each.event_type: each.json["payload"]["details"]["result"]
        for each in inbox.callbacks
        if each.event_type in (81, 1001)
    }
    assert (results[81], results[1001]) == told
    assert any(key.endswith(".mp4") for key in guarded.keys) is not is_revoked
