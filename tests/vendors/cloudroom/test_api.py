"""The HTTP API: who may call it, the net disk, rooms, and the callbacks."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.testing import Emulator, Inbox, Tenant
from recording_emulator.vendors.cloudroom.client import DEMO, CloudRoomClient
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients

HINT = "x-recording-emulator-hint"


@pytest.fixture
def recorded(client: "Clients", cloudroom: CloudRoom) -> None:
    """Two files in ``/d/`` and one in ``/d/e/``, ten seconds apart."""
    alice, _, _ = client.pair()
    for nth, path in enumerate(("/d/a.mp3", "/d/b.mp3", "/d/e/c.mp3")):
        alice.create({"audioFileCfg": {"svrPathName": path}}, f"m{nth}")
        cloudroom.advance(seconds=5)
        alice.destroy(f"m{nth}")
        cloudroom.advance(seconds=5)


# --- the door -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SecretKey": "0" * 32}, "3"),
        ({"SecretKey": "A7FEBFF6A21C36FB50150F88C95EF641"}, "3"),
        ({"CompID": 77}, "2"),
        ({"CompID": "seventy"}, "4"),
        ({"CompID": None}, "4"),
        ({"SecretKey": ""}, "4"),
        ({"RequestId": ""}, "4"),
        ({"PageNumber": "first"}, "4"),
        ({"PageNumber": "1"}, "0"),
    ],
    ids=str,
)
def test_who_calls_is_judged_in_order(api: "Api", changes: dict[str, Any], code: str) -> None:
    assert api.code("netDisk/query", **changes) == code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"null", b"[" * 5_000])
def test_a_body_that_is_no_object_is_4(api: "Api", body: bytes) -> None:
    answer = api.http.post("/netDisk/query", content=body)

    assert answer.status_code == 200
    assert answer.json()["RspCode"] == "4"
    assert answer.headers[HINT]


def test_names_may_have_any_case(api: "Api", cloudroom: CloudRoom) -> None:
    body = {name.lower(): value for name, value in cloudroom.signed(FileName="/x").items()}

    assert api.http.post("/netDisk/query", json=body).json()["RspCode"] == "0"


def test_an_unknown_path_is_404(api: "Api", cloudroom: CloudRoom) -> None:
    for path in ("/netDisk/rename", "/project/add"):
        assert api.http.post(path, json=cloudroom.signed()).status_code == 404
    assert api.http.get("/netDisk/delete").status_code == 404


@pytest.mark.recording_emulator(settings={"cloudroom": {"api_open": False}})
def test_an_account_without_the_api_is_1(api: "Api") -> None:
    assert api.code("netDisk/query") == "1"


@pytest.mark.recording_emulator(settings={"cloudroom": {"rspcode_as_int": True}})
def test_the_code_can_be_a_number(api: "Api") -> None:
    assert api.post("netDisk/query")["RspCode"] == 0


def test_the_api_is_unmistakable_at_the_root_and_by_its_host(cloudroom: CloudRoom) -> None:
    root = cloudroom.base_url.removesuffix("/cloudroom")
    body = cloudroom.signed()

    plain = httpx.post(f"{root}/CLOUDROOM-API/netDisk/query", json=body)
    host = {"Host": "www.cloudroom.com"}
    named = httpx.post(f"{root}/CLOUDROOM-API/room/create", json=body, headers=host)

    assert plain.json()["RspCode"] == named.json()["RspCode"] == "0"


# --- JSONP ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["CLOUDROOM-API", "CLOUDMEETING-API"])
def test_a_page_may_query_by_jsonp_with_an_apps_credentials(
    cloudroom: CloudRoom, recorded: None, prefix: str
) -> None:
    own = cloudroom.sdk_query("x")
    query = {"callback": "got", "RequestId": "r", "FileName": "/d/a.mp3"}
    url = f"{cloudroom.base_url}/{prefix}/netDisk/query"

    app = httpx.get(url, params={**query, "UserName": own["appID"], "UserPswd": own["secret"]})
    company = httpx.get(url, params={**query, **cloudroom.signed()})
    wrong = httpx.get(url, params={**query, "UserName": own["appID"], "UserPswd": "0" * 32})
    nobody = httpx.get(url, params={**query, "UserName": "x", "UserPswd": "0" * 32})
    script = httpx.get(url, params={**query, **cloudroom.signed(), "callback": "alert(1)"})

    assert app.headers["content-type"].startswith("application/javascript")
    assert app.text == company.text
    found = json.loads(app.text.removeprefix("got(").removesuffix(");"))
    assert found["Data"]["fileNum"] == 1
    assert wrong.text.startswith('got({"RspCode":"3"')
    assert nobody.text.startswith('got({"RspCode":"2"')
    assert script.json()["RspCode"] == "4"


# --- the net disk ---------------------------------------------------------------------------------


def test_a_directory_lists_its_files_newest_first_and_what_is_below(
    api: "Api", recorded: None
) -> None:
    data = api.post("netDisk/query", FilePath="/d/")["Data"]

    assert list(data) == ["fileList", "dirData", "fileNum", "searchTime"]
    assert [each["fileName"] for each in data["fileList"]] == ["b.mp3", "a.mp3"]
    assert data["dirData"] == [{"dirId": 1, "parentId": 0, "dirPath": "/d/e/", "dirName": "e"}]
    assert (data["fileNum"], data["searchTime"]) == (2, "2030-01-01 08:00:30")


def test_a_file_is_described_as_the_sheet_has_it(
    api: "Api", cloudroom: CloudRoom, recorded: None
) -> None:
    (file,) = api.files(FileName="/d/a.mp3")

    assert list(file) == ["id", "fileName", "filePath", "fileSize", "downUrl", "ctime"]
    assert (file["fileName"], file["filePath"]) == ("a.mp3", "/d/a.mp3")
    assert (file["fileSize"], file["ctime"]) == ("64000", "2030-01-01 08:00:07")
    assert len(httpx.get(file["downUrl"]).content) == 64_000


def test_pages_stay_the_same_while_files_come(api: "Api", cloudroom: CloudRoom) -> None:
    put(api, cloudroom, "one.mp4")
    cloudroom.advance(seconds=10)
    first = api.post("netDisk/query", PageSize=1)["Data"]
    cloudroom.advance(seconds=10)
    put(api, cloudroom, "two.mp4")

    again = api.post("netDisk/query", PageSize=1, SearchTime=first["searchTime"])["Data"]
    now = api.post("netDisk/query", PageSize=1, PageNumber=2)["Data"]

    assert again["fileList"] == first["fileList"]
    assert (now["fileList"], now["fileNum"]) == (first["fileList"], 2)


@pytest.mark.parametrize("size", [0, 51])
def test_a_page_size_out_of_range_is_the_default(
    api: "Api", cloudroom: CloudRoom, size: int
) -> None:
    for nth in range(21):
        put(api, cloudroom, f"{nth}.mp4")

    assert len(api.files(PageSize=size)) == 20
    assert len(api.files(PageSize=50)) == 21


@pytest.mark.recording_emulator(settings={"cloudroom": {"netdisk_visible_delay_ms": 2_000}})
def test_a_file_can_be_visible_later_and_so_is_its_callback(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Inbox
) -> None:
    alice, _, _ = client.recording()
    alice.destroy()
    cloudroom.advance(seconds=3)
    before = (alice.outputs[-1]["state"], api.files(FileName="/d/talk.mp3"))

    cloudroom.advance(seconds=1)

    assert before == (7, [])
    assert len(api.files(FileName="/d/talk.mp3")) == 1
    assert callbacks.event_types[-1] == "RECORD_FINISH"


@pytest.mark.recording_emulator(settings={"cloudroom": {"netdisk_visible_delay_ms": 60_000}})
def test_a_file_that_is_deleted_before_it_is_visible_is_not_announced(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Inbox
) -> None:
    alice, _, _ = client.recording()
    alice.destroy()
    cloudroom.advance(seconds=10)

    deleted = api.code("netDisk/delete", FileName="/d/talk.mp3")
    cloudroom.advance(minutes=2)

    assert deleted == "0"
    assert "RECORD_FINISH" not in callbacks.event_types


def test_a_file_is_deleted_by_id_before_name(api: "Api", recorded: None) -> None:
    a = api.files(FileName="/d/a.mp3")[0]["id"]

    first = api.code("netDisk/delete", FileID=a, FileName="/d/b.mp3")
    left = [each["fileName"] for each in api.files(FilePath="/d/")]

    assert (first, left) == ("0", ["b.mp3"])
    assert api.code("netDisk/delete", FileName="d/b.mp3") == "0"
    assert api.code("netDisk/delete", FileName="/d/b.mp3") == "5"
    assert api.code("netDisk/delete") == "4"


def put(api: "Api", cloudroom: CloudRoom, name: str, content: bytes = b"mp4", **more: str) -> str:
    fields = {key: str(value) for key, value in cloudroom.signed(FileName=name).items()}
    file = {"file": (name, content)}
    answer = api.http.post("/netDisk/upload", data={**fields, **more}, files=file)
    assert answer.status_code == 200
    return str(answer.json()["RspCode"])


def test_a_file_can_be_uploaded(api: "Api", cloudroom: CloudRoom) -> None:
    code = put(api, cloudroom, "%e4%bc%9a.mp4", b"x" * 1_000, DirPath="%2f%2f2018")

    (file,) = api.files(FileName="/2018/会.mp4")
    assert code == "0"
    assert file["fileSize"] == "1000"
    assert put(api, cloudroom, "会.mp4", DirPath="//2018") == "9"


def test_what_was_uploaded_is_served_byte_for_byte_and_is_no_text_of_the_journal(
    api: "Api", cloudroom: CloudRoom
) -> None:
    content = bytes(range(256)) * 20 + b"\r\n--\r\r\n\n"

    assert put(api, cloudroom, "a.mp4", content) == "0"

    (file,) = cloudroom.objects()
    found = httpx.get(file.url)
    assert (found.content, found.headers["content-type"]) == (content, "video/mp4")
    (call,) = [each for each in cloudroom.journal(kind="call") if "upload" in each["name"]]
    assert call["detail"]["given"]["uploaded_bytes"] == "<secret>"


def test_a_snapshot_holds_what_was_uploaded(
    api: "Api", cloudroom: CloudRoom, tenant: Tenant
) -> None:
    put(api, cloudroom, "a.mp4", b"\x00\xff")
    url = f"{tenant.emulator.url}/_emulator"

    httpx.post(f"{url}/snapshots?name=fork", content=cloudroom.snapshot()).raise_for_status()

    (file,) = httpx.get(f"{url}/tenants/fork/objects").json()["objects"]
    assert httpx.get(file["url"]).content == b"\x00\xff"
    httpx.delete(f"{url}/tenants/fork")


def test_beyond_16_mib_uploads_are_stood_in_for_until_one_is_deleted(
    api: "Api", cloudroom: CloudRoom
) -> None:
    content = b"x" * (1 << 20 >> 1)

    def is_kept(name: str) -> bool:
        assert put(api, cloudroom, name, content) == "0"
        return cloudroom.read_object(name, bucket="netdisk") == content

    kept = [is_kept(f"{number}.mp4") for number in range(33)]
    api.code("netDisk/delete", FileName="/0.mp4")

    assert kept == [True] * 32 + [False]
    assert is_kept("again.mp4")
    assert {each.size_bytes for each in cloudroom.objects()} == {len(content)}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.avi", b"x", "6"), ("a", b"x", "11"), ("a.mp4", b"x" * 1_100_000, "7")],
    ids=["no MP4", "no suffix", "too large"],
)
def test_an_upload_that_is_refused_says_why(
    api: "Api", cloudroom: CloudRoom, name: str, content: bytes, code: str
) -> None:
    if code == "7":  # a body that is cut belongs to nobody, for it is not read
        assert put(api, cloudroom, name, content) == code
        return
    assert put(api, cloudroom, name, content) == code
    assert api.files() == []


@pytest.mark.recording_emulator(settings={"cloudroom": {"quota_bytes": 10}})
def test_an_upload_into_a_full_disk_is_10(api: "Api", cloudroom: CloudRoom) -> None:
    assert put(api, cloudroom, "a.mp4", b"x" * 11) == "10"
    assert put(api, cloudroom, "a.mp4", b"x" * 10) == "0"


def test_an_upload_that_is_no_form_or_leaves_the_disk_is_4(
    api: "Api", cloudroom: CloudRoom
) -> None:
    plain = api.http.post("/netDisk/upload", json=cloudroom.signed(FileName="a.mp4"))

    assert plain.json()["RspCode"] == "4"
    assert put(api, cloudroom, "a.mp4", DirPath="/../x") == "4"


# --- rooms ----------------------------------------------------------------------------------------


def test_rooms_are_made_counted_and_deleted(client: "Clients", api: "Api") -> None:
    room = api.post("room/create")["Data"]["RoomId"]
    alice = client("alice")
    alice.enter(room, "Alice L.")

    counts = api.post("room/onlineUsersNum/query", RoomIds=f"{room}, 99")["Data"]
    people = api.post("room/onlineMembers/query", RoomId=room)["Data"]
    deleted = api.code("room/delete", RoomId=room)

    assert len(str(room)) == 8
    assert counts == [{"RoomId": room, "UsersCount": 1}, {"RoomId": 99, "UsersCount": 0}]
    assert people == [{"NickName": "Alice L.", "JoinTime": 1_893_456_000}]
    assert deleted == "0"
    assert api.code("room/onlineMembers/query", RoomId=room) == "5"
    assert api.code("room/delete", RoomId=room) == "5"


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("room/delete", {}, "6"),
        ("room/onlineMembers/query", {}, "6"),
        ("room/onlineUsersNum/query", {}, "6"),
        ("room/onlineUsersNum/query", {"RoomIds": "a,b"}, "4"),
        ("room/onlineUsersNum/query", {"RoomIds": ",".join(["1"] * 51)}, "4"),
        ("room/onlineUsersNum/query", {"RoomIds": ",".join(["1"] * 50)}, "0"),
        ("room/delete", {"RoomId": "x"}, "4"),
    ],
    ids=str,
)
def test_rooms_are_named_by_number(
    api: "Api", path: str, fields: dict[str, Any], code: str
) -> None:
    assert api.code(path, **fields) == code


# --- callbacks ------------------------------------------------------------------------------------


def test_each_callback_is_as_the_document_has_it(
    client: "Clients", cloudroom: CloudRoom, callbacks: Inbox
) -> None:
    alice = client("alice")
    room = alice.make()
    alice.enter(room)
    alice.call("exitMeeting")
    alice.call("destroyMeeting", meetID=room)

    cloudroom.settle()

    told = [each.json for each in callbacks.callbacks]
    assert [list(each) for each in told] == [["EventType", "Time", "Signature", "Details"]] * 4
    assert [(each["EventType"], each["Details"]) for each in told] == [
        ("ROOM_CREATE", {"RoomId": room}),
        ("ROOM_JOIN", {"RoomId": room, "UID": "alice"}),
        ("ROOM_LEAVE", {"RoomId": room, "UID": "alice"}),
        ("ROOM_DELETE", {"RoomId": room}),
    ]
    assert all(each.is_genuine for each in callbacks.callbacks)


def test_a_callback_that_is_refused_comes_again_three_times_the_same_to_the_letter(
    client: "Clients", cloudroom: CloudRoom, callbacks: Inbox
) -> None:
    callbacks.answer(500)
    client("alice").make()

    cloudroom.advance(minutes=10)

    assert callbacks.event_types == ["ROOM_CREATE"] * 4
    assert len({each.body for each in callbacks.callbacks}) == 1
    (delivery,) = cloudroom.callbacks()
    starts = [each["at_ms"] - delivery.emitted_ms for each in delivery.attempts]
    assert (starts, delivery.fate) == ([0, 5_000, 35_000, 155_000], "lost")


def test_any_2xx_is_received(client: "Clients", cloudroom: CloudRoom, callbacks: Inbox) -> None:
    callbacks.answer(299, b"whatever")
    client("alice").make()

    cloudroom.settle()

    assert [each.fate for each in cloudroom.callbacks()] == ["delivered"]


def test_a_wrong_signature_is_seen(
    client: "Clients", cloudroom: CloudRoom, callbacks: Inbox
) -> None:
    cloudroom.faults.add("callback", effect="wrong_signature")
    client("alice").make()

    cloudroom.settle()

    (callback,) = callbacks.callbacks
    judge = CloudRoomClient().complaint
    assert not callback.is_genuine
    assert "Signature is" in judge(cloudroom.credentials, callback.headers, callback.body)
    assert "not a callback" in judge(cloudroom.credentials, {}, b"[]")


def test_the_target_can_be_checked(cloudroom: CloudRoom, callbacks: Inbox) -> None:
    target = cloudroom.send_callbacks_to(callbacks.url("cloudroom"), events=["RECORD_FINISH"])

    (checked,) = cloudroom.check_target(target)

    assert checked.ok


# --- the vendor's own defaults --------------------------------------------------------------------


def test_a_tenant_can_have_the_credentials_of_a_self_hosted_backend(
    recording_emulator_server: Emulator,
) -> None:
    tenant: Tenant = recording_emulator_server.tenant(
        "self-hosted", credentials={"cloudroom": dict(DEMO)}
    )
    sample = {"RequestId": "r", "CompID": 1, "SecretKey": "a7febff6a21c36fb50150f88c95ef641"}

    answer = httpx.post(
        f"{recording_emulator_server.url}/CLOUDROOM-API/room/create", json=sample
    ).json()

    handle = tenant.vendor("cloudroom")
    assert isinstance(handle, CloudRoom)
    assert (handle.comp_id, handle.secret_key) == (1, sample["SecretKey"])
    assert answer["RspCode"] == "0"
    tenant.close()
