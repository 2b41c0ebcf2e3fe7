"""Every field that the catalogue lists is taken, and whatever else comes is no error of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording_emulator.core.adapter import Malformed
from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom import paths, requests
from recording_emulator.vendors.neroom.settings import Settings
from recording_emulator.vendors.neroom.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend

RESOURCE = {
    "rtc": True, "record": {"enable": True}, "whiteboard": True, "chatroom": False, "sip": False,
    "live": {"enable": False}, "seat": {"enable": True},
}  # fmt: skip
WHOLE: dict[str, dict[str, Any]] = {
    "restCreateUser": {
        "user_uuid": "alice", "user_name": "A", "user_token": "t", "icon": "i", "im_token": "m",
    },
    "restUpdateUser": {"user_name": "A", "user_token": "t", "icon": "i", "im_token": "m"},
    "restCreateRtcUid": {"user_uuid": "alice", "rtc_uid": 7},
    "restCreateRoom": {
        "template_id": 40, "room_uuid": "room-8", "room_name": "R", "password": "p",
        "host_user_uuid": "alice", "type": 1, "room_profile": 0, "config": RESOURCE,
    },
    "restUpdateRoom": {"room_name": "R", "password": "p"},
    "restSetRole": {"role": "host"},
    "restUpdateMember": {"user_name": "A", "role": "host"},
    "appsCreateRoom": {
        "templateId": 40, "roomUuid": "room-8", "roomName": "R", "password": "p",
        "hostUserUuid": "alice", "roomConfig": {"resource": RESOURCE},
        "roomProperties": {"a": 1}, "externalLiveConfig": {"pushUrl": "u"},
        "roomSeatConfig": {"seatCount": 8},
    },
    "appsPutUser": {
        "userToken": "t", "imToken": "m", "assertNotExist": False, "updateOnConflict": True,
        "userName": "A", "icon": "i",
    },
    "appsGetToken": {"userUuid": "alice"},
    "sceneCreateRoom": {
        "roomName": "R", "configId": 40, "password": "p", "properties": {"a": "b"},
        "config": {"resource": RESOURCE},
    },
    "sceneEnter": {
        "userName": "B", "role": "member", "password": "",
        "streams": {"audio": {"value": 1}, "video": {"value": 1}},
    },
    "sceneSetStream": {"value": 1},
    "sceneSetState": {"value": 1},
    "sceneSetProperty": {"value": "v"},
    "sceneRecord": {"rtcRecordType": 100, "modeList": [{"mode": 2}]},
    "getVideo": {"vid": 0},
    "deleteVideo": {"vid": 0},
}  # fmt: skip
"""A body of each call with everything in it; a vid is put in when there is one."""
BODY_CALLS = sorted({each.operation for each in SURFACE.bodies})


def place(backend: Backend, operation: str, archive: str) -> str:
    """Fill in the path of an operation, about things that are there."""
    path = next(each.path for each in SURFACE.operations if each.name == operation)
    room = "room-8" if operation == "sceneCreateRoom" else "room-7"
    user = "bob" if operation in ("sceneEnter", "restUpdateUser") else "alice"
    named = {
        "appKey": backend.neroom.app_key, "roomUuid": room, "userUuid": user, "user_uuid": user,
        "room_archive_id": archive, "streamType": "audio", "recordState": "1",
        "key": "lock" if "State" in operation else "k",
    }  # fmt: skip
    return path.format(**named)


def prepared(backend: Backend, copies: Inbox) -> tuple[str, int]:
    """Have a room that Alice is in, whose first recording is in the store, and a user Bob."""
    archive = backend.recording()
    backend.neroom.advance(minutes=1)
    backend.record("0")
    backend.neroom.advance(minutes=1)
    backend.call("POST", "/neroom/v3/users", {"user_uuid": "bob"})
    return archive, int(copies.callbacks[-1].json["body"]["vid"])


@pytest.mark.parametrize("operation", BODY_CALLS)
def test_a_body_with_every_field_is_taken(backend: Backend, copies: Inbox, operation: str) -> None:
    archive, vid = prepared(backend, copies)
    body = dict(WHOLE[operation])
    if "vid" in body:
        body["vid"] = vid
    method = next(each.method for each in SURFACE.operations if each.name == operation)
    path = place(backend, operation, archive)
    own = backend.neroom
    user = {"user": "bob", "token": own.token("bob")}
    headers = user if operation == "sceneEnter" else backend.signed()
    if operation == "sceneSetStream":
        headers = {"user": "alice", "token": own.token("alice")}

    found = backend.send(method, path, body, headers)

    ok = 200 if operation in ("getVideo", "deleteVideo") else 0
    assert found.json()["code"] == ok, found.text
    assert "unknown field" not in str(own.journal()[-2:])


def test_every_body_of_the_catalogue_is_tried() -> None:
    assert set(WHOLE) == {each.operation for each in SURFACE.bodies}


def test_a_field_that_nobody_knows_is_a_remark_not_an_error(backend: Backend) -> None:
    body = {"room_uuid": "r", "roomName": "x"}

    made = backend.call("POST", "/neroom/v4/rooms", body)

    assert made["code"] == 0
    call = next(each for each in backend.neroom.journal() if each["kind"] == "call")
    assert "unknown field $.roomName (did you mean room_name?)" in str(call)


# --- what does not fit ----------------------------------------------------------------------------


PLACES = {
    "appKey": "k", "roomUuid": "room-7", "userUuid": "a", "user_uuid": "a", "room_archive_id": "1",
    "streamType": "audio", "recordState": "1", "key": "lock",
}  # fmt: skip
OUGHT = sorted(requests.BODIES)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each),
    max_leaves=8,
)


def read(operation: str, body: bytes, query: str = "", **places: str) -> object:
    path = next(each.path for each in SURFACE.operations if each.name == operation)
    given = {**PLACES, **places}
    route = paths.Route(operation, {name: given[name] for name in re.findall(r"{(\w+)}", path)})
    return requests.read(route, body, query, "alice", 1, Settings())[0]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    operation=st.sampled_from(sorted(paths.NAMES)),
    body=st.binary(max_size=60) | ANYTHING.map(msgspec.json.encode),
    query=st.text(max_size=40),
    place=st.text(min_size=1, max_size=70),
)
def test_no_request_raises(operation: str, body: bytes, query: str, place: str) -> None:
    found = read(operation, body, query, **dict.fromkeys(PLACES, place))

    assert found is not None


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), operation=st.sampled_from(OUGHT))
def test_a_body_with_one_thing_spoiled_is_400_or_taken(data: st.DataObject, operation: str) -> None:
    field = data.draw(st.sampled_from(sorted(WHOLE[operation])))
    body = {**WHOLE[operation], field: data.draw(ANYTHING)}

    found = read(operation, msgspec.json.encode(body))

    assert not isinstance(found, Malformed) or found.row == "400 Bad Request"


@pytest.mark.parametrize(
    ("operation", "spoil"),
    [
        ("restCreateRoom", {"room_uuid": ""}),
        ("restCreateRoom", {"room_uuid": "r" * 65}),
        ("restCreateRoom", {"room_uuid": "a room"}),
        ("restCreateRoom", {"room_name": "n" * 65}),
        ("restCreateRoom", {"password": "p" * 21}),
        ("restCreateRoom", {"type": 3}),
        ("restCreateRoom", {"config": {"record": "yes"}}),
        ("restCreateUser", {"user_uuid": "u" * 65}),
        ("restCreateUser", {"user_token": ""}),
        ("restCreateRtcUid", {"rtc_uid": 0}),
        ("restSetRole", {"role": ""}),
        ("appsCreateRoom", {"roomProperties": {"recordConfig": {"rtcRecordType": 7}}}),
        ("appsCreateRoom", {"roomProperties": {"recordConfig": "{"}}),
        ("sceneCreateRoom", {"properties": {"recordConfig": 1}}),
        ("sceneEnter", {"userName": None}),
        ("sceneEnter", {"streams": {"audio": {"value": 2}}}),
        ("sceneSetStream", {"value": "1"}),
        ("sceneSetState", {"value": None}),
        ("sceneSetProperty", {"value": None}),
        ("sceneRecord", {"modeList": [{"mode": 7}]}),
        ("sceneRecord", {"modeList": [{"mode": 1}, {"mode": 1}]}),
        ("sceneRecord", {"rtcRecordType": 1}),
        ("appsGetToken", {"userUuid": ""}),
    ],
)
def test_a_field_that_does_not_fit_is_400(operation: str, spoil: dict[str, Any]) -> None:
    body = msgspec.json.encode({**WHOLE[operation], **spoil})

    found = read(operation, body)

    assert isinstance(found, Malformed)
    assert found.row == "400 Bad Request"
    assert found.hint


@pytest.mark.parametrize(
    ("operation", "places"),
    [
        ("sceneCreateRoom", {"roomUuid": "a room"}),
        ("sceneSetStream", {"userUuid": "u" * 65}),
        ("sceneSetProperty", {"key": "k" * 65}),
        ("sceneDeleteProperty", {"key": "k" * 65}),
        ("sceneRecord", {"recordState": "start"}),
        ("restUpdateUser", {"user_uuid": "u" * 65}),
        ("restKick", {"room_archive_id": "1" * 37}),
    ],
)
def test_a_place_in_the_path_that_does_not_fit_is_400(
    operation: str, places: dict[str, str]
) -> None:
    body = msgspec.json.encode(WHOLE.get(operation, {}))

    found = read(operation, body, **places)

    assert isinstance(found, Malformed)
    assert found.row == "400 Bad Request"
