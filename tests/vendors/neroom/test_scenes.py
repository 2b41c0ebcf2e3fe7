"""What the files of a NERoom recording show: who was recorded, and where each mode puts them."""

from typing import Any

import msgspec
import pytest
from tests.filming import Studio
from tests.players import colour_at, frames, is_like

from recording_emulator.core import rooms
from recording_emulator.store.drawing import COLOURS
from recording_emulator.vendors.neroom import ADAPTER, panes
from recording_emulator.vendors.neroom.config import Layout, Pane
from recording_emulator.vendors.neroom.inputs import Track
from recording_emulator.vendors.neroom.nertc import requests
from recording_emulator.vendors.neroom.panes import MAX_PANES

ROOM = "room-7"
WIDTH, HEIGHT = 1_280, 720
WHOLE = (0, 0, WIDTH, HEIGHT)
LEFT, RIGHT = (0, 0, 640, 720), (640, 0, 640, 720)
LARGE, FIRST, SECOND = (0, 0, 960, 720), (960, 0, 320, 180), (960, 180, 320, 180)
CORNER = (960, 540, 320, 180)
SCREEN = "bob (screen)"


class Meeting(Studio):
    """Alice and Bob in one room, both with sound and picture."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(ADAPTER, **settings)
        self.say("alice", "createRoom", enableRecord=True)
        for each in ("alice", "bob"):
            self.come(each)

    def say(self, user: str, method: str, **params: Any) -> None:
        self.call(user, method, **{"roomUuid": ROOM, **params})

    def come(self, user: str, **keys: Any) -> None:
        if keys:
            self.say(user, "setParameters", **keys)
        self.say(user, "joinRoom", userName=user.title())
        self.say(user, "joinRtcChannel")
        self.say(user, "unmuteMyAudio")
        self.say(user, "unmuteMyVideo")

    def start(self, *modes: int, **params: Any) -> None:
        config = {"rtcRecordType": 100, "modeList": [{"mode": each} for each in modes]}
        self.say("alice", "startCloudRecord", **(config if modes else {}), **params)

    def stop(self) -> None:
        self.say("alice", "stopCloudRecord")
        self.wait(60_000)

    def ask(self, name: str, **body: Any) -> None:
        """Make a call of NERTC about the room, by its name."""
        raw = msgspec.json.encode({"cname": ROOM, **body})
        given, notes = requests.read(requests.Asked(name, True, "", {}, raw))
        assert not notes, notes
        self.apply(f"neroom.nertc.v3.{name}", given)
        if name == "stop":
            self.wait(60_000)

    def submit(self, config: dict[str, Any], **body: Any) -> None:
        self.ask("submit", recordConfig=config, **body)

    def rtc_uid(self, user: str) -> int:
        context = self.call(user, "getRoomContext", roomUuid=ROOM)["data"]
        found: int = context["localMember"]["rtcUid"]
        return found

    def custom(self, user: str) -> dict[str, Any]:
        """Lay out one pane, in the third quarter of a canvas."""
        pane = {"uid": self.rtc_uid(user), "x": 320, "y": 180, "width": 160, "height": 90}
        return {"canvas": {"width": 640, "height": 360}, "users": [pane]}


def test_a_gallery_shows_who_publishes_what_and_when() -> None:
    meeting = Meeting()
    meeting.start()
    meeting.wait(4_000)
    meeting.say("alice", "muteMyVideo")
    meeting.wait(3_000)
    meeting.say("alice", "muteMyAudio")
    meeting.wait(2_000)
    meeting.say("alice", "unmuteMyAudio")
    meeting.wait(1_000)
    meeting.say("bob", "leaveRoom")
    meeting.wait(5_000)
    meeting.stop()

    assert meeting.shown("-mix.") == [
        (4_000, {"alice": LEFT, "bob": RIGHT}, "alice bob"),
        (3_000, {"(alice)": LEFT, "bob": RIGHT}, "alice bob"),
        (2_000, {"bob": WHOLE}, "bob"),
        (1_000, {"(alice)": LEFT, "bob": RIGHT}, "bob alice"),
        (5_000, {"(alice)": WHOLE}, "alice"),
    ]


@pytest.mark.parametrize(
    ("mode", "alone", "shared"),
    [
        (1, {"alice": LEFT, "bob": RIGHT}, {SCREEN: LARGE, "alice": FIRST, "bob": SECOND}),
        (2, {"alice": WHOLE}, {SCREEN: WHOLE, "alice": CORNER}),
        (3, {"alice": WHOLE}, {"alice": WHOLE}),
        (4, {"alice": LEFT, "bob": RIGHT}, {"alice": LEFT, "bob": RIGHT}),
        (5, {}, {SCREEN: WHOLE}),
    ],
)
def test_each_mode_has_a_picture_of_its_own(mode: int, alone: Any, shared: Any) -> None:
    meeting = Meeting()
    meeting.start(*{6, mode})
    meeting.wait(4_000)
    meeting.say("bob", "startScreenShare")
    meeting.wait(3_000)
    meeting.stop()

    (mixed,) = [key for _, key in meeting.files if key.endswith(".mp4")]
    assert [each[:2] for each in meeting.shown(mixed)] == [(4_000, alone), (3_000, shared)]
    assert [each[1:] for each in meeting.shown(".aac")] == [({}, "#0 #1")] * 2


def test_two_modes_of_one_recording_do_not_mix_their_pictures() -> None:
    meeting = Meeting()
    meeting.start(3, 4)
    meeting.wait(4_000)
    meeting.stop()

    assert [each[1] for each in meeting.shown("-mix.mp4")] == [{"alice": WHOLE}]
    assert [each[1] for each in meeting.shown("-mix-4.mp4")] == [{"alice": LEFT, "bob": RIGHT}]


def test_the_speaker_is_the_next_who_talks_once_the_first_is_silent() -> None:
    meeting = Meeting()
    meeting.start(3)
    meeting.wait(4_000)
    meeting.say("alice", "muteMyAudio")
    meeting.wait(4_000)
    meeting.say("bob", "muteMyVideo")
    meeting.wait(4_000)
    meeting.stop()

    assert [each[1:] for each in meeting.shown("-mix.")] == [
        ({"alice": WHOLE}, "alice bob"),
        ({"bob": WHOLE}, "bob"),
        ({"(bob)": WHOLE}, "bob"),
    ]


def test_a_main_speaker_is_large_wherever_clients_say_what_is_recorded() -> None:
    meeting = Meeting(server_record_rule="client_keys")
    keys = {"record_audio_enabled": True, "record_video_enabled": True}
    meeting.come("carol", **keys)
    meeting.come("dan", **keys, record_host_enabled=True)
    meeting.start(3)
    meeting.wait(4_000)
    meeting.stop()

    assert [each[1] for each in meeting.shown("-mix.")] == [{"dan": WHOLE}]


def test_each_member_fills_the_file_of_their_own_and_so_does_a_screen() -> None:
    meeting = Meeting()
    meeting.start(0)
    meeting.wait(4_000)
    meeting.say("bob", "startScreenShare")
    meeting.say("bob", "muteMyVideo")
    meeting.wait(3_000)
    alice, bob = (f"{meeting.rtc_uid(each)}-" for each in ("alice", "bob"))
    meeting.say("bob", "leaveRoom")
    meeting.wait(2_000)
    meeting.stop()

    (screen,) = [key for _, key in meeting.files if "-substream" in key]
    (own,) = [key for _, key in meeting.files if key.startswith(bob) and key != screen]
    assert meeting.shown(alice) == [
        (4_000, {"alice": WHOLE}, "alice"),
        (3_000, {"alice": WHOLE}, "alice"),
        (2_000, {"alice": WHOLE}, "alice"),
    ]
    assert meeting.shown(own) == [
        (4_000, {"bob": WHOLE}, "bob"),
        (3_000, {"(bob)": WHOLE}, "bob"),
        (2_000, {}, ""),
    ]
    assert meeting.shown(screen) == [(3_000, {SCREEN: WHOLE}, ""), (2_000, {}, "")]


def test_who_bids_fills_a_file_in_which_all_are_heard() -> None:
    meeting = Meeting()
    meeting.say("bob", "muteMyVideo")
    meeting.submit({"recordType": 100, "modeList": [{"mode": 100}]})
    meeting.wait(4_000)
    meeting.ask("stop")

    assert meeting.shown(".mp4") == [(4_000, {"alice": WHOLE}, "alice #1")]


@pytest.mark.parametrize(
    ("kind", "panes"),
    [
        (0, {"alice": LEFT, "bob": RIGHT}),
        (1, {"alice": LARGE, "bob": FIRST}),
        (2, {"bob": (640, 360, 320, 180)}),
        (3, {"alice": WHOLE, "bob": CORNER}),
        (4, {"alice": LARGE, "bob": FIRST}),
    ],
)
def test_a_task_of_nertc_has_its_layout(kind: int, panes: dict[str, Any]) -> None:
    meeting = Meeting()
    layout = {"layoutType": kind, "layout": meeting.custom("bob")}
    meeting.submit({"recordType": 1}, layoutConfig=layout)
    meeting.wait(4_000)
    meeting.ask("stop")

    assert meeting.shown(".mp4") == [(4_000, panes, "alice bob" if "alice" in panes else "#0 bob")]


def test_a_pane_of_a_higher_order_covers_the_others() -> None:
    meeting = Meeting()
    small = {**meeting.custom("bob")["users"][0], "zorder": 1}
    large = {"uid": meeting.rtc_uid("alice"), "width": 640, "height": 360, "zorder": 2}
    layout = {"canvas": {"width": 640, "height": 360}, "users": [small, large]}
    meeting.submit({"recordType": 1}, layoutConfig={"layoutType": 2, "layout": layout})
    meeting.wait(4_000)
    meeting.ask("stop")

    assert [list(each[1]) for each in meeting.shown(".mp4")] == [["bob", "alice"]]


def test_a_mode_of_a_task_may_have_a_layout_of_its_own() -> None:
    meeting = Meeting()
    modes = [{"mode": 1}, {"mode": 4, "layoutType": 3}]
    config = {"recordType": 100, "modeList": modes}
    meeting.submit(config, layoutConfig={"layoutType": 4})
    meeting.wait(4_000)
    meeting.ask("stop")

    assert [each[1] for each in meeting.shown("-mix.")] == [{"alice": LARGE, "bob": FIRST}]
    assert [each[1] for each in meeting.shown("-mix-4.")] == [{"alice": WHOLE, "bob": CORNER}]


def test_an_updated_layout_is_seen_from_then_on() -> None:
    meeting = Meeting()
    meeting.submit({"recordType": 1})
    meeting.wait(4_000)
    meeting.ask("update", layoutConfig={"layoutType": 3})
    meeting.wait(3_000)
    meeting.ask("update", watermark={"imgWms": []})
    meeting.ask("stop")

    assert [each[:2] for each in meeting.shown("-mix.")] == [
        (4_000, {"alice": LEFT, "bob": RIGHT}),
        (3_000, {"alice": WHOLE, "bob": CORNER}),
    ]


def test_who_is_not_subscribed_to_is_neither_seen_nor_heard() -> None:
    meeting = Meeting()
    only = {"subscribeUids": [meeting.rtc_uid("bob")]}
    streams = {"streamType": 2, "audioUidList": only, "videoUidList": only}
    meeting.submit({"recordType": 1}, streamSubscribe=streams)
    meeting.wait(4_000)
    meeting.ask("stop")

    assert meeting.shown("-mix.") == [(4_000, {"bob": WHOLE}, "bob")]


def test_a_piece_shows_its_own_two_hours() -> None:
    meeting = Meeting(slice_ms=10_000)
    meeting.start(4)
    meeting.wait(12_000)
    meeting.say("bob", "leaveRoom")
    meeting.wait(5_000)
    meeting.stop()

    assert meeting.shown("-0-mix") == [(10_000, {"alice": LEFT, "bob": RIGHT}, "alice bob")]
    assert meeting.shown("-1-mix") == [
        (2_000, {"alice": LEFT, "bob": RIGHT}, "alice bob"),
        (5_000, {"alice": WHOLE}, "alice"),
    ]


def test_a_restored_recording_shows_the_same() -> None:
    meeting = Meeting()
    meeting.start(1)
    meeting.wait(4_000)
    meeting.say("alice", "muteMyVideo")
    meeting.wait(4_000)
    meeting.stop()

    twin = meeting.restored()

    assert twin.shown("-mix.") == meeting.shown("-mix.")


def test_a_rendered_mix_shows_both_in_their_halves() -> None:
    meeting = Meeting()
    meeting.start(4)
    meeting.wait(2_000)
    meeting.stop()

    shown = list(frames(meeting.rendered("-mix."), "video"))

    assert is_like(colour_at(shown[15], 20, 20), COLOURS[0])
    assert is_like(colour_at(shown[15], 1_260, 20), COLOURS[1])


@pytest.mark.parametrize(("container", "part"), [(0, ".mp4"), (1, ".flv"), (2, ".mp3")])
def test_what_nine_send_who_come_and_go_fits_into_the_size_that_is_told(
    container: int, part: str
) -> None:
    meeting = Meeting()
    for n in range(7):
        meeting.join(ROOM, f"user-{n}")
    meeting.submit({"recordType": 1, "fileFormat": container})
    for n in range(3):
        meeting.wait(1_000)
        meeting.room(ROOM, rooms.Leave(f"user-{n}"))
    meeting.ask("stop")

    assert len(meeting.rendered(part)) == (15_000 if part == ".mp3" else 30_000)


def test_a_clip_of_a_second_has_room_for_what_is_rendered() -> None:
    meeting = Meeting()
    meeting.start(1, 6)
    meeting.wait(1_000)
    meeting.stop()

    assert len(meeting.rendered(".mp4")) == 10_000
    assert len(meeting.rendered(".aac")) == 5_000


# --- panes ----------------------------------------------------------------------------------------


def people(count: int) -> list[Track]:
    return [Track(str(n), str(n), 100 + n, True, True, 0) for n in range(count)]


@pytest.mark.parametrize("kind", [None, 0, 1, 3, 4])
@pytest.mark.parametrize("mode", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 17, 64, 70])
def test_everybody_with_a_pane_is_inside_the_picture(
    mode: int, kind: int | None, count: int
) -> None:
    layout = None if kind is None else Layout(kind)

    found = panes.panes(mode, layout, people(count), WIDTH, HEIGHT)

    is_focus = layout is None and mode in (2, 3)
    assert list(found) == [str(n) for n in range(min(count, 1 if is_focus else MAX_PANES))]
    for tile in found.values():
        assert tile.width > 0
        assert tile.height > 0
        assert 0 <= tile.left <= WIDTH - tile.width
        assert 0 <= tile.top <= HEIGHT - tile.height


def test_panes_of_a_custom_layout_are_scaled_from_its_canvas() -> None:
    layout = Layout(2, 640, 360, (Pane(101, 320, 180, 160, 90), Pane(999, 0, 0, 10, 10)))

    found = panes.panes(1, layout, people(2), WIDTH, HEIGHT)

    assert found == {"1": (640, 360, 320, 180)}


def test_somebody_put_in_by_hand_is_shown_as_others_are() -> None:
    meeting = Meeting()
    meeting.start(4)
    meeting.room(ROOM, rooms.Leave("bob"))
    meeting.join(ROOM, "dan", audio=False)
    meeting.wait(4_000)
    meeting.stop()

    assert meeting.shown("-mix.") == [(4_000, {"alice": LEFT, "dan": RIGHT}, "alice")]
