"""What recordings of netcall show: who took part, in which picture, and what each side records."""

from typing import Any

import pytest
from tests.filming import Studio
from tests.players import RATE_HZ, Told, colour_at, frames, is_like, loudness, samples

from recording_emulator.core import rooms
from recording_emulator.store.drawing import COLOURS, MUTED
from recording_emulator.store.rendering import TONES_HZ
from recording_emulator.vendors.netcall import ADAPTER, panes, sessions
from recording_emulator.vendors.netcall.inputs import CALL

AUDIO, VIDEO = 1, 2
AGENT, WEBRTC, OLD = "netcall-8.5", "webrtc-8.5", "webrtc-6.1"
BOTH = {"recordAudio": True, "recordVideo": True}
MIC, CAMERA, SCREEN = 0, 3, 4
SIZE = (640, 480)
WHOLE = (0, 0, 640, 480)
LEFT, RIGHT = (0, 0, 320, 480), (320, 0, 320, 480)
CORNER = (480, 360, 160, 120)


class Line(Studio):
    """Alice calls Bob, who takes it; both want to be recorded."""

    def __init__(
        self,
        kind: int = VIDEO,
        profile: str = AGENT,
        *,
        caller: dict[str, Any] = BOTH,
        callee: dict[str, Any] = BOTH,
        **settings: Any,
    ) -> None:
        super().__init__(ADAPTER, mixed_recording=True, **settings)
        for each in ("alice", "bob"):
            self.call(each, "getInstance", sdkProfile=profile)
            self.call(each, "initSignal")
        self.call("alice", "call", account="bob", type=kind, pushConfig={}, sessionConfig=caller)
        (call,) = (each.key for each in self.world.things if each.machine == CALL)
        self.call("bob", "response", beCalledInfo={"channelId": call}, sessionConfig=callee)
        if profile != AGENT:
            for each in ("alice", "bob"):
                self.call(each, "startRtc")

    def hang_up(self) -> None:
        self.call("alice", "hangup")
        self.wait(60_000)

    def own(self, account: str, kind: str = "mp4") -> Told:
        """Say what somebody's own file on the server shows."""
        uid = sessions.uid_of(self.world.views["netcall"], account)
        (key,) = [key for _, key in self.files if key.startswith(f"{uid}-") and key.endswith(kind)]
        return self.shown(key)


def test_a_mixed_file_has_both_sides_side_by_side() -> None:
    line = Line()
    line.wait(4_000)
    line.call("bob", "stopDevice", type=MIC)
    line.wait(3_000)
    line.call("bob", "startDevice", type=MIC)
    line.call("alice", "stopDevice", type=CAMERA)
    line.wait(2_000)
    line.hang_up()

    assert line.shown("-mix.mp4") == [
        (4_000, {"alice": LEFT, "bob": RIGHT}, "alice bob"),
        (3_000, {"alice": LEFT, "bob": RIGHT}, "alice"),
        (2_000, {"(alice)": LEFT, "bob": RIGHT}, "alice bob"),
    ]


@pytest.mark.parametrize(
    ("caller", "callee", "tiles"),
    [
        ({}, {"isHostSpeaker": True}, {"bob": WHOLE, "alice": CORNER}),
        ({"isHostSpeaker": True}, {"isHostSpeaker": True}, {"alice": WHOLE, "bob": CORNER}),
    ],
)
def test_the_first_who_asks_for_the_main_picture_has_it(
    caller: dict[str, Any], callee: dict[str, Any], tiles: dict[str, Any]
) -> None:
    line = Line(caller={**BOTH, **caller}, callee={**BOTH, **callee})
    line.wait(4_000)
    line.hang_up()

    assert [each[1] for each in line.shown("-mix.mp4")] == [tiles]


def test_each_side_fills_a_file_of_its_own() -> None:
    line = Line()
    line.wait(4_000)
    line.call("alice", "switchVideoToAudio")
    line.wait(3_000)
    line.hang_up()

    assert line.own("alice") == [
        (4_000, {"alice": WHOLE}, "alice"),
        (3_000, {"(alice)": WHOLE}, "alice"),
    ]
    assert line.own("bob") == [(4_000, {"bob": WHOLE}, "bob"), (3_000, {"(bob)": WHOLE}, "bob")]
    assert [each[2] for each in line.own("bob", "aac")] == ["bob", "bob"]


