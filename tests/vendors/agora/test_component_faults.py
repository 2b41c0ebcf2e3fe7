"""Faults of recorder, token, storage, upload, page and service, beyond what the stories tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import rooms
from recording_emulator.vendors.agora.errors import EXITING, NO_WORKER

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
GONE = {"code": 404, "reason": NO_WORKER.partition(" ")[2]}


def temporary(stage: Stage, life_s: int) -> dict[str, Any]:
    """Write storage credentials that end so many seconds from now."""
    ends_s = stage.world.now_ms // 1000 + life_s
    return {**STORAGE, "stsToken": "t", "stsExpiration": ends_s}


# --- the recorder dies ----------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["query", "update", "updateLayout", "stop"])
def test_calls_are_404_while_another_recorder_takes_over(stage: Stage, operation: str) -> None:
    stage.fault("recorder", "crash", after_ms=20_000)
    job = stage.record()

    stage.at(23_000)
    lists = {"audioUidList": {"subscribeAudioUids": ["1"]}}
    during = job.call(operation, {"streamSubscribe": lists} if operation == "update" else {})
    stage.at(52_000)

    assert during == (404, {**job.names, **GONE})
    assert job.status == 5


def test_a_recorder_that_dies_says_nothing_until_another_is_there(stage: Stage) -> None:
    stage.fault("recorder", "crash", after_ms=20_000)
    stage.record()
    stage.at(52_000)

    after = [(ms, event) for ms, event, _ in stage.events() if ms >= 20_000]

    assert after[0] == (51_000, "12")
    assert [event for _, event in after] == ["12", "40", "43", "44", "43", "44", "42"]


def test_a_task_keeps_its_own_uid_in_replies_and_gets_the_new_one_in_events(stage: Stage) -> None:
    stage.fault("recorder", "crash", after_ms=20_000)
    job = stage.record()
    stage.at(60_000)

    status, said = job.stop()

    uids = {each.detail.uid for each in stage.world.journal if each.kind == "event"}
    new = str(next(details["newUid"] for _, event, details in stage.events() if event == "12"))
    assert (status, said["uid"]) == (200, "900001")
    assert uids == {"900001", new}


def test_the_fourth_death_of_a_recorder_ends_the_task(stage: Stage) -> None:
    stage.fault("recorder", "crash", times=4, after_ms=20_000, for_ms=10_000)
    job = stage.record()

    stage.at(200_000)

    assert job.events.count("12") == 3
    assert stage.events()[-1][2] == {"exitStatus": 1}
    assert (job.status, list(stage.world.timers)) == (None, [])
    names = [key for key, _ in stage.objects() if key.endswith(".m3u8")]
    assert names == [f"{bak}{job.file}.m3u8" for bak in ("", "bak0_", "bak1_", "bak2_")]


def test_a_fault_armed_while_a_task_runs_strikes_it_at_once(stage: Stage) -> None:
    job = stage.record()
    stage.at(30_000)

    stage.fault("recorder", "crash", for_ms=1_000)
    stage.at(30_000)

    assert job.query()[0] == 404
    stage.at(32_000)
    assert job.status == 5


def test_a_recorder_that_is_down_leaves_with_its_task(set_stage: Set) -> None:
    stage = set_stage(token_ttl_s=25)
    stage.fault("recorder", "crash", after_ms=20_000, for_ms=80_000)
    job = stage.record(token="t")

    stage.at(120_000)

    assert stage.events()[-1][2] == {"exitStatus": 1}
    assert (job.status, list(stage.world.timers)) == (None, [])


def test_a_channel_that_empties_while_the_recorder_is_down_is_idle_for_the_next(
    set_stage: Set,
) -> None:
    stage = set_stage(audience="none")
    stage.fault("recorder", "crash", after_ms=20_000)
    stage.join("41")
    job = stage.record()
    stage.at(30_000)
    stage.room(rooms.Leave("41"))

    stage.at(85_000)

    assert [(ms, event) for ms, event, _ in stage.events()][-4:] == [
        (81_000, "41"), (81_800, "33"), (81_800, "31"), (81_900, "11"),
    ]  # fmt: skip
    assert job.status is None


# --- it cannot join, or is removed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "effect", "told"),
    [
        ("recorder", "fail", ["30", "41", "11"]),
        ("token", "reject", ["30", "1", "41", "11"]),
        ("service", "time_out", ["30", "1", "41", "11"]),
    ],
)
def test_a_recorder_that_cannot_begin_leaves_with_code_0(
    stage: Stage, on: str, effect: str, told: list[str]
) -> None:
    stage.fault(on, effect)
    job = stage.record()

    stage.at(10_000)

    details = {event: each for _, event, each in stage.events()}
    assert job.events == told
    assert (details["41"], details["11"]) == ({"leaveCode": 0}, {"exitStatus": 1})
    assert (job.query()[0], stage.objects(), list(stage.world.timers)) == (404, [], [])


@pytest.mark.parametrize(
    ("on", "effect", "module", "code"),
    [
        ("service", "time_out", 2, 52),
        ("token", "reject", 0, 110),
        ("token", "expire", 0, 109),
        ("storage", "deny", 1, 32),
        ("storage", "fail", 1, 47),
        ("storage", "corrupt", 1, 51),
    ],
)
def test_what_ends_a_task_is_named_by_event_1(
    stage: Stage, on: str, effect: str, module: int, code: int
) -> None:
    stage.fault(on, effect)
    stage.record()

    stage.at(10_000)

    told = next(details for _, event, details in stage.events() if event == "1")
    assert (told["module"], told["errorCode"], told["errorLevel"]) == (module, code, 5)


def test_a_task_that_ended_abnormally_has_status_20(stage: Stage) -> None:
    stage.fault("storage", "deny")
    stage.record()

    stage.at(10_000)

    tasks = [each for each in stage.world.things.values() if hasattr(each, "exit_status")]
    assert [each.state for each in tasks] == ["aborted"]


@pytest.mark.parametrize(("on", "effect"), [("token", "expire"), ("storage", "fail")])
def test_a_token_or_storage_that_fails_later_ends_a_running_task(
    stage: Stage, on: str, effect: str
) -> None:
    job = stage.record()
    stage.at(30_000)

    stage.fault(on, effect)
    stage.at(35_000)

    assert job.events[-1] == "11"
    assert stage.events()[-1][2] == {"exitStatus": 1}


def test_a_kicked_recorder_uploads_what_it_has_and_a_stop_meanwhile_is_49(stage: Stage) -> None:
    stage.fault("recorder", "kick", after_ms=30_000)
    job = stage.record()
    stage.at(33_000)

    status, said = job.stop()
    stage.at(40_000)

    assert (status, said["code"]) == (400, int(EXITING.split()[0]))
    assert job.events[-3:] == ["33", "31", "11"]


# --- uploads --------------------------------------------------------------------------------------


def test_a_slow_upload_makes_a_synchronous_stop_time_out(stage: Stage) -> None:
    stage.fault("upload", "slow", by_ms=30_000)
    job = stage.record()
    stage.at(60_000)

    status, said = job.stop()
    stage.advance(60_000)

    assert (status, said["code"]) == (206, 50)
    assert job.events[-2:] == ["31", "11"]


def test_what_went_to_the_backup_cloud_comes_home_under_an_index_of_its_own(stage: Stage) -> None:
    stage.fault("upload", "divert")
    job = stage.record()
    stage.at(60_000)

    status, said = job.stop()
    stage.advance(1_000)
    early = [key for key, _ in stage.objects() if key.endswith(".m3u8")]
    stage.advance(20 * 60_000)

    late = [key for key, _ in stage.objects() if key.endswith(".m3u8")]
    stamp = stage.start_ms + 61_000 + 20 * 60_000
    assert (status, said["serverResponse"]["uploadingStatus"]) == (200, "backuped")
    assert early == [f"{job.file}.m3u8"]
    assert late == [f"{job.file}.m3u8", f"{job.file}_{stamp}_0.m3u8"]
    home = stage.read_object(f"{job.file}_{stamp}_0.m3u8")
    assert home.endswith(b"#EXT-X-ENDLIST\n")


# --- temporary credentials ------------------------------------------------------------------------


def test_credentials_that_are_over_when_presented_are_denied(stage: Stage) -> None:
    job = stage.record(storageConfig=temporary(stage, 0))

    stage.at(10_000)

    told = next(details for _, event, details in stage.events() if event == "1")
    assert told["errorCode"] == 32
    assert (job.events[-1], job.status, stage.objects()) == ("11", None, [])


def test_refreshed_credentials_bring_uploads_back_to_the_clients_storage(stage: Stage) -> None:
    job = stage.record(storageConfig=temporary(stage, 30))
    stage.at(60_000)
    warned = [details for _, event, details in stage.events() if event == "2"]

    job.update(storageConfig=temporary(stage, 3_600))
    status, said = job.stop()

    codes = [details["warnCode"] for _, event, details in stage.events() if event == "2"]
    assert warned == [{"module": 1, "warnCode": 32}]
    assert codes == [32, 31]
    assert (status, said["serverResponse"]["uploadingStatus"]) == (200, "uploaded")


def test_credentials_refreshed_in_time_are_never_missed(stage: Stage) -> None:
    job = stage.record(storageConfig=temporary(stage, 60))
    stage.at(50_000)

    job.update(storageConfig=temporary(stage, 3_600))
    stage.at(300_000)

    assert {"1", "2"} & set(job.events) == set()


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "code", "message"),
    [
        ("unreachable", 5, "access_url_failed"),
        ("engine_fails", 3, "start_engine_failed"),
        ("too_heavy", 2, "capability_limit"),
        ("crash", 6, "recorder_error"),
    ],
)
def test_a_page_that_breaks_says_how_and_ends(
    stage: Stage, effect: str, code: int, message: str
) -> None:
    stage.fault("page", effect)
    job = stage.record_page()

    stage.at(10_000)

    told = next(details for _, event, details in stage.events() if event == "71")
    assert (told["code"], told["message"]) == (code, message)
    assert stage.events()[-1][2] == {"exitStatus": 1}
    assert (job.status, list(stage.world.timers)) == (None, [])


def test_a_page_that_hangs_once_is_recorded_when_it_is_loaded_again(stage: Stage) -> None:
    stage.fault("page", "hang")
    job = stage.record_page(readyTimeout=10)

    stage.at(40_000)

    assert (job.status, job.events[:2]) == (5, ["73", "70"])


def test_a_silent_page_is_loaded_again_and_goes_on(stage: Stage) -> None:
    stage.fault("page", "silent", after_ms=60_000)
    job = stage.record_page()

    stage.at(70_000)

    assert [d for _, event, d in stage.events() if event == "73"] == [{"reason": "audio_silence"}]
    assert job.status == 5


def test_a_page_can_break_while_it_is_recorded(stage: Stage) -> None:
    job = stage.record_page()
    stage.at(30_000)

    stage.fault("page", "crash")
    stage.at(35_000)

    assert (job.events[-1], job.status) == ("11", None)


# --- settings that are not faults -----------------------------------------------------------------


def test_a_picture_that_is_too_large_can_be_refused_late(set_stage: Set) -> None:
    large = {"transcodingConfig": {"width": 1920, "height": 1920}}
    strict, late = set_stage(), set_stage(oversized="ends")

    refused = strict.acquire().start(recordingConfig=large)
    job = late.record(recordingConfig=large)
    late.at(10_000)

    assert (refused[0], refused[1]["code"]) == (400, 2)
    assert (job.events, job.query()[0]) == (["30", "41", "11"], 404)


def test_high_availability_is_announced_only_where_the_tenant_wants_it(set_stage: Set) -> None:
    plain, told = set_stage(), set_stage(announce_ha=True)

    events = []
    for stage in (plain, told):
        job = stage.record()
        stage.at(10_000)
        events.append(job.events.count("13"))

    assert events == [0, 1]
