"""Every field of every body that mix mode knows: its type, its range, its default, its rule.

A row is a place in ``clientRequest`` with values that are just inside and just outside; what is
outside is answered with code 2 and the name of the field.

Source:
    Sheet §2.2-2.6.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.machine import Target
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    RecordingConfig,
    StartParams,
    StopParams,
    Transcoding,
)

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
SALT = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
UIDS = [str(each) for each in range(1, 34)]
PANE = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}
BACKGROUND = {"uid": "41", "image_url": "https://example.test/a.jpg"}
LISTS = ("subscribe{}Uids", "unSubscribe{}Uids", "unsubscribe{}Uids")

Row = tuple[str, list[Any], list[Any]]

LAYOUT: list[Row] = [
    ("mixedVideoLayout", [0, 1, 2], [-1, 4, "0", 1.5]),
    ("maxResolutionUid", ["", "1", "4294967295"], ["4294967296", "abc", 41]),
    ("backgroundColor", ["#000000", "#FFaa09"], ["#00000", "#0000000", "black", "#00000g", 0]),
    ("backgroundImage", ["", "http://e.test/a.jpg", "https://e.test/a.bmp"], ["ftp://e/a", "a", 1]),
    ("defaultUserBackgroundImage", ["", "https://e.test/a.jpg"], ["a.jpg", 1]),
    ("layoutConfig", [[], [PANE] * 17], [[PANE] * 18, PANE]),
    ("layoutConfig.0.x_axis", [0, 0.000001, 1], [-0.000001, 1.000001, "0"]),
    ("layoutConfig.0.y_axis", [0, 1.0], [-1, 2]),
    ("layoutConfig.0.width", [0, 1], [-0.1, 1.1]),
    ("layoutConfig.0.height", [0, 1], [-0.1, 1.1]),
    ("layoutConfig.0.alpha", [0, 1], [-0.1, 1.1]),
    ("layoutConfig.0.render_mode", [0, 1], [-1, 2]),
    ("layoutConfig.0.uid", ["", "1", "4294967295"], ["4294967296", "abc"]),
    ("backgroundConfig", [[], [BACKGROUND]], [[BACKGROUND] * 18]),
    ("backgroundConfig.0.uid", ["1", "4294967295"], ["4294967296", "abc", 1]),
    ("backgroundConfig.0.image_url", ["https://e.test/a.jpg"], ["file:///a", 1]),
    ("backgroundConfig.0.render_mode", [0, 1], [-1, 2]),
]
STORAGES: list[Row] = [
    ("storageConfig.vendor", [1, 2, 3], [0, 4, 9, 10, 12, "1"]),
    ("storageConfig.region", [0, 25], [-1, 26, "0"]),
    ("storageConfig.bucket", ["b"], ["", 1]),
    ("storageConfig.accessKey", ["k"], ["", 1]),
    ("storageConfig.secretKey", ["s"], ["", 1]),
    ("storageConfig.stsToken", ["", "t"], [1]),
    ("storageConfig.stsExpiration", [0, 2**40], [-1, "1"]),
    ("storageConfig.fileNamePrefix", [[], ["a", "B9"], ["x" * 63, "y" * 63]], ["a", [1]]),
    ("storageConfig.fileNamePrefix", [["x" * 127]], [["x" * 128], ["x" * 63, "y" * 64]]),
    ("storageConfig.fileNamePrefix", [["a"]], [[""], ["a-b"], ["a/b"], ["a_b"], ["ä"], ["a\n"]]),
    ("storageConfig.extensionParams.sse", ["", "kms", "aes256"], ["none", 1]),
    ("storageConfig.extensionParams.tag", ["", "t"], [1]),
    ("storageConfig.extensionParams.endpoint", ["", "e"], [1]),
]
RECORDING: list[Row] = [
    ("channelType", [0, 1], [-1, 2, "0"]),
    ("streamTypes", [0, 1, 2], [-1, 3, "0"]),
    ("streamMode", ["default", "standard", "original"], ["", "other", 0]),
    ("videoStreamType", [0, 1], [-1, 2]),
    ("maxIdleTime", [5, 2_592_000], [4, 2_592_001, 0, "30", 5.5]),
    ("subscribeUidGroup", [0, 5], [-1, 6]),
    ("decryptionMode", [0], [-1, 9, "1"]),
    ("secret", ["", "s"], [1]),
    ("salt", ["", SALT], [1]),
    ("audioProfile", [0, 1, 2], [-1, 3]),
    ("privateParams", ["", "{}"], [1, {}]),
    *(
        (spelling.format(medium), [[], ["#allstream#"], UIDS[:32]], [UIDS, [1], "41"])
        for medium in ("Audio", "Video")
        for spelling in LISTS
    ),
    ("transcodingConfig.width", [1, 1920], [0, 1921, "360", 0.5]),
    ("transcodingConfig.height", [1, 1920], [0, 1921]),
    ("transcodingConfig.fps", [1, 60], [0, 61]),
    ("transcodingConfig.bitrate", [1, 50_000], [0, 50_001]),
    *((f"transcodingConfig.{name}", inside, outside) for name, inside, outside in LAYOUT),
]
ROWS: dict[str, list[Row]] = {
    "acquire": [
        ("scene", [0, 1, 2], [-1, 3, "0", 0.5, None, True]),
        ("resourceExpiredHour", [1, 720], [0, 721, "24", 1.5, None]),
        ("region", ["CN", "AP", "EU", "NA"], ["cn", "US", 1]),
        ("regionAffinity", [0, 4], [-1, 5, "0"]),
        ("excludeResourceIds", [[], ["a"]], ["a", [1]]),
    ],
    "start": [
        ("token", ["", "t"], [1, None]),
        (
            "recordingFileConfig.avFileType",
            [["hls"], ["hls", "mp4"]],
            [["mp4"], [], "hls", ["flv"]],
        ),
        *STORAGES,
        *((f"recordingConfig.{name}", inside, outside) for name, inside, outside in RECORDING),
    ],
    "update": [
        *STORAGES,
        *(
            (
                f"streamSubscribe.{medium.lower()}UidList.{spelling.format(medium)}",
                [["41"], ["#allstream#"], UIDS[:32]],
                [UIDS, [1], "41"],
            )
            for medium in ("Audio", "Video")
            for spelling in LISTS
        ),
    ],
    "updateLayout": LAYOUT,
    "stop": [("async_stop", [True, False], [0, 1, "true", None])],
}


def placed(operation: str, place: str, value: Any) -> dict[str, Any]:
    """Write good parameters with one value in its place."""
    params: dict[str, Any] = {}
    if operation == "start" or place.startswith("storageConfig"):
        params = {"storageConfig": deepcopy(STORAGE)}
    *way, last = place.split(".")
    inside: Any = params
    for key in way:
        if key == "0":
            inside = inside[0]
        elif key == "layoutConfig":
            inside = inside.setdefault(key, [dict(PANE)])
        elif key == "backgroundConfig":
            inside = inside.setdefault(key, [dict(BACKGROUND)])
        else:
            inside = inside.setdefault(key, {})
    inside[last] = value
    return params


def asked(stage: Stage, operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Make the call with these parameters, on a task that is ready for it."""
    if operation == "acquire":
        body = {"cname": "demo", "uid": "900001", "clientRequest": params}
        return stage.send("acquire", "acquire", body)
    job: Job = stage.acquire()
    if operation == "start":
        return job.call("start", params)
    job.start()
    stage.at(3_000)
    return job.call(operation, params)


