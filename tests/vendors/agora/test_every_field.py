"""Every field of the catalogue: bodies that hold it are accepted, and its row's words are true.

The bodies are whole ones as a client would send them; between them they hold every field that is
taken in their mode. What a row says is allowed is read back from the row: one step outside of it is
code 2, and so is every block of another mode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.surface import NOTHING, Field
from recording_emulator.vendors.agora.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Said, Stage

SALT = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PLAIN = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
STORAGE = {
    **PLAIN,
    "stsToken": "session",
    "stsExpiration": 1_900_000_000,
    "fileNamePrefix": ["lessons", "2030"],
    "extensionParams": {"sse": "kms", "tag": "lessons", "endpoint": ""},
}
PANE = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1, "uid": "41", "alpha": 1,
        "render_mode": 0}  # fmt: skip
PICTURE = {
    "mixedVideoLayout": 3,
    "maxResolutionUid": "41",
    "backgroundColor": "#102030",
    "backgroundImage": "https://example.test/back.jpg",
    "defaultUserBackgroundImage": "https://example.test/user.jpg",
    "layoutConfig": [PANE],
    "backgroundConfig": [
        {"uid": "41", "image_url": "https://example.test/41.jpg", "render_mode": 1}
    ],
}
CHANNEL = {
    "channelType": 1,
    "streamTypes": 2,
    "streamMode": "default",
    "videoStreamType": 1,
    "maxIdleTime": 60,
    "decryptionMode": 8,
    "secret": "passphrase",
    "salt": SALT,
    "audioProfile": 1,
    "privateParams": '{"correctEXTINF":true}',
    "subscribeUidGroup": 1,
}
ONLY = {"subscribeAudioUids": ["41"], "subscribeVideoUids": ["41"]}
EXCEPT = {"unSubscribeAudioUids": ["41"], "unSubscribeVideoUids": ["41"]}
EXCEPT_LOWER = {"unsubscribeAudioUids": ["41"], "unsubscribeVideoUids": ["41"]}
MISSPELT = {"unsunscribeVideoUids": ["41"]}
LISTS = (ONLY, EXCEPT, EXCEPT_LOWER, MISSPELT)
PAGE = {
    "url": "https://example.test/board",
    "audioProfile": 1,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 4,
    "videoBitrate": 2000,
    "videoFps": 30,
    "mobile": False,
    "maxVideoDuration": 90,
    "onhold": False,
    "readyTimeout": 10,
}
OLD_PAGE = {
    **{name: value for name, value in PAGE.items() if name != "videoBitrate"},
    "VideoBitrate": 1500,
}
OUTPUTS = [{"rtmpUrl": "rtmp://cdn.test/live/41"}]


def start_web(page: dict[str, Any]) -> dict[str, Any]:
    services = [
        {
            "serviceName": "web_recorder_service",
            "errorHandlePolicy": "error_abort",
            "serviceParam": page,
        },
        {
            "serviceName": "rtmp_publish_service",
            "errorHandlePolicy": "error_ignore",
            "serviceParam": {"outputs": OUTPUTS},
        },
    ]
    config = {
        "errorHandlePolicy": "error_abort",
        "apiVersion": "v1",
        "extensionServices": services,
    }
    return {
        "token": "007token",
        "storageConfig": STORAGE,
        "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
        "extensionServiceConfig": config,
    }


def update_lists(lists: dict[str, Any]) -> dict[str, Any]:
    heard = {name: uids for name, uids in lists.items() if "Audio" in name}
    seen = {name: uids for name, uids in lists.items() if "Video" in name}
    return {"streamSubscribe": {"audioUidList": heard, "videoUidList": seen}}


BODIES: dict[str, list[dict[str, Any]]] = {
    "acquire": [
        {
            "scene": 0,
            "resourceExpiredHour": 24,
            "region": "CN",
            "regionAffinity": 1,
            "excludeResourceIds": ["another"],
            "startParameter": {"storageConfig": STORAGE},
        }
    ],
    "start mix": [
        {
            "token": "007token",
            "storageConfig": STORAGE,
            "recordingConfig": {
                **CHANNEL,
                **lists,
                "transcodingConfig": {
                    **PICTURE, "width": 1280, "height": 720, "fps": 15, "bitrate": 1500,
                },
            },
            "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
        }
        for lists in LISTS
    ],
    "start individual": [
        *(
            {
                "token": "007token",
                "storageConfig": STORAGE,
                "recordingConfig": {**CHANNEL, **lists},
                "recordingFileConfig": {"avFileType": ["hls"]},
                "snapshotConfig": {"fileType": ["jpg"], "captureInterval": 5},
            }
            for lists in LISTS
        ),
        {
            "storageConfig": STORAGE,
            "recordingConfig": {"subscribeUidGroup": 0},
            "appsCollection": {"combinationPolicy": "postpone_transcoding"},
            "transcodeOptions": {
                "transConfig": {"transMode": "postponeTranscoding"},
                "container": {"format": "mp4"},
                "audio": {"sampleRate": "48000", "bitrate": "48000", "channels": "2"},
            },
        },
    ],
    "start web": [start_web(PAGE), start_web(OLD_PAGE)],
    "update": [
        *(update_lists(lists) for lists in LISTS),
        {"storageConfig": STORAGE},
    ],
    "update web": [
        {"webRecordingConfig": {"onhold": True}, "rtmpPublishConfig": {"outputs": OUTPUTS}},
        {"storageConfig": STORAGE},
    ],
    "updateLayout": [PICTURE],
    "stop": [{"async_stop": True}],
}  # fmt: skip
FIELDS = SURFACE.fields
TAKEN = [field for field in FIELDS if field.allowed != NOTHING]


def ask(stage: Stage, operation: str, params: dict[str, Any]) -> Said:
    """Make the call with these parameters, on a task of the mode that is ready for it."""
    name, _, mode = operation.partition(" ")
    if name == "acquire":
        body = {"cname": "demo", "uid": "900001", "clientRequest": params}
        return stage.send("acquire", "acquire", body)
    if name == "start":
        scene = {"mix": 0, "individual": 2 if "appsCollection" in params else 0, "web": 1}[mode]
        return stage.acquire(mode=mode, scene=scene).call("start", params)
    job: Job = stage.record_page() if mode == "web" else stage.record()
    stage.advance(5_000)
    return job.call(name, params)


def holders(body: Any, path: str) -> Iterator[dict[str, Any]]:
    """Find every object of a body in which the last name of a path stands."""
    head, _, rest = path.partition(".")
    if not rest:
        if isinstance(body, dict) and head in body:
            yield body
        return
    inside = body.get(head.removesuffix("[]")) if isinstance(body, dict) else None
    for each in inside if head.endswith("[]") and isinstance(inside, list) else [inside]:
        yield from holders(each, rest)


def bodies(field: Field) -> Iterator[dict[str, Any]]:
    """Copy the bodies that hold a field."""
    for body in BODIES[field.operation]:
        if any(True for _ in holders(body, field.path)):
            yield deepcopy(body)


# --- what is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        pytest.param(operation, params, id=f"{operation} {nth}")
        for operation, found in BODIES.items()
        for nth, params in enumerate(found)
    ],
)
def test_a_whole_body_is_accepted(stage: Stage, operation: str, params: dict[str, Any]) -> None:
    status, said = ask(stage, operation, params)

    assert status == 200, said


@pytest.mark.parametrize("field", TAKEN, ids=lambda field: field.id)
def test_every_field_that_is_taken_stands_in_a_body_that_is_accepted(field: Field) -> None:
    assert list(bodies(field))


# --- what is refused ------------------------------------------------------------------------------

WRONG_TYPE: dict[str, Any] = {
    "string": 1, "integer": "1", "number": "1", "boolean": 1, "object": 1, "array": 1,
}  # fmt: skip


def outside(allowed: str, good: Any) -> list[Any]:
    """List values one step outside of what the catalogue's words allow.

    >>> outside("integer >= 5 <= 60", 30)
    ['1', 4, 61]
    >>> outside("one of CN, EU", "CN")
    ['no such value', '']
    >>> outside("array items <= 1 of one of jpg", ["jpg"])
    [1, ['jpg', 'jpg'], ['no such value'], ['']]
    """
    words, _, items = (
        allowed.partition(" of ") if allowed.startswith("array") else (allowed, "", "")
    )
    if words.startswith("one of "):
        known = words.removeprefix("one of ").split(", ")
        return _not_in(known, good)
    found = [WRONG_TYPE[words.partition(" ")[0]]]
    for bound, text in re.findall(r"((?:length |items )?[<>]=) ([0-9.]+)", words):
        limit = float(text) if "." in text else int(text)
        match bound:
            case ">=":
                found.append(limit - 1)
            case "<=":
                found.append(limit + 1)
            case "length >=":
                found.append(good[:0])
            case "length <=":
                found.append(good + "x" * (int(limit) + 1 - len(good)))
            case _:
                found.append((good * (int(limit) + 1))[: int(limit) + 1])
    if "matching" in words:
        found.append(" ")
    if items:
        found += [[each] for each in outside(items, good[0])]
    return found


def _not_in(known: list[str], good: Any) -> list[Any]:
    if isinstance(good, int):
        return [max(map(int, known)) + 1, min(map(int, known)) - 1, str(good)]
    return [each for each in ("no such value", "") if each not in known]


def refusals() -> Iterator[Any]:
    for field in TAKEN:
        for body in bodies(field):
            good = next(holders(body, field.path))[field.path.rpartition(".")[2]]
            for nth, value in enumerate(outside(field.allowed, good)):
                yield pytest.param(field, value, id=f"{field.id} {nth}")
            break


@pytest.mark.parametrize(("field", "value"), list(refusals()))
def test_what_the_catalogue_does_not_allow_is_code_2_and_names_the_field(
    stage: Stage, field: Field, value: Any
) -> None:
    name = field.path.rpartition(".")[2]
    params = next(bodies(field))
    next(holders(params, field.path))[name] = value

    status, said = ask(stage, field.operation, params)

    operation = field.operation.partition(" ")[0]
    reason = f"{operation[0].upper()}{operation[1:]}: invalid {name} value!"
    assert (status, said["code"], said["reason"]) == (400, 2, reason)


@pytest.mark.parametrize(
    "field",
    [field for field in FIELDS if field.allowed == NOTHING],
    ids=lambda field: field.id,
)
def test_a_block_of_another_mode_is_code_2_and_named(stage: Stage, field: Field) -> None:
    params = deepcopy(BODIES[field.operation][0])
    *way, name = field.path.split(".")
    inside = params
    for key in way:
        inside = inside[key]
    inside[name] = {}

    status, said = ask(stage, field.operation, params)

    assert (status, said["code"]) == (400, 2)
    assert f"invalid {name} value!" in said["reason"]
