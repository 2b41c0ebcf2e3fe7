"""Every row of the catalogue: each error by a fault, each field taken, each state named once."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, camera, picture

from recording_emulator.core.machine import Do, Machine, Refuse
from recording_emulator.core.surface import Basis, Sourced, Supported
from recording_emulator.testing import Rejected
from recording_emulator.vendors.cloudroom import ADAPTER, errors, mixer, output
from recording_emulator.vendors.cloudroom.handle import CloudRoom
from recording_emulator.vendors.cloudroom.requests import BODIES
from recording_emulator.vendors.cloudroom.sdk import PARAMS

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients

STORAGE = {"vendor": 1, "region": "r", "bucket": "b", "accessKey": "a", "secretKey": "s"}
ROWS = {row.id: row for row in errors.ROWS}


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row.id for row in errors.SDK if row.id != errors.UNSETTLED])
def test_every_code_of_an_sdk_can_be_an_answer(
    client: "Clients", cloudroom: CloudRoom, row: str
) -> None:
    alice = client("alice")
    cloudroom.faults.answer("createMeeting", row)

    with pytest.raises(Rejected) as caught:
        alice.make()

    if row == errors.THROWN:
        assert caught.value.data == {"name": row, "message": ROWS[row].text}
    else:
        assert caught.value.data == {"errCode": ROWS[row].code, "errDesc": ROWS[row].text}
    assert cloudroom.tasks() == []


def test_a_promise_that_never_settles_can_be_one_too(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice = client("alice")
    cloudroom.faults.answer("updateCloudMixerContent", errors.UNSETTLED)

    promise = alice.member.begin("updateCloudMixerContent", mixerID=MIXER, cfg={})

    assert alice.make() > 0
    assert not promise.done()


@pytest.mark.parametrize(
    ("operation", "row"),
    [(operation, row.id) for row in errors.API for operation in row.operations],
)
def test_every_code_of_the_api_can_be_an_answer(
    api: "Api", cloudroom: CloudRoom, operation: str, row: str
) -> None:
    cloudroom.faults.answer(operation, row)

    answer = api.http.post(f"/{operation}", **posted(cloudroom, operation))

    assert answer.status_code == ROWS[row].http
    assert answer.json().get("RspCode", "") == ("" if row == errors.NO_ROUTE else
                                                str(ROWS[row].code))  # fmt: skip
    assert "fault" in answer.headers["x-recording-emulator-hint"]


def posted(cloudroom: CloudRoom, operation: str) -> dict[str, Any]:
    """A body that is right."""
    if operation == errors.UPLOAD:
        fields = {key: str(value) for key, value in cloudroom.signed(FileName="a.mp4").items()}
        return {"data": fields, "files": {"file": ("a.mp4", b"x")}}
    given = {"RoomId": 1, "RoomIds": "1", "FileName": "/a.mp4"}
    return {"json": cloudroom.signed(**given)}


# --- fields ---------------------------------------------------------------------------------------

VIDEO = picture(
    {**camera("alice.-1"), "keepAspectRatio": 1},
    {"type": 10, "left": 1, "top": 1, "param": {
        "text": "%timestamp%", "color": "#FFFFFF", "background": "#0000007D", "font-size": 18,
        "text-margin": 5,
    }},
    vFps=15, vBps=300_000, vQP=25, mixedLayout=1, aChannelType=1, aChannelContent=["alice", "bob"],
)  # fmt: skip
VOICES = {"svrPath": "/c", "svrFileNameSuffix": ".mp3", "subscribeAudios": ["_cr_all_"]}
PUSH = [{"streamID": "alice.-1", "urls": "rtmp://push.test/1"}]
CAMERAS = {
    "svrPath": "/c", "svrFileNameSuffix": ".mp4", "subscribeVideos": ["_cr_all_"],
    "subscribeAudios": [], "aStreamType": 1, "pushCfg": PUSH,
}  # fmt: skip
SOUND = {"svrPathName": "/a.mp3", "aChannelType": 0, "aChannelContent": []}
CFGS = (
    {**VIDEO, "audioFileCfg": SOUND, "storageConfig": STORAGE},
    {"mode": 1, "audioFileCfg": VOICES, "videoFileCfg": CAMERAS},
)


def paths(value: Any, where: str = "") -> set[str]:
    """Name the places in a body as the catalogue does."""
    if isinstance(value, list | tuple):
        return {path for each in value for path in paths(each, f"{where[:-1]}[].")}
    if not isinstance(value, dict):
        return set()
    inner = {path for key, each in value.items() for path in paths(each, f"{where}{key}.")}
    return inner | {f"{where}{key}" for key in value}


def catalogued(operation: str) -> set[str]:
    return {row.path for row in ADAPTER.surface.fields if row.operation == operation}


def test_two_creations_that_are_accepted_have_every_field_there_is(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair("native")

    for nth, cfg in enumerate(CFGS):
        alice.call("createCloudMixer", cfg=cfg, mixerID=f"m{nth}")
    cloudroom.advance(seconds=2)

    sent = {path for cfg in CFGS for path in paths({"cfg": cfg, "mixerID": "m"})}
    assert catalogued("createCloudMixer") == sent
    assert [each["state"] for each in cloudroom.tasks()] == ["running", "running"]


def test_an_update_takes_every_field_and_ignores_most(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair("native")
    for nth, cfg in enumerate(CFGS):
        alice.call("createCloudMixer", cfg=cfg, mixerID=f"m{nth}")

    results = [
        alice.call("updateCloudMixerContent", cfg=cfg, mixerID=f"m{nth}")
        for nth, cfg in enumerate(CFGS)
    ]

    assert results == [0, 0]
    assert catalogued("updateCloudMixerContent") == catalogued("createCloudMixer")


def test_every_field_of_the_api_is_taken(api: "Api", cloudroom: CloudRoom) -> None:
    room = api.post("room/create", AppId="")["Data"]["RoomId"]
    upload = {"AppId": "", "FileName": "a.mp4", "DirPath": ""}
    fields = {key: str(value) for key, value in cloudroom.signed(**upload).items()}
    api.http.post("/netDisk/upload", data=fields, files={"file": ("a.mp4", b"x")})
    (file,) = api.files()
    sent = {
        "netDisk/query": {
            "FileName": "", "FilePath": "/", "SearchTime": "2031-01-01 00:00:00", "PageNumber": 1,
            "PageSize": 1,
        },
        "netDisk/delete": {"FileName": "/a.mp4", "FileID": file["id"]},
        "room/create": {},
        "room/onlineUsersNum/query": {"RoomIds": str(room)},
        "room/onlineMembers/query": {"RoomId": room},
        "room/delete": {"RoomId": room},
    }  # fmt: skip

    codes = [api.code(path, AppId="", **given) for path, given in sent.items()]

    assert codes == ["0"] * 6
    for operation, given in {**sent, "netDisk/upload": upload}.items():
        assert catalogued(operation) == {*cloudroom.signed(**given), "AppId"}


def test_the_catalogue_has_each_method_with_what_it_takes() -> None:
    methods = {row.name for row in ADAPTER.surface.operations}

    assert methods == {*PARAMS, *BODIES}
    assert catalogued("enterMeeting") == {"meetID", "nickname"}
    assert catalogued("exitMeeting") == set()


# --- rows -----------------------------------------------------------------------------------------


def test_every_row_has_a_source_and_what_is_assumed_says_so() -> None:
    found = ADAPTER.surface
    checked: tuple[Sourced, ...] = (*found.errors, *found.limits, *found.fields, *found.states)
    rows: tuple[Sourced, ...] = (*checked, *found.operations, *found.events)
    may_be_missing: tuple[Supported, ...] = (
        *found.events, *found.fields, *found.states, *found.limits,
    )  # fmt: skip

    assert [row for row in rows if not row.source] == []
    assert [
        row
        for row in checked
        if row.basis is Basis.ASSUMED and not re.search(r"assumed|ours", row.source)
    ] == []
    assert [row for row in may_be_missing if row.supported == bool(row.why)] == []
    assert len(ROWS) == len(errors.ROWS)


# --- tables ---------------------------------------------------------------------------------------

EACH_MACHINE = pytest.mark.parametrize("kept", ADAPTER.machines, ids=lambda each: each.name)


def states_of(kept: Machine) -> set[Any]:
    kind: Any = type(kept.blank("any").state)
    return set(kind)


@EACH_MACHINE
def test_a_table_has_a_row_for_each_state_and_a_cell_for_each_call(kept: Machine) -> None:
    missing = [
        (state, given.__name__)
        for state, row in kept.table.items()
        for given in kept.client_inputs
        if given not in row
    ]

    assert set(kept.table) == states_of(kept)
    assert missing == []


@EACH_MACHINE
def test_a_table_refuses_with_rows_of_the_catalogue_and_every_state_can_be_reached(
    kept: Machine,
) -> None:
    cells = [cell for row in kept.table.values() for cell in row.values()]
    refused = {row for cell in cells if isinstance(cell, Do) for row in cell.refusals}
    refused |= {cell.row for cell in cells if isinstance(cell, Refuse)}
    ends = {end for cell in cells if isinstance(cell, Do) for end in cell.states}

    assert refused <= set(ROWS)
    assert ends | {kept.blank("any").state} == set(kept.table)


def test_the_two_enumerations_share_numbers_and_no_meaning() -> None:
    both = {each: mixer.WIRE.get(mixer.State(each)) for each in mixer.State}
    numbers = {
        each.value: number for each, number in output.WIRE.items() if number in both.values()
    }

    assert numbers == {"null": 0, "running": 1, "stopped": 2, "uploading": 4}
    assert both == {"null": 0, "starting": 1, "running": 2, "stopping": 4, "ended": 0}


# --- the rest -------------------------------------------------------------------------------------


def test_every_type_that_a_snapshot_can_hold_has_a_tag_of_its_own() -> None:
    tags = [
        kind.__struct_config__.tag for kind in ADAPTER.types if hasattr(kind, "__struct_config__")
    ]

    assert len(tags) == len(set(tags)) == len(ADAPTER.types)
    assert all(str(tag).startswith(("cloudroom.", "core.")) for tag in tags)


def test_a_raw_code_of_the_recorder_is_a_code_that_javascript_can_tell() -> None:
    told = set(errors.RAW.values()) - {0}

    assert told <= {row.code for row in errors.SDK}
    assert set(errors.IN_JAVASCRIPT.values()) <= told
    assert not told & {903, 906, 908}


def test_the_sample_can_be_recorded(client: "Clients", cloudroom: CloudRoom) -> None:
    from faker import Faker

    fake = Faker()
    fake.seed_instance(7)
    sample = ADAPTER.sample(fake)
    alice = client(sample["userID"])
    alice.enter(alice.make())

    alice.create(sample["cfg"])
    cloudroom.advance(seconds=2)

    assert alice.states == [1, 2]


def test_a_talk_is_summed_up_for_people(client: "Clients", cloudroom: CloudRoom) -> None:
    _, _, room = client.recording(after_s=2)

    (task,) = cloudroom.tasks()

    assert (task["id"], task["room"], task["owner"]) == (MIXER, str(room), "alice")
    assert task["files"] == ["/d/talk.mp3"]
