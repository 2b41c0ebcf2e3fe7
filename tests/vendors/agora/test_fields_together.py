"""Fields that exclude or need one another, and the channel name and uid of every body.

Source:
    Sheet §2.1-2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
SALT = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SHORT_SALT = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MA=="
PANE = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}


def recording(**config: Any) -> dict[str, Any]:
    return {"storageConfig": STORAGE, "recordingConfig": config}


def storing(**changes: Any) -> dict[str, Any]:
    return {"storageConfig": {**STORAGE, **changes}}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        (recording(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]), "subscribeAudioUids"),
        (recording(subscribeVideoUids=["1"], unsubscribeVideoUids=["2"]), "subscribeVideoUids"),
        (recording(streamTypes=1, subscribeAudioUids=["1"]), "subscribeAudioUids"),
        (recording(streamTypes=1, unSubscribeAudioUids=["1"]), "unSubscribeAudioUids"),
        (recording(streamTypes=0, subscribeVideoUids=["1"]), "subscribeVideoUids"),
        (recording(streamTypes=0, unSubscribeVideoUids=["1"]), "unSubscribeVideoUids"),
        (recording(decryptionMode=1), "secret"),
        (recording(decryptionMode=7, secret="s"), "salt"),
        (recording(decryptionMode=8, secret="s", salt=SHORT_SALT), "salt"),
        (recording(decryptionMode=8, secret="s", salt="not base64"), "salt"),
        (recording(transcodingConfig={"width": 1920, "height": 1081}), "transcodingConfig"),
        (recording(transcodingConfig={"mixedVideoLayout": 3}), "layoutConfig"),
        (storing(vendor=5, region=1), "region"),
        (storing(vendor=6, region=1), "region"),
        (storing(vendor=7, region=16), "region"),
        (storing(vendor=8, region=0), "region"),
        (storing(vendor=11), "endpoint"),
        (storing(vendor=2, extensionParams={"sse": "kms"}), "sse"),
        (storing(vendor=3, extensionParams={"tag": "t"}), "tag"),
        *(
            ({"storageConfig": STORAGE, block: {}}, block)
            for block in (
                "snapshotConfig",
                "extensionServiceConfig",
                "appsCollection",
                "transcodeOptions",
            )
        ),
    ],
)
def test_fields_that_do_not_go_together_are_code_2(
    stage: Stage, params: dict[str, Any], field: str
) -> None:
    status, said = stage.acquire().call("start", params)

    assert (status, said["code"], said["reason"]) == (400, 2, f"Start: invalid {field} value!")


@pytest.mark.parametrize(
    "params",
    [
        recording(decryptionMode=6, secret="s"),
        recording(decryptionMode=8, secret="s", salt=SALT),
        recording(transcodingConfig={"width": 1920, "height": 1080}),
        recording(transcodingConfig={"mixedVideoLayout": 3, "layoutConfig": [PANE]}),
        storing(vendor=2, region=27),
        storing(vendor=3, region=19),
        storing(vendor=7, region=15),
        storing(vendor=8, region=1),
        storing(vendor=8, region=7),
        storing(vendor=11, extensionParams={"endpoint": "minio.test"}),
        storing(vendor=2, extensionParams={"tag": "t"}),
    ],
)
def test_fields_that_do_go_together_are_accepted(stage: Stage, params: dict[str, Any]) -> None:
    assert stage.acquire().call("start", params)[0] == 200


@pytest.mark.parametrize(
    ("types", "params", "field"),
    [
        (1, {"audioUidList": {"subscribeAudioUids": ["41"]}}, "subscribeAudioUids"),
        (0, {"videoUidList": {"unSubscribeVideoUids": ["41"]}}, "unSubscribeVideoUids"),
        (
            2,
            {"audioUidList": {"subscribeAudioUids": ["1"], "unSubscribeAudioUids": ["2"]}},
            "subscribeAudioUids",
        ),
    ],
)
def test_an_update_is_judged_by_what_the_task_records(
    stage: Stage, types: int, params: dict[str, Any], field: str
) -> None:
    job = stage.record(recordingConfig={"streamTypes": types})
    stage.at(3_000)

    status, said = job.update(streamSubscribe=params)

    assert (status, said["code"], said["reason"]) == (400, 2, f"Update: invalid {field} value!")


@pytest.mark.parametrize("block", ["webRecordingConfig", "rtmpPublishConfig"])
def test_blocks_of_web_mode_are_code_2_in_an_update(stage: Stage, block: str) -> None:
    job = stage.record()

    status, said = job.update(storageConfig=STORAGE, **{block: {}})

    assert (status, said["code"], said["reason"]) == (400, 2, f"Update: invalid {block} value!")


@pytest.mark.parametrize("uid", ["1", "4294967295"])
def test_a_uid_just_inside_is_accepted(stage: Stage, uid: str) -> None:
    assert stage.acquire(uid=uid).uid == uid


@pytest.mark.parametrize("uid", ["", "0", "4294967296", "-1", "1.0", "abc", "٣", " 1", 9, None])
def test_a_uid_just_outside_is_code_2(stage: Stage, uid: Any) -> None:
    body = {"cname": "demo", "uid": uid, "clientRequest": {}}

    status, said = stage.send("acquire", "acquire", body)

    assert (status, said) == (400, {"code": 2, "reason": "Acquire: invalid uid value!"})


def test_a_number_is_a_uid_where_the_tenant_is_lax(set_stage: Set) -> None:
    stage = set_stage(lax_uid=True)

    status, said = stage.send(
        "acquire", "acquire", {"cname": "demo", "uid": 9, "clientRequest": {}}
    )

    assert (status, said["uid"]) == (200, "9")


@pytest.mark.parametrize(
    "cname", ["a", "x" * 64, "aZ09 !#$%&()+-:;<=.>?@[]^_{}|~,", "a" * 63 + "~"]
)
def test_a_channel_name_just_inside_is_accepted(stage: Stage, cname: str) -> None:
    assert stage.acquire(cname).cname == cname


@pytest.mark.parametrize(
    "cname", ["x" * 65, "a/b", "a*b", "a'b", 'a"b', "a\\b", "a`b", "房", "a\n"]
)
def test_a_channel_name_just_outside_is_refused(stage: Stage, cname: str) -> None:
    body = {"cname": cname, "uid": "1", "clientRequest": {}}

    status, said = stage.send("acquire", "acquire", body)

    assert (status, said) == (400, {"code": 401, "reason": "invalid_channel_name"})