def test_pictures_begin_with_the_switch_to_video() -> None:
    line = Line(AUDIO)
    line.wait(4_000)
    line.call("alice", "switchAudioToVideo")
    line.wait(3_000)
    line.hang_up()

    assert line.own("alice") == [(3_000, {"alice": WHOLE}, "alice")]
    assert [each[0] for each in line.own("alice", "aac")] == [4_000, 3_000]


def test_a_piece_shows_its_own_time() -> None:
    line = Line(piece_ms=60_000)
    line.wait(70_000)
    line.call("bob", "stopDevice", type=CAMERA)
    line.wait(5_000)
    line.hang_up()

    assert [each[0] for each in line.shown("-0-mix.mp4")] == [60_000]
    assert [each[:2] for each in line.shown("-1-mix.mp4")] == [
        (10_000, {"alice": LEFT, "bob": RIGHT}),
        (5_000, {"alice": LEFT, "(bob)": RIGHT}),
    ]


def test_a_live_push_shows_who_is_in_the_meeting_by_hand_or_not() -> None:
    studio = Studio(ADAPTER)
    studio.call("alice", "initSignal")
    studio.call("alice", "createChannel", channelName="demo")
    live = {"liveEnable": True, "rtmpUrl": "rtmp://x/y", "rtmpRecord": True}
    studio.call("alice", "joinChannel", channelName="demo", type=VIDEO, sessionConfig=live)
    studio.wait(4_000)
    studio.join("demo", "bob", audio=False)
    studio.wait(3_000)
    studio.room("demo", rooms.Publish("bob", audio=True, video=False))
    studio.room("demo", rooms.Publish("alice", audio=False))
    studio.wait(2_000)
    studio.room("demo", rooms.Leave("bob"))
    studio.call("alice", "leaveChannel")
    studio.wait(60_000)

    assert studio.shown(".flv") == [
        (4_000, {"alice": WHOLE}, "alice"),
        (3_000, {"alice": LEFT, "bob": RIGHT}, "alice"),
        (2_000, {"alice": LEFT, "(bob)": RIGHT}, "bob"),
    ]


# --- local recorders ------------------------------------------------------------------------------


def test_a_pc_agent_records_oneself_the_peer_or_all_voices() -> None:
    line = Line()
    line.call("alice", "startRecordMp4", path="own.mp4")
    size = {"width": 320, "height": 240}
    line.call("alice", "startRecordMp4", path="peer.mp4", account="bob", aac=True, **size)
    line.call("bob", "startRecordMp4", path="alone.mp4")
    line.call("bob", "startRecordAac", path="all.aac")
    line.wait(4_000)
    line.call("bob", "stopDevice", type=CAMERA)
    line.wait(3_000)
    line.hang_up()

    assert line.shown("own.mp4") == [
        (4_000, {"alice": WHOLE}, "alice"),
        (3_000, {"alice": WHOLE}, "alice"),
    ]
    assert [each[1:] for each in line.shown("peer.mp4")] == [
        ({"bob": (0, 0, 320, 240)}, "#0 bob"),
        ({"(bob)": (0, 0, 320, 240)}, "#0 bob"),
    ]
    assert [each[2] for each in line.shown("alone.mp4")] == ["bob", "bob"]
    assert [each[2] for each in line.shown("all.aac")] == ["alice bob", "alice bob"]


@pytest.mark.parametrize(
    ("kind", "tiles", "voices"),
    [
        ("camera", {"alice": WHOLE}, "alice"),
        ("screen", {"alice (screen)": WHOLE}, "#0"),
        ("video", {"alice (screen)": WHOLE, "alice": CORNER}, "alice"),
    ],
)
def test_an_advanced_record_shows_the_sources_of_its_type(
    kind: str, tiles: dict[str, Any], voices: str
) -> None:
    line = Line(profile=WEBRTC)
    for source in (MIC, CAMERA, SCREEN):
        line.call("alice", "startDevice", type=source)
    record = line.call("alice", "startMediaRecording", type=kind)["recordId"]
    line.wait(4_000)
    line.call("alice", "downloadMediaRecording", recordId=record)

    assert line.shown(".webm") == [(4_000, tiles, voices)]


