"""Web mode: a page is opened, recorded, held, pushed, and ends.

Source:
    Sheet §2.1 (label), §2.3 (extensionServiceConfig), §2.4, §3.1, §5.1, §5.4, §6.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
HOUR_MS = 3_600_000
RECORDER = "web_recorder_service"
CDN = "rtmp_publish_service"
PAGE: dict[str, Any] = {
    "url": "https://example.test/",
    "audioProfile": 0,
    "videoWidth": 640,
    "videoHeight": 480,
    "maxRecordingHour": 4,
}
PUSH = {"outputs": [{"rtmpUrl": "rtmp://cdn.test/a"}]}


def service(name: str, param: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"serviceName": name, "serviceParam": param, **more}


def page(**changes: Any) -> list[dict[str, Any]]:
    return [service(RECORDER, {**PAGE, **changes})]


def without(name: str) -> list[dict[str, Any]]:
    return [service(RECORDER, {key: each for key, each in PAGE.items() if key != name})]


def start(stage: Stage, services: list[Any], **params: Any) -> tuple[int, dict[str, Any]]:
    config = {"extensionServices": services}
    job = stage.acquire(mode="web", scene=1)
    return job.start(**{"extensionServiceConfig": config, **params})


@pytest.mark.parametrize(
    ("services", "field"),
    [
        ([], "extensionServices"),
        ([service(CDN, PUSH)], "extensionServices"),
        ([*page(), *page()], "extensionServices"),
        ([*page(), service(CDN, PUSH), service(CDN, PUSH)], "extensionServices"),
        ([*page(), service("vod", {})], "serviceName"),
        ([service(RECORDER, PAGE, errorHandlePolicy="error_ignore")], "errorHandlePolicy"),
        ([*page(), service(CDN, PUSH, errorHandlePolicy="error_abort")], "errorHandlePolicy"),
        *((without(name), name) for name in PAGE),
        (page(url=""), "url"),
        (page(audioProfile=3), "audioProfile"),
        (page(videoWidth=239), "videoWidth"),
        (page(videoWidth=1_921), "videoWidth"),
        (page(videoHeight=239), "videoHeight"),
        (page(videoWidth=1_920, videoHeight=1_081), "videoWidth"),
        (page(maxRecordingHour=0), "maxRecordingHour"),
        (page(maxRecordingHour=721), "maxRecordingHour"),
        (page(videoBitrate=49), "videoBitrate"),
        (page(videoBitrate=8_001), "videoBitrate"),
        (page(VideoBitrate=49), "VideoBitrate"),
        (page(videoFps=4), "videoFps"),
        (page(videoFps=61), "videoFps"),
        (page(mobile=1), "mobile"),
        (page(maxVideoDuration=29), "maxVideoDuration"),
        (page(maxVideoDuration=241), "maxVideoDuration"),
        (page(onhold="true"), "onhold"),
        (page(readyTimeout=-1), "readyTimeout"),
        (page(readyTimeout=1.5), "readyTimeout"),
        (page(readyTimeout=61), "readyTimeout"),
        ([*page(), service(CDN, {})], "outputs"),
        ([*page(), service(CDN, {"outputs": PUSH["outputs"] * 2})], "outputs"),
        ([*page(), service(CDN, {"outputs": [{"rtmpUrl": "http://cdn.test/"}]})], "rtmpUrl"),
    ],
)
def test_what_web_mode_cannot_take_is_code_2_and_named(
    stage: Stage, services: list[Any], field: str
) -> None:
    status, said = start(stage, services)

    assert (status, said["code"], said["reason"]) == (400, 2, f"Start: invalid {field} value!")


@pytest.mark.parametrize(
    "block", ["recordingConfig", "snapshotConfig", "appsCollection", "transcodeOptions"]
)
def test_blocks_of_the_channel_modes_are_code_2(stage: Stage, block: str) -> None:
    status, said = start(stage, page(), **{block: {}})

    assert (status, said["reason"]) == (400, f"Start: invalid {block} value!")


def test_the_services_are_required(stage: Stage) -> None:
    status, said = stage.acquire(mode="web", scene=1).start()

    assert (status, said["reason"]) == (400, "Start: invalid extensionServiceConfig value!")


@pytest.mark.parametrize(
    "services",
    [
        page(videoWidth=1_920, videoHeight=1_080, videoFps=60, mobile=True, maxVideoDuration=240),
        page(videoBitrate=50, onhold=True, readyTimeout=60, maxRecordingHour=720),
        page(VideoBitrate=8_000),
        [service(RECORDER, PAGE, errorHandlePolicy="error_abort")],
        [*page(), service(CDN, PUSH, errorHandlePolicy="error_ignore")],
        [service(CDN, {"outputs": [{"rtmpUrl": "rtmps://cdn.test/a?k=1"}]}), *page()],
    ],
)
def test_what_web_mode_takes(stage: Stage, services: list[Any]) -> None:
    status, said = start(stage, services)

    assert status == 200, said


@pytest.mark.parametrize(("scene", "mode"), [(0, "web"), (2, "web")])
def test_web_mode_needs_the_scene_of_pages(stage: Stage, scene: int, mode: str) -> None:
    job = stage.acquire(mode=mode, scene=scene)

    status, said = job.start(extensionServiceConfig={"extensionServices": page()})

    assert (status, said["reason"]) == (400, "Start: invalid mode value!")


@pytest.mark.parametrize(
    ("cname", "status"), [("x" * 1_024, 200), ("会议/1", 200), ("x" * 1_025, 400)]
)
def test_a_label_is_any_text_of_up_to_1024_bytes(stage: Stage, cname: str, status: int) -> None:
    body = {"cname": cname, "uid": "1", "clientRequest": {"scene": 1}}

    assert stage.send("acquire", "acquire", body)[0] == status


def test_the_names_of_files_have_dashes_for_special_characters(stage: Stage) -> None:
    job = stage.record_page(cname="a_b.c!d-e 1")

    stage.at(20_000)

    assert stage.objects()[0][0] == f"{job.sid}_a-b-c-d-e 1.m3u8"
    assert job.query()[1]["cname"] == "a_b.c!d-e 1"


def state(job: Job) -> list[tuple[str, str]]:
    services = job.query()[1]["serverResponse"]["extensionServiceState"]
    return [(each["serviceName"], each["payload"]["state"]) for each in services]


@pytest.mark.parametrize(
    ("ms", "status", "states"),
    [
        (0, 0, "init"),
        (2_000, 3, "init"),
        (4_999, 3, "init"),
        (5_000, 4, "inProgress"),
        (19_999, 4, "inProgress"),
        (20_000, 5, "inProgress"),
    ],
)
def test_a_page_is_recorded_after_five_seconds(
    stage: Stage, ms: int, status: int, states: str
) -> None:
    job = stage.record_page(("rtmp://cdn.test/a",))

    stage.at(ms)

    assert (job.status, state(job)) == (status, [(RECORDER, states), (CDN, states)])


def test_a_page_needs_no_channel_and_does_not_leave_for_want_of_people(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = stage.record_page()

    stage.at(3 * HOUR_MS)

    assert job.status == 5
    assert stage.world.rooms == {}


def test_a_page_held_from_the_start_makes_no_file_until_it_goes_on(stage: Stage) -> None:
    job = stage.record_page(onhold=True)
    stage.at(60_000)
    before = (job.status, stage.objects())

    job.update(webRecordingConfig={"onhold": False})

    stage.at(75_000)
    assert before == (4, [])
    assert (job.status, job.events) == (5, ["70", "30", "4"])


def test_a_page_held_before_it_is_open_stays_held(stage: Stage) -> None:
    job = stage.record_page()
    stage.at(1_000)

    job.update(webRecordingConfig={"onhold": True})

    stage.at(60_000)
    assert stage.objects() == []


def test_holding_twice_changes_nothing_more(stage: Stage) -> None:
    job = stage.record_page()
    stage.at(30_000)

    answers = [job.update(webRecordingConfig={"onhold": True}) for _ in range(2)]

    stage.at(60_000)
    assert answers == [(200, job.names)] * 2
    assert [key.rpartition("_")[2] for key, _ in stage.objects()[1:]] == [
        "20300101000005000.ts", "20300101000020000.ts",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "webRecordingConfig"),
        ({"webRecordingConfig": {"onhold": 1}}, "onhold"),
        ({"rtmpPublishConfig": {}}, "outputs"),
        ({"rtmpPublishConfig": {"outputs": [{"rtmpUrl": "x"}]}}, "rtmpUrl"),
        ({"streamSubscribe": {}}, "streamSubscribe"),
        ({"storageConfig": {**STORAGE, "vendor": 4}}, "vendor"),
    ],
)
def test_an_update_with_nothing_for_a_page_is_code_2(
    stage: Stage, params: dict[str, Any], field: str
) -> None:
    job = stage.record_page()

    status, said = job.update(**params)

    assert (status, said["reason"]) == (400, f"Update: invalid {field} value!")


def test_a_page_takes_fresh_storage_credentials(stage: Stage) -> None:
    job = stage.record_page()

    assert job.update(storageConfig=STORAGE) == (200, job.names)


def test_a_page_has_no_layout(stage: Stage) -> None:
    status, said = stage.record_page().update_layout()

    assert (status, said["reason"]) == (400, "UpdateLayout: invalid mode value!")


def pushes(stage: Stage) -> list[tuple[int, str, str]]:
    return [
        (ms, details["rtmpUrl"].rpartition("/")[2], details["status"])
        for ms, event, details in stage.events()
        if event == "100"
    ]


def test_a_push_that_is_not_named_any_more_ends(stage: Stage) -> None:
    job = stage.record_page(("rtmp://cdn.test/a",))
    stage.at(30_000)

    job.update(rtmpPublishConfig={"outputs": []})

    assert pushes(stage) == [
        (5_000, "a", "connecting"), (6_000, "a", "publishing"), (30_000, "a", "disconnected"),
    ]  # fmt: skip
    assert state(job) == [(RECORDER, "inProgress")]


def test_a_push_named_again_goes_on_undisturbed(stage: Stage) -> None:
    job = stage.record_page(("rtmp://cdn.test/a",))
    stage.at(30_000)

    job.update(rtmpPublishConfig=PUSH)

    assert len(pushes(stage)) == 2


@pytest.mark.parametrize(("minutes", "ended"), [(30, [0, 30]), (45, [0, 45]), (120, [0])])
def test_a_movie_ends_after_its_longest_duration(
    stage: Stage, minutes: int, ended: list[int]
) -> None:
    job = stage.record_page(maxVideoDuration=minutes)
    stage.at(5_000 + 59 * 60_000)

    job.stop()

    movies = [key for key, _ in stage.objects() if key.endswith(".mp4")]
    assert movies == [f"{job.file}_{index}.mp4" for index in range(len(ended))]


@pytest.mark.parametrize(
    ("changes", "kbps"),
    [
        ({}, 2_048),
        ({"videoWidth": 1_279}, 1_548),
        ({"videoBitrate": 300, "audioProfile": 2}, 492),
        ({"VideoBitrate": 400, "audioProfile": 1}, 528),
    ],
)
def test_a_slice_has_the_size_of_its_bit_rates(
    stage: Stage, changes: dict[str, Any], kbps: int
) -> None:
    stage.record_page(**changes)

    stage.at(20_000)

    assert stage.objects()[1][1] == kbps * 15_000 // 8 // 188 * 188


def test_a_page_that_hangs_is_recorded_where_nobody_checks(set_stage: Set) -> None:
    stage = set_stage()
    stage.fault("page", "hang")
    job = stage.record_page()

    stage.at(30_000)

    assert job.status == 5


@pytest.mark.parametrize("effect", ["hang", "unreachable", "too_heavy", "crash", ""])
@pytest.mark.parametrize("ms", [0, 3_000, 5_000, 12_000, 30_000])
def test_nothing_is_left_armed_or_claimed_when_a_page_has_ended(
    stage: Stage, effect: str, ms: int
) -> None:
    if effect:
        stage.fault("page", effect, times=2)
    job = stage.record_page(("rtmp://cdn.test/a",), readyTimeout=10)
    stage.at(ms)
    job.stop()

    stage.advance(2_000)

    assert list(stage.world.timers) == []
    assert (stage.world.claims, dict(stage.world.live), stage.world.parked) == ({}, {}, {})


def test_a_stop_before_anything_is_recorded_is_code_435(stage: Stage) -> None:
    job = stage.record_page()
    stage.at(3_000)

    status, said = job.stop()

    assert (status, said["code"]) == (206, 435)
    stage.advance(1_000)
    assert job.events == ["11"]


def test_a_second_start_of_a_page_is_read_as_success_and_announces_nothing(stage: Stage) -> None:
    job = stage.record_page()

    status, said = job.start()

    assert (status, said["code"], job.events) == (201, 7, [])