def cases(index: int) -> list[Any]:
    return [
        pytest.param(operation, row[0], value, id=f"{operation}-{row[0]}-{nth}.{which}")
        for operation, rows in ROWS.items()
        for nth, row in enumerate(rows)
        for which, value in enumerate(row[index])
    ]


@pytest.mark.parametrize(("operation", "place", "value"), cases(1))
def test_a_value_just_inside_is_accepted(
    stage: Stage, operation: str, place: str, value: Any
) -> None:
    status, said = asked(stage, operation, placed(operation, place, value))

    assert (status, said.get("code")) == (200, None), said


@pytest.mark.parametrize(("operation", "place", "value"), cases(2))
def test_a_value_just_outside_is_code_2_and_names_the_field(
    stage: Stage, operation: str, place: str, value: Any
) -> None:
    status, said = asked(stage, operation, placed(operation, place, value))

    name = place.rpartition(".")[2]
    verb = operation[0].upper() + operation[1:]
    assert (status, said["code"], said["reason"]) == (400, 2, f"{verb}: invalid {name} value!")


@pytest.mark.parametrize(
    ("operation", "params", "field"),
    [
        ("start", {}, "storageConfig"),
        *(
            ("start", {"storageConfig": {k: v for k, v in STORAGE.items() if k != gone}}, gone)
            for gone in STORAGE
        ),
        ("updateLayout", {"layoutConfig": [{"y_axis": 0, "width": 1, "height": 1}]}, "x_axis"),
        ("updateLayout", {"backgroundConfig": [{"uid": "1"}]}, "image_url"),
        ("updateLayout", {"mixedVideoLayout": 3}, "layoutConfig"),
        ("update", {}, "streamSubscribe"),
        ("update", {"streamSubscribe": {}}, "streamSubscribe"),
        ("update", {"streamSubscribe": {"audioUidList": {}}}, "streamSubscribe"),
        (
            "update",
            {"streamSubscribe": {"audioUidList": {"subscribeAudioUids": []}}},
            "streamSubscribe",
        ),
        (
            "update",
            {"streamSubscribe": {"audioUidList": {"subscribeVideoUids": ["41"]}}},
            "streamSubscribe",
        ),
    ],
)
def test_what_is_required_and_missing_is_code_2_and_named(
    stage: Stage, operation: str, params: dict[str, Any], field: str
) -> None:
    status, said = asked(stage, operation, params)

    verb = operation[0].upper() + operation[1:]
    assert (status, said["code"], said["reason"]) == (400, 2, f"{verb}: invalid {field} value!")


def test_defaults_are_the_documented_ones(stage: Stage) -> None:
    job = stage.record()

    task = stage.world.things[Target("agora.task", job.resource)]
    config = task.params.recordingConfig
    assert (AcquireParams().scene, task.scene) == (0, 0)
    assert (AcquireParams().resourceExpiredHour, task.expire_hours) == (72, 72)
    assert (config, config.transcodingConfig) == (RecordingConfig(), Transcoding())
    assert (config.channelType, config.streamTypes, config.maxIdleTime) == (0, 2, 30)
    assert (config.videoStreamType, config.audioProfile, config.decryptionMode) == (0, 0, 0)
    picture = config.transcodingConfig
    assert (picture.width, picture.height, picture.fps, picture.bitrate) == (360, 640, 15, 500)
    assert (picture.mixedVideoLayout, picture.backgroundColor) == (0, "#000000")
    assert isinstance(task.params, StartParams)
    assert task.params.recordingFileConfig.avFileType == ("hls",)
    assert StopParams().async_stop is False
