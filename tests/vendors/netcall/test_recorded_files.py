"""Which files result from which flags, as the sheet's table has it, told by real copies."""

import hashlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.players import samples
from tests.vendors.netcall.matrix import MATRIX, Case

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients, Copies

AUDIO, VIDEO = 1, 2
MIC, CAMERA = 0, 3
BOTH = {"recordAudio": True, "recordVideo": True}


def record(
    client: "Clients",
    netcall: Netcall,
    kind: int = VIDEO,
    caller: dict[str, Any] | None = None,
    callee: dict[str, Any] | None = None,
    minutes: int = 1,
) -> None:
    """Let two talk and hang up, and everything that follows happen."""
    alice, _ = client.talking(kind, caller=caller, callee=callee)
    netcall.advance(minutes=minutes)
    alice.call("hangup")
    netcall.advance(minutes=2)


@pytest.mark.parametrize("case", MATRIX, ids=str)
def test_files_follow_from_both_sides_flags_the_service_and_the_kind_of_call(
    client: "Clients", netcall: Netcall, copies: "Copies", case: Case
) -> None:
    netcall.configure(
        server_recording=case.service != "none", mixed_recording=case.service == "mixed"
    )

    record(client, netcall, case.kind, case.caller.config, case.callee.config)

    assert copies.kinds == case.files
    assert all(each.is_genuine for each in copies.inbox.callbacks)
    assert len(copies.durations) == 1


