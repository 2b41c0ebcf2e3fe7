"""What a task's files are: by type, mode, container and subscription; and asking for them."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients
    from tests.vendors.neroom.nertc.conftest import Server

ROOM = "room-7"
EPOCH_MS = 1_893_456_000_000
FILES = "/nimserver/history/queryMediaFileByChannelId.action"


def recorded(server: "Server", neroom: NeRoom, **body: Any) -> list[str]:
    """Record for a minute, and name the files."""
    server.submit(**body)
    neroom.advance(minutes=1)
    server.v2("stop")
    neroom.advance(minutes=1)
    return server.names()


def config(kind: int, *modes: int, container: int = 0) -> dict[str, Any]:
    listed = {"modeList": [{"mode": each} for each in modes]} if modes else {}
    return {"recordType": kind, "fileFormat": container, **listed}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (config(0), ["0-0-mix.mp4", "31001-0.aac", "31002-0.mp4"]),
        (config(1), ["0-0-mix.mp4"]),
        (config(2), ["31001-0.aac", "31002-0.mp4"]),
        (config(100, 0, 2), ["0-0-mix.mp4", "31001-0.aac", "31002-0.mp4"]),
        (config(100, 2, 6), ["0-0-mix.mp4", "0-0-mix-6.aac"]),
        (config(100, 100), ["31002-0.mp4"]),
        (config(100, 0, 100), ["31002-0-100.mp4", "31001-0.aac", "31002-0.mp4"]),
        (config(0, container=1), ["0-0-mix.flv", "31001-0.aac", "31002-0.flv"]),
        (config(0, container=2), ["0-0-mix.mp3", "31001-0.mp3", "31002-0.mp3"]),
    ],
    ids=str,
)
def test_type_modes_and_container_say_which_files_there_are(
    talking: "Server", neroom: NeRoom, given: dict[str, Any], names: list[str]
) -> None:
    assert recorded(talking, neroom, recordConfig=given) == names


def test_mode_100_in_a_room_without_video_is_one_mix_of_a_uid_of_its_own(
    server: "Server", neroom: NeRoom
) -> None:
    neroom.room(ROOM).join(31001, video=False)
    server.look()

    assert recorded(server, neroom, recordConfig=config(100, 100)) == ["1000006-0-mix.aac"]


ALL = ["0-0-mix.mp4", "31001-0.aac", "31002-0.mp4"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"streamType": 0}, ["0-0-mix.aac", "31001-0.aac", "31002-0.aac"]),
        ({"streamType": 1}, ["0-0-mix.mp4", "31002-0.mp4"]),
        ({"streamType": 2}, ALL),
        (
            {"streamType": 2, "audioUidList": {"subscribeUids": [31002]}},
            ["0-0-mix.mp4", "31002-0.mp4"],
        ),
        (
            {"streamType": 2, "videoUidList": {"unSubscribeUids": [31002]}},
            ["0-0-mix.aac", "31001-0.aac", "31002-0.aac"],
        ),
        ({"streamType": 2, "audioUidList": {}, "videoUidList": {"subscribeUids": []}}, ALL),
        ({"streamType": 0, "audioUidList": {"subscribeUids": [7]}}, []),
    ],
    ids=str,
)
def test_a_subscription_says_whose_streams_are_recorded(
    talking: "Server", neroom: NeRoom, given: dict[str, Any], names: list[str]
) -> None:
    assert recorded(talking, neroom, streamSubscribe=given) == names


def test_a_subscription_that_changes_holds_from_then_on(talking: "Server", neroom: NeRoom) -> None:
    talking.submit(streamSubscribe={"streamType": 0}, recordConfig={"recordType": 2})
    neroom.advance(minutes=1)
    talking.v2("updateSubs", streamSubscribe={"streamType": 2})
    neroom.advance(minutes=1)
    talking.v2("stop")
    neroom.advance(minutes=1)

    assert talking.names() == ["31001-0.aac", "31002-0.mp4"]


def test_a_long_recording_is_cut_every_two_hours_and_its_pieces_come_early(
    talking: "Server", neroom: NeRoom
) -> None:
    talking.submit(recordConfig={"recordType": 1})
    neroom.advance(hours=2, seconds=61)

    (early,) = talking.files()

    assert early["pieceIndex"] == 0
    assert early["size"] == 2 * 36_000_000
    assert talking.states == [1]


def test_a_file_can_be_fetched_and_is_what_it_is_said_to_be(
    talking: "Server", neroom: NeRoom
) -> None:
    import hashlib

    recorded(talking, neroom, recordConfig=config(1, container=1))
    (told,) = talking.files()

    fetched = httpx.get(told["url"])

    assert list(told) == [
        "vid", "objectName", "url", "createTime", "type", "mix", "md5", "size", "pieceIndex",
    ]  # fmt: skip
    assert fetched.headers["content-type"] == "video/x-flv"
    assert (len(fetched.content), hashlib.md5(fetched.content).hexdigest()) == (
        told["size"],
        told["md5"],
    )
    assert told["createTime"] == EPOCH_MS + 120_000
    assert told["objectName"] == f"0-{talking.cid}-{EPOCH_MS}-0-mix.flv"


def test_a_channels_files_are_those_of_all_its_recordings_nerooms_too(
    client: "Clients", server: "Server", neroom: NeRoom
) -> None:
    alice, _ = client.recording()
    server.look()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    recorded(server, neroom, recordConfig={"recordType": 1})

    assert [each["mix"] for each in server.files()] == [True, False, True]


@pytest.mark.parametrize("name", ["channelid", "channelId"])
def test_the_form_may_spell_the_channel_either_way(
    talking: "Server", neroom: NeRoom, name: str
) -> None:
    told = talking.ask("POST", FILES, data={name: str(talking.cid)})

    assert (told["code"], told["fileInfos"]) == (200, [])


def test_a_channel_that_never_was_has_no_files_to_ask_for(server: "Server") -> None:
    told = server.ask("POST", FILES, data={"channelid": "900017"})

    assert (told["code"], told["errmsg"]) == (404, "room not found")