def test_an_advanced_record_of_the_peer_or_of_all_voices() -> None:
    line = Line(profile=WEBRTC)
    line.call("alice", "startDevice", type=MIC)
    records = [
        line.call("alice", "startMediaRecording", **given)["recordId"]
        for given in ({"account": "bob"}, {"type": "audio"})
    ]
    line.wait(4_000)
    for each in records:
        line.call("alice", "downloadMediaRecording", recordId=each)

    assert line.shown("--video.webm") == [(4_000, {"bob": WHOLE}, "bob")]
    assert [each[2] for each in line.shown("--audio.webm")] == ["alice bob"]


@pytest.mark.parametrize(
    ("given", "tiles", "voices"),
    [({}, {"alice": WHOLE}, "alice"), ({"account": "bob"}, {"bob": WHOLE}, "bob")],
)
def test_the_simple_recorder_shows_oneself_or_the_peer(
    given: dict[str, Any], tiles: dict[str, Any], voices: str
) -> None:
    line = Line(profile=OLD)
    for source in (MIC, CAMERA):
        line.call("alice", "startDevice", type=source)
    line.call("alice", "startRecordMp4", **given)
    line.wait(4_000)
    line.call("alice", "stopRecordMp4")

    assert line.shown("--video.webm") == [(4_000, tiles, voices)]


@pytest.mark.parametrize("is_in_call", [True, False])
def test_the_simple_recorder_hears_the_call_or_oneself(is_in_call: bool) -> None:
    line = Line(profile=OLD)
    if not is_in_call:
        line.call("alice", "hangup")
    line.call("alice", "startDevice", type=MIC)
    line.call("alice", "startRecordAac")
    line.wait(4_000)
    line.call("alice", "stopRecordAac")

    voices = [each[2] for each in line.shown("--audio.webm")]
    assert voices == ["alice bob" if is_in_call else "#0"]


# --- and all in all -------------------------------------------------------------------------------


def test_a_restored_call_shows_the_same() -> None:
    line = Line()
    line.wait(4_000)
    line.call("bob", "stopDevice", type=CAMERA)
    line.wait(3_000)
    line.hang_up()

    assert line.restored().shown("-mix.mp4") == line.shown("-mix.mp4")


def test_a_rendered_mix_shows_both_and_sounds_like_both() -> None:
    line = Line()
    line.wait(2_000)
    line.call("bob", "stopDevice", type=CAMERA)
    line.call("alice", "stopDevice", type=MIC)
    line.wait(2_000)
    line.hang_up()

    body = line.rendered("-mix.mp4")
    pictures = list(frames(body, "video"))
    sound = samples(body)

    early, late = pictures[15], pictures[45]
    assert is_like(colour_at(early, 10, 10), COLOURS[0])
    assert is_like(colour_at(early, 630, 10), COLOURS[1])
    assert is_like(colour_at(late, 10, 10), COLOURS[0])
    assert is_like(colour_at(late, 630, 10), MUTED)
    alice, bob = (loudness(sound[RATE_HZ * 3 : RATE_HZ * 13 // 4], hz) for hz in TONES_HZ[:2])
    assert bob > 20 * alice


@pytest.mark.parametrize("profile", [AGENT, WEBRTC])
def test_what_a_local_recorder_has_filmed_fits_into_its_size(profile: str) -> None:
    line = Line(profile=profile)
    if profile == AGENT:
        line.call("alice", "startRecordMp4", path="own.mp4")
        line.wait(2_000)
        line.call("alice", "stopRecordMp4")
    else:
        for source in (MIC, CAMERA, SCREEN):
            line.call("alice", "startDevice", type=source)
        record = line.call("alice", "startMediaRecording")["recordId"]
        line.wait(2_000)
        line.call("alice", "downloadMediaRecording", recordId=record)

    assert len(line.rendered("alice/")) == 20_000


@pytest.mark.parametrize("main", ["", "3"])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 17])
def test_everybody_with_a_pane_is_inside_the_picture(count: int, main: str) -> None:
    names = [str(n) for n in range(count)]

    found = panes.panes(names, main, SIZE)

    assert sorted(found) == sorted(names)
    for tile in found.values():
        assert tile.width > 0
        assert tile.height > 0
        assert 0 <= tile.left <= SIZE[0] - tile.width
        assert 0 <= tile.top <= SIZE[1] - tile.height