# --- what a file is called, and where it is ------------------------------------------------------


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_a_copy_tells_of_a_file_as_payloads_do(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH)

    sound, picture, mixed = copies.files
    assert list(sound) == [
        "caller", "channelid", "filename", "md5", "mix", "pieceindex", "size", "timestamp",
        "type", "url", "user", "vid",
    ]  # fmt: skip
    assert list(mixed) == [
        "vid", "filename", "pieceindex", "size", "type", "user", "mix", "url", "channelid",
        "timestamp", "md5",
    ]  # fmt: skip
    assert (sound["caller"], sound["mix"], mixed["mix"]) == (True, False, True)
    assert (sound["size"], picture["size"]) == ("300000", "600000")
    assert sound["timestamp"] == str(netcall.now_ms() // 1000 - 90)
    assert mixed["timestamp"] == str(netcall.now_ms() // 1000 - 75)
    assert all(isinstance(each["vid"], str) for each in copies.files)


def test_two_posts_have_their_two_keys_in_either_order(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    netcall.configure(mixed_recording=True)
    record(client, netcall, caller=BOTH)

    single, mixed = (each.json for each in copies.inbox.callbacks if each.event_type == "6")

    assert (list(single), list(mixed)) == (["eventType", "fileinfo"], ["fileinfo", "eventType"])


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_the_name_has_the_numeric_uid_and_the_url_another_name(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller={"recordAudio": True, "recordVideo": True})

    sound, _, mixed = copies.files
    channel, uid = sound["channelid"], sound["filename"].split("-")[0]
    assert sound["filename"] == f"{uid}-{channel}.aac"
    assert uid.isdigit()
    assert sound["url"].endswith(f"/{uid}-{channel}-0.aac")
    assert mixed["filename"] == f"0-{channel}-mix.mp4"
    assert mixed["url"].endswith(f"/0-{channel}-0-mix.mp4")


def test_a_url_gives_the_bytes_whose_md5_the_copy_has(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH)

    for each in copies.files:
        read = httpx.get(each["url"])
        assert hashlib.md5(read.content).hexdigest() == each["md5"]
        assert str(len(read.content)) == each["size"]


@pytest.mark.recording_emulator(settings={"netcall": {"url_ttl_s": 3_600}})
def test_a_url_may_end_and_is_signed_then(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH)
    url = copies.files[0]["url"]
    stored_s = int(copies.files[0]["timestamp"])
    left_ms = (stored_s + 3_600) * 1_000 - netcall.now_ms()
    netcall.advance(ms=left_ms - 1)
    before = httpx.get(url).status_code

    netcall.advance(ms=1)

    assert f"?Expires={stored_s + 3_600}&Signature=" in url
    assert before == 200
    assert httpx.get(url).status_code == 403


def test_a_url_without_an_end_holds_for_ever(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH)

    netcall.advance(hours=10_000)

    assert [httpx.get(each["url"]).status_code for each in copies.files] == [200, 200]


@pytest.mark.recording_emulator(media="rendered", settings={"netcall": {"mixed_recording": True}})
def test_so_it_does_where_media_are_rendered(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, _ = client.talking(caller=BOTH)
    netcall.advance(seconds=3)
    alice.call("hangup")
    netcall.advance(minutes=1)

    assert copies.kinds == ["alice.aac", "alice.mp4", "0.mp4"]
    for each in copies.files:
        content = httpx.get(each["url"]).content
        assert hashlib.md5(content).hexdigest() == each["md5"]
        assert str(len(content)) == each["size"]
        assert any(samples(content))  # a slate is silent


def test_a_uid_is_an_accounts_own_in_every_call(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client.talking(caller=BOTH)
    for _ in range(2):
        netcall.advance(minutes=1)
        alice.call("hangup")
        netcall.settle()
        alice.dial("bob", sessionConfig=BOTH)
        netcall.settle()
        bob.answer()
        netcall.settle()
    netcall.advance(minutes=2)

    names = [each["filename"].split("-") for each in copies.files]
    assert len({uid for uid, _ in names}) == 1
    assert len({channel for _, channel in names}) == 4


@pytest.mark.recording_emulator(settings={"netcall": {"piece_ms": 7_200_000}})
def test_a_long_call_is_cut_and_all_pieces_have_one_filename(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller={"recordAudio": True}, minutes=300)

    assert [each["pieceindex"] for each in copies.files] == ["0", "1", "2"]
    assert len({each["filename"] for each in copies.files}) == 1
    assert len({each["url"] for each in copies.files}) == 3
    assert [each["size"] for each in copies.files] == ["36000000", "36000000", "18000000"]


@pytest.mark.recording_emulator(settings={"netcall": {"has_piece_index": False}})
def test_older_payloads_have_no_piece_index(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH)

    assert all("pieceindex" not in each for each in copies.files)


@pytest.mark.recording_emulator(settings={"netcall": {"mix_aac_for_audio_calls": False,
                                                      "mixed_recording": True}})  # fmt: skip
def test_an_audio_call_need_not_be_mixed(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, AUDIO, BOTH)

    assert copies.kinds == ["alice.aac"]


# --- parts of a call -----------------------------------------------------------------------------


def test_pictures_begin_with_the_switch_to_video(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client.talking(AUDIO, caller=BOTH, callee=BOTH)
    netcall.advance(seconds=40)
    alice.call("switchAudioToVideo")
    netcall.advance(seconds=20)
    bob.call("switchVideoToAudio")
    netcall.advance(seconds=5)
    alice.call("hangup")
    netcall.advance(minutes=2)

    sizes = {(each["user"], each["type"]): int(each["size"]) for each in copies.files}
    assert sizes["alice", "aac"] == 65 * 5_000
    assert sizes["alice", "mp4"] == sizes["bob", "mp4"] == 25 * 10_000


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_without_media_there_is_nothing_to_record(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client.ringing(VIDEO, "webrtc-8.5", **BOTH)
    bob.answer(**BOTH)
    alice.call("startRtc")
    netcall.advance(minutes=1)
    alice.call("hangup")
    netcall.advance(minutes=2)

    assert copies.kinds == ["alice.aac", "alice.mp4"]
    assert copies.durations[0]["status"] == "SINGLE_PARTICIPATE"
    assert [each["accid"] for each in copies.durations[0]["members"]] == ["alice"]


def test_a_call_that_ends_at_once_leaves_nothing(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    record(client, netcall, caller=BOTH, minutes=0)

    assert copies.posts == []
    assert netcall.tasks()[0]["state"] == "ready"


def test_a_recording_is_a_task_that_shows_where_it_stands(
    client: "Clients", netcall: Netcall
) -> None:
    alice, _ = client.talking(caller=BOTH)
    seen = [netcall.tasks()[0]["state"]]
    netcall.advance(minutes=1)
    alice.call("hangup")
    netcall.settle()
    seen.append(netcall.tasks()[0]["state"])
    netcall.advance(minutes=1)
    seen.append(netcall.tasks()[0]["state"])

    assert seen == ["recording", "finalizing", "ready"]


# --- when and how they are told ------------------------------------------------------------------


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_the_duration_comes_first_then_single_files_then_the_mixed_one(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, _ = client.talking(caller=BOTH)
    netcall.advance(minutes=1)
    alice.call("hangup")
    told = []
    for wait_ms in (999, 1, 28_999, 1, 14_999, 1):
        netcall.advance(ms=wait_ms)
        told.append(len(copies.inbox.callbacks))

    assert told == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("grouping", "sizes"), [("all", [3]), ("per-file", [1, 1, 1]), ("single-then-mix", [2, 1])]
)
def test_files_may_share_a_post_or_not(
    client: "Clients", netcall: Netcall, copies: "Copies", grouping: str, sizes: list[int]
) -> None:
    netcall.configure(grouping=grouping, mixed_recording=True)

    record(client, netcall, caller=BOTH)

    assert [len(post) for post in copies.posts] == sizes


@pytest.mark.recording_emulator(settings={"netcall": {"grouping": "cross-call"}})
def test_one_post_may_have_files_of_several_calls(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client.talking(caller=BOTH)
    netcall.advance(seconds=10)
    alice.call("hangup")
    alice.dial("bob", sessionConfig=BOTH)
    netcall.settle()
    bob.answer()
    netcall.advance(seconds=10)
    bob.call("hangup")
    netcall.advance(minutes=3)

    (post,) = copies.posts
    assert len({each["channelid"] for each in post}) == 2


def test_the_duration_may_come_after_the_files(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    netcall.configure(duration_copy_ms=60_000)

    record(client, netcall, caller=BOTH)

    assert copies.inbox.event_types == ["6", "5"]


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "effect", "posts"),
    [
        ("recording", "lose", []),
        ("recording", "empty", [[]]),
        ("upload", "fail", []),
    ],
)
def test_what_fails_on_the_server_has_no_code_anywhere(
    client: "Clients",
    netcall: Netcall,
    copies: "Copies",
    point: str,
    effect: str,
    posts: list[Any],
) -> None:
    netcall.faults.add(point, effect=effect)

    record(client, netcall, caller=BOTH)

    assert copies.posts == posts
    assert netcall.objects() == []


def test_an_upload_may_be_slow(client: "Clients", netcall: Netcall, copies: "Copies") -> None:
    netcall.faults.add("upload", effect="slow", by_ms=600_000)
    record(client, netcall, caller=BOTH)
    before = len(copies.posts)

    netcall.advance(minutes=10)

    assert (before, len(copies.posts)) == (0, 1)


def test_a_file_may_not_be_what_its_md5_says(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    netcall.faults.add("upload", effect="corrupt")

    record(client, netcall, caller={"recordAudio": True})

    (file,) = copies.files
    assert hashlib.md5(httpx.get(file["url"]).content).hexdigest() != file["md5"]


def test_a_fault_on_objects_asks_for_the_call_that_was_recorded(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.talking(caller=BOTH)
    netcall.faults.add("object", room="another", effect="empty", may_not_fire=True)
    netcall.faults.add("object", room=str(bob.called["channelId"]), effect="truncate")
    netcall.advance(minutes=1)
    alice.call("hangup")

    netcall.advance(minutes=2)

    assert [each["fired"] for each in netcall.faults.all()] == [0, 1]
    assert [each.size_bytes for each in netcall.objects()] == [150_000, 600_000]


@pytest.mark.parametrize("profile", ["netcall-8.5", "webrtc-6.1", "webrtc-8.5"])
@pytest.mark.parametrize("ends", ["stopRecordMp4", "hangup"])
def test_a_fault_on_objects_asks_for_the_call_that_was_recorded_locally(
    client: "Clients", netcall: Netcall, profile: str, ends: str
) -> None:
    alice, bob = client.talking(profile=profile)
    netcall.faults.add("object", room="another", effect="corrupt", may_not_fire=True)
    netcall.faults.add("object", room=str(bob.called["channelId"]), effect="empty")
    for source in (MIC, CAMERA):
        alice.call("startDevice", type=source)
    alice.call("startRecordMp4", path="E:/a.mp4")
    netcall.advance(seconds=10)
    alice.call(ends)
    if profile == "webrtc-8.5":
        alice.call("downloadMediaRecording", recordId="local-1")
    netcall.advance(minutes=5)

    assert [each["fired"] for each in netcall.faults.all()] == [0, 1]
    assert [each.size_bytes for each in netcall.objects()] == [0]
