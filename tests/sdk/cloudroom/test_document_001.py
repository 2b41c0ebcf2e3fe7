"""Sections 2 to 6 of the vendor's guide 云端录制 in a browser, and mixers without their creator."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.sdk.cloudroom.conftest import FIRST
from tests.vendors.cloudroom.test_document_001 import PATH, PICTURE_IN_PICTURE, SIDE_BY_SIDE

from recording_emulator.testing import Inbox
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.sdk.cloudroom.conftest import Users
    from tests.vendors.cloudroom.conftest import Api


def test_the_guide_from_the_first_layout_to_the_deleted_file(
    user: "Users", cloudroom: CloudRoom, api: "Api", inbox: Inbox
) -> None:
    one, two, room = user.meeting()

    # 2: start
    mixer = one.record(SIDE_BY_SIDE)
    cloudroom.advance(seconds=2)
    during = [(each.get("app.isRecording"), each.output_states) for each in (one, two)]

    # 3: update
    result = one.tried("app.update(a)", PICTURE_IN_PICTURE)
    cloudroom.advance(seconds=58)
    (shown,) = two.get("CRVideo_GetAllCloudMixerInfo()")

    # 4 and 5: stop, and what is told
    stopped = one.tried("app.stop()")
    cloudroom.advance(seconds=10)

    # 6: the file
    (file,) = api.files(FileName=two.get("app.file"))
    content = httpx.get(file["downUrl"]).content
    gone = api.code("netDisk/delete", FileID=file["id"])

    assert during == [(True, [1])] * 2
    assert result == stopped == {"errCode": 0, "errDesc": "success"}
    assert (shown["ID"], shown["owner"], shown["state"]) == (mixer, FIRST, 2)
    items = shown["cfg"]["videoFileCfg"]["layoutConfig"]
    assert items == PICTURE_IN_PICTURE["videoFileCfg"]["layoutConfig"]
    assert one.states == two.states == [1, 2, 0]
    assert one.heard("state")[0][3] == FIRST
    assert one.heard("state")[-1][2:] == [{"err": 0, "errDesc": ""}, "CRMCU"]
    assert one.heard("info") == two.heard("info") == [[mixer]]
    assert one.output_states == two.output_states == [1, 2, 4, 5, 7]
    (closed,) = [info for _, info in two.heard("output") if info["state"] == 2]
    assert (closed["svrFilePathName"], closed["duration"]) == (PATH, 59_000)
    assert len(content) == closed["fileSize"] == int(file["fileSize"])
    details = inbox.callbacks[-1].json["Details"]
    assert (details["RoomId"], details["DirPath"] + details["FileName"]) == (room, PATH)
    assert gone == "0"
    assert api.files(FileName=PATH) == []
    assert httpx.get(file["downUrl"]).status_code == 404
    assert one.get("CRVideo_GetAllCloudMixerInfo()") == []


def test_a_mixer_outlives_who_has_created_it_and_somebody_else_ends_it(
    user: "Users", cloudroom: CloudRoom, api: "Api", until_dropped: Callable[[], None]
) -> None:
    one, two, _ = user.meeting()
    mixer = one.record(SIDE_BY_SIDE)
    cloudroom.advance(seconds=2)
    one.page.close()
    until_dropped()

    cloudroom.advance(minutes=10)
    (kept,) = two.get("CRVideo_GetAllCloudMixerInfo()")
    two.page.run("(a) => { app.mixerID = a; }", mixer)
    done = two.tried("app.stop()")
    cloudroom.advance(minutes=1)

    assert (kept["ID"], kept["owner"], kept["state"]) == (mixer, "", 2)
    assert done["errCode"] == 0
    assert two.notices[-1] == f"{FIRST} has left"
    assert two.output_states == [1, 2, 4, 5, 7]
    assert api.files(FileName=PATH)[0]["fileName"] == PATH.rpartition("/")[2]


@pytest.mark.parametrize(
    "is_known",
    [
        True,
        pytest.param(
            False,
            marks=pytest.mark.recording_emulator(
                settings={"cloudroom": {"new_terminal_on_rejoin": True}}
            ),
        ),
    ],
)
def test_who_comes_back_finds_its_mixer_by_its_owner_if_it_is_the_same_terminal(
    user: "Users", cloudroom: CloudRoom, is_known: bool
) -> None:
    one, two, room = user.meeting()
    mixer = one.record(SIDE_BY_SIDE)
    cloudroom.advance(seconds=2)
    one.tried("CRVideo_ExitMeeting()")
    cloudroom.settle()
    away = [
        each.get("CRVideo_GetAllCloudMixerInfo().map(({ owner }) => owner)") for each in (one, two)
    ]

    one.enter(room)
    found = one.tried("app.look(a)", FIRST)

    owner = FIRST if is_known else ""
    assert away == [[], [""]]
    assert [(each["ID"], each["owner"], each["state"]) for each in found] == [(mixer, owner, 2)]
    assert two.get("CRVideo_GetAllCloudMixerInfo()") == found
    assert one.states == [1, 2]  # nobody is told what runs already
