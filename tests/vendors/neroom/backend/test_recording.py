"""A recording over HTTP alone: started, stopped, listed; its files, also in the video store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend
    from tests.vendors.neroom.conftest import Clients

EPOCH_MS = 1_893_456_000_000


def listed(backend: Backend, archive: str) -> Any:
    return backend.scene("GET", f"/v2/rooms/record/list?roomArchiveId={archive}")["data"]


def finished(backend: Backend, video: int = 0) -> str:
    """Record a minute, and wait until the files are in the store."""
    archive = backend.create()
    backend.enter(audio=1, video=video)
    backend.record(user="alice")
    backend.neroom.advance(minutes=1)
    backend.record("0", user="alice")
    backend.neroom.advance(minutes=1)
    return archive


def test_a_start_names_the_recording_and_the_event_who_started_it(
    backend: Backend, client: Clients
) -> None:
    archive = backend.create()
    bob = client("bob")
    bob.join()
    backend.enter(audio=1)

    started = backend.record(user="alice")
    backend.neroom.settle()

    assert bob.states == [(0, "alice")]
    assert started["data"] == {"recordId": listed(backend, archive)[0]["recordId"]}
    room = backend.room("GET", "/snapshot")["data"]["snapshot"]["room"]
    assert room["properties"]["record"]["recordId"] == started["data"]["recordId"]


def test_a_server_starts_and_stops_and_nobody_is_named(backend: Backend, client: Clients) -> None:
    backend.create()
    alice = client("alice")
    alice.join()
    alice.talk()

    started, stopped = backend.record(), backend.record("0")
    backend.neroom.settle()

    assert (started["code"], stopped["code"], stopped["data"]) == (0, 0, None)
    assert alice.states == [(0, None), (1, None)]


def test_a_second_start_a_stop_of_nothing_and_an_empty_room_are_errors(backend: Backend) -> None:
    backend.create()
    backend.enter()

    nobody = backend.record(user="alice")["code"]
    backend.room("PUT", "/members/alice/streams/audio", {"value": 1}, "alice")
    codes = [backend.record(state, user="alice")["code"] for state in ("0", "1", "1", "0", "0")]

    assert (nobody, codes) == (1001, [800, 0, 409, 0, 800])


def test_a_stranger_a_room_without_recording_and_a_wrong_role_do_not_record(
    backend: Backend,
) -> None:
    backend.create(config={"record": False})
    backend.enter(audio=1)

    assert backend.record(user="bob")["code"] == 1014
    assert backend.record(user="alice")["code"] == 600420
    assert backend.record("2", user="alice")["code"] == 400


@pytest.mark.recording_emulator(settings={"neroom": {"record_roles": ["host"]}})
def test_a_template_may_leave_recording_to_some_roles(backend: Backend) -> None:
    backend.create()
    backend.enter("bob", "member", audio=1)

    assert backend.record(user="bob")["code"] == 403
    assert backend.record()["code"] == 0


@pytest.mark.recording_emulator(settings={"neroom": {"record_state_path": "0start"}})
def test_a_tenant_may_have_the_numbers_of_the_sdk(backend: Backend) -> None:
    backend.create()
    backend.enter(audio=1)

    codes = [backend.record(state, user="alice")["code"] for state in ("1", "0", "1")]

    assert codes == [800, 0, 0]


@pytest.mark.recording_emulator(settings={"neroom": {"callback_first": False}})
def test_an_answer_that_comes_after_the_events_names_the_recording_too(backend: Backend) -> None:
    backend.create()
    backend.enter(audio=1)

    assert backend.record(user="alice")["data"]["recordId"].startswith("rec_")


def test_the_body_of_a_start_says_what_is_recorded(backend: Backend, neroom: NeRoom) -> None:
    archive = backend.create()
    backend.enter(audio=1, video=1)
    config = {"rtcRecordType": 100, "modeList": [{"mode": 2}]}

    wrong = backend.record(body={"rtcRecordType": 100}, user="alice")
    backend.record(body=config, user="alice")
    neroom.advance(minutes=1)
    backend.record("0")
    neroom.advance(minutes=1)

    (record,) = listed(backend, archive)
    assert wrong["code"] == 400
    assert [each["mix"] for each in record["infoList"]] == [True]


def test_a_room_may_begin_to_record_by_itself(backend: Backend, client: Clients) -> None:
    properties = {"recordConfig": {"recordStrategy": 1}}
    resource = {"resource": {"record": True}}
    body = {"roomUuid": "room-7", "roomConfig": resource, "roomProperties": properties}
    backend.call("PUT", "/apps/v2/room", body)
    alice = client("alice")
    alice.join()

    alice.talk()
    backend.neroom.settle()

    assert alice.states == [(0, None)]


def test_a_recording_ends_when_the_last_stream_does(backend: Backend, client: Clients) -> None:
    backend.recording()
    bob = client("bob")
    bob.join()

    backend.room("PUT", "/members/alice/streams/audio", {"value": 0}, "alice")
    backend.neroom.settle()

    assert bob.states == [(1, None)]


# --- files ----------------------------------------------------------------------------------------


def test_each_layer_lists_the_files_in_its_own_words(backend: Backend, copies: Inbox) -> None:
    archive = finished(backend)

    (record,) = listed(backend, archive)
    new = backend.archived("GET", archive, "/media_info")["data"]["file_infos"]
    old = backend.call("GET", f"/apps/v2/room-media?roomArchiveId={archive}")["data"]["fileInfos"]

    mix, single = record["infoList"]
    assert [each["vid"] for each in new] == [mix["vid"], single["vid"]]
    assert list(new[1]) == [
        "vid", "object_name", "url", "create_time", "record_id", "type", "mix", "md5", "size",
        "piece_index", "user_uuid",
    ]  # fmt: skip
    assert "user_uuid" not in new[0]
    assert new[0]["record_id"] == record["recordId"]
    assert old[0] == {
        "vid": mix["vid"],
        "objectName": mix["filename"],
        "url": mix["url"],
        "createTime": EPOCH_MS + 120_000,
    }
    assert len(httpx.get(old[0]["url"]).content) == mix["size"]
    assert [each.json["body"]["vid"] for each in copies.callbacks[-2:]] == [
        mix["vid"],
        single["vid"],
    ]


def test_the_list_needs_an_archive_that_is(backend: Backend) -> None:
    path = "/v2/rooms/record/list"

    codes = [backend.scene("GET", f"{path}{query}")["code"] for query in ("", "?roomArchiveId=1")]

    assert codes == [400, 1004]


# --- the video store ------------------------------------------------------------------------------


def test_a_file_is_in_the_video_store_under_its_vid(backend: Backend, neroom: NeRoom) -> None:
    archive = finished(backend, video=1)
    info = listed(backend, archive)[0]["infoList"][0]

    early = backend.video("get", info["vid"])
    neroom.advance(seconds=200)
    late = backend.video("get", str(info["vid"]))

    assert (early["code"], early["ret"]["status"]) == (200, 30)
    ret = late["ret"]
    assert (ret["status"], ret["completeTime"]) == (40, EPOCH_MS + 320_000)
    assert (ret["videoName"], ret["initialSize"]) == (info["filename"], info["size"])
    assert listed(backend, archive)[0]["infoList"][0]["vodInfo"]["status"] == 40
    assert httpx.get(ret["downloadOrigUrl"]).content == httpx.get(info["url"]).content


def test_a_deleted_file_is_gone_and_its_url_is_404(backend: Backend) -> None:
    archive = finished(backend)
    info = listed(backend, archive)[0]["infoList"][0]

    deleted = backend.video("videoDelete", info["vid"])

    assert deleted == {"code": 200, "msg": "", "ret": {}}
    assert backend.video("get", info["vid"]) == {"code": 404, "msg": "vid not found"}
    assert httpx.get(info["url"]).status_code == 404
    assert listed(backend, archive)[0]["infoList"][0]["vodInfo"] is None


@pytest.mark.parametrize(("effect", "status"), [("fail", 20), ("block", 50)])
def test_formats_may_never_be_made(
    backend: Backend, neroom: NeRoom, effect: str, status: int
) -> None:
    neroom.faults.add("transcode", effect=effect, times=2)
    archive = finished(backend)
    neroom.advance(seconds=200)

    vid = listed(backend, archive)[0]["infoList"][0]["vid"]

    assert backend.video("get", vid)["ret"]["status"] == status


def test_the_video_store_has_a_door_of_its_own(backend: Backend) -> None:
    path, signed = "/app/vod/video/get", backend.signed()
    stranger = {**signed, "AppKey": "nobody"}

    found = [
        backend.send("POST", path, {"vid": 1}),
        backend.send("POST", path, {"vid": 1}, {**signed, "CheckSum": "0"}),
        backend.send("POST", path, {"vid": 1}, stranger),
        backend.send("POST", path, {"vid": 1}, signed),
        backend.send("POST", path, b"{", signed),
        backend.send("GET", path, None, signed),
    ]

    assert [(each.status_code, each.json()["code"]) for each in found] == [
        (200, 401), (200, 401), (200, 403), (200, 404), (200, 414), (405, 405),
    ]  # fmt: skip
