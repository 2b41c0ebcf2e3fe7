"""Sections 2 to 6 of the vendor's guide 云端录制, as one story: its own layouts, its own paths.

The guide's first layout does not fit its canvas, and its second has a cell twice as large: both are
taken, and both are told.
"""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Client, Clients

PATH = "/2021-09-24/2021-09-24_13-47-41_Win32_73542046.mp4"


def cell(camid: str, left: int, top: int, width: int, height: int) -> dict[str, Any]:
    box = {"top": top, "left": left, "width": width, "height": height}
    return {"type": 0, **box, "keepAspectRatio": 1, "param": {"camid": camid}}


SIDE_BY_SIDE = {
    "mode": 0,
    "videoFileCfg": {
        "svrPathName": PATH,
        "vWidth": 640,
        "vHeight": 360,
        "vFps": 15,
        "layoutConfig": [cell("Usr1.-1", 0, 180, 640, 360), cell("Usr2.-1", 640, 180, 640, 360)],
    },
}
PICTURE_IN_PICTURE = {
    "videoFileCfg": {
        "layoutConfig": [cell("Usr1.-1", 0, 0, 1280, 720), cell("Usr2.-1", 475, 265, 160, 90)]
    }
}


def remarks(cloudroom: CloudRoom) -> list[str]:
    """What the emulator has to remark about the calls, without the details."""
    calls = [each["detail"] or {} for each in cloudroom.journal(kind="call")]
    return [note.partition(":")[0] for each in calls for note in each.get("notes", ())]


@pytest.mark.parametrize("profile", ["native", "web", "mini"])
def test_the_guide_from_the_first_layout_to_the_deleted_file(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Inbox, profile: str
) -> None:
    one, two = client("Usr1", profile), client("Usr2", profile)
    room = one.make()
    one.enter(room)
    two.enter(room)

    # 2: start
    mixer = one.create(SIDE_BY_SIDE, mixer="m1")
    cloudroom.advance(seconds=2)
    begun = [(each.states, each.output_states()) for each in (one, two)]

    # 3: update
    result = one.update(PICTURE_IN_PICTURE, mixer)
    cloudroom.advance(seconds=58)
    (shown,) = [each["cfg"] for each in listed(two)]

    # 4 and 5: stop, and what is told
    one.destroy(mixer)
    cloudroom.advance(seconds=10)

    # 6: the file
    (file,) = api.files(FileName=PATH)
    content = httpx.get(file["downUrl"]).content
    gone = api.code("netDisk/delete", FileID=file["id"])

    assert mixer == "m1"
    assert begun == [([1, 2], [1])] * 2
    assert result == ({"errCode": 0, "errDesc": "success"} if profile == "web" else 0)
    assert [item["width"] for item in shown["videoFileCfg"]["layoutConfig"]] == [1280, 160]
    assert one.states == ([1, 2, 4, 0] if profile == "native" else [1, 2, 0])
    assert two.states == [1, 2, 0]
    done = [] if profile == "native" else [7]
    assert one.output_states(PATH) == two.output_states(PATH) == [1, 2, 4, 5, *done]
    closed = next(each for each in two.outputs if each["state"] == 2)
    assert closed["duration"] == 59_000
    assert len(content) == closed["fileSize"] == int(file["fileSize"])
    assert callbacks.callbacks[-1].json["Details"] == {
        "RoomId": room,
        "DirPath": "/2021-09-24/",
        "FileName": PATH.rpartition("/")[2],
    }
    assert gone == "0"
    assert api.files(FileName=PATH) == []
    assert httpx.get(file["downUrl"]).status_code == 404
    assert remarks(cloudroom) == ["layout_clipped", "layout_out_of_canvas", "layout_clipped"]


def listed(client: "Client") -> list[dict[str, Any]]:
    from tests.vendors.cloudroom.conftest import read

    return [
        {**each, "cfg": read(each["cfg"])} for each in read(client.call("getAllCloudMixerInfo"))
    ]
