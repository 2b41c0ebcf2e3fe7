"""The double of NERoom's Web SDK in a real browser: an app that swaps one import, and its users.

The page is an app's (``neroom_page.html``), served from another origin than the emulator. Each user
has a browser context of their own.
"""

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.browsing import Browser, Page, Site

Wait = Callable[[], None]
README = (Path(__file__).parents[2] / "README.md").read_text()
ROOM = "room-7"
EPOCH_MS = 1_893_456_000_000
STATE = "onRoomCloudRecordStateChanged"


class User:
    """Somebody with the app open."""

    def __init__(self, page: "Page", neroom: NeRoom, name: str) -> None:
        self.page = page
        self.name = name
        self._neroom = neroom
        page.until("window.app")

    def tried(self, script: str, *args: Any) -> Any:
        """What a promise resolves or is rejected with; ``args`` are ``a``, ``b``, ``c``, ``d``."""
        names = ", ".join("abcd"[: len(args)])
        return self.page.run(f"({names}) => tried(() => {script})", *args)

    def get(self, expression: str) -> Any:
        return self.page.run(f"() => ({expression})")

    def login(self, *, token: str = "", **options: Any) -> Any:
        user = self.name.lower()
        own = {"appKey": self._neroom.app_key, "serverUrl": self._neroom.base_url}
        token = token or self._neroom.token(user)
        return self.tried("app.login(a, b, c)", user, token, {**own, **options})

    def join(self, *, role: str = "member", is_talking: bool = True) -> None:
        done = self.tried("app.join(a, b, c, d)", ROOM, self.name, role, {"isTalking": is_talking})
        assert done is None, done
        self._neroom.settle()

    def record(self) -> None:
        assert self.tried("app.record()")["code"] == 0
        self._neroom.settle()

    @property
    def notices(self) -> list[str]:
        found: list[str] = self.get("app.notices")
        return found

    @property
    def is_recording(self) -> bool:
        """What the app shows."""
        return bool(self.get("app.isRecording"))

    @property
    def is_told_by_the_room(self) -> bool:
        """What the room's context says."""
        return bool(self.get("app.room.isCloudRecording"))


class Users:
    def __init__(self, browser: "Browser", site: "Site", neroom: NeRoom, url: str) -> None:
        self._browser = browser
        self._page = site.url("neroom_page.html", sdk=f"{url}/_emulator/sdk/neroom.js")
        self._neroom = neroom

    def open(self, name: str) -> User:
        """Somebody opens the app."""
        return User(self._browser.open(self._page), self._neroom, name)

    def __call__(self, name: str, **options: Any) -> User:
        """Somebody opens the app and logs in."""
        user = self.open(name)
        assert user.login(**options)["code"] == 0
        return user

    def meeting(self, **options: Any) -> tuple[User, User]:
        """Alice and Bob talk in a room."""
        alice, bob = self("Alice"), self("Bob", **options)
        assert alice.tried("app.create(a)", ROOM)["code"] == 0
        alice.join(role="host")
        bob.join()
        return alice, bob


@pytest.fixture
def user(browser: "Browser", site: "Site", neroom: NeRoom, tenant: Tenant) -> Users:
    return Users(browser, site, neroom, tenant.emulator.url)


def calls(neroom: NeRoom, method: str) -> list[int]:
    """When a method was called, in ms from the start."""
    entries = neroom.journal(kind="call")
    return [e["at_ms"] - EPOCH_MS for e in entries if e["name"] == f"neroom.{method}"]


# --- as the guide has it -------------------------------------------------------------------------


def test_two_users_record_a_meeting_and_find_its_file(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    alice.record()
    during = (alice.is_recording, bob.is_recording)
    neroom.advance(minutes=10)
    assert bob.tried("app.stop()")["code"] == 0
    neroom.settle()
    early = alice.tried("app.files()")
    neroom.advance(seconds=60)

    assert during == (True, True)
    assert alice.notices == ["Bob is here", "started by Alice", "stopped by Bob"]
    assert bob.notices == ["started by Alice", "stopped by Bob"]
    assert (alice.is_recording, bob.is_recording) == (False, False)
    assert early == []
    assert [name.rpartition(".")[2] for name in alice.tried("app.files()")] == ["aac"] * 3


def test_a_recording_that_nobody_talks_into_ends_by_itself(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    alice.record()

    alice.tried("app.room.rtcController.muteMyAudio()")
    bob.tried("app.room.rtcController.muteMyAudio()")
    neroom.settle()

    assert alice.notices[-1] == bob.notices[-1] == "stopped by itself"
    assert alice.is_recording is alice.is_told_by_the_room is False


def test_who_comes_late_is_not_told_and_reads_it_from_the_context(user: Users) -> None:
    alice = user("Alice")
    alice.tried("app.create(a)", ROOM)
    alice.join()
    alice.record()
    bob = user("Bob")

    bob.join()

    assert bob.notices == []
    assert bob.is_recording is True


def test_a_context_is_not_there_before_the_room_is_joined_so_asking_it_does_nothing(
    user: Users, neroom: NeRoom
) -> None:
    alice = user("Alice")
    alice.tried("app.create(a)", ROOM)
    context = "kit.roomService.getRoomContext(a)"

    done = alice.tried(f"{context}?.rtcController.setParameters({{}})", ROOM)
    bare = alice.tried(f"{context}.rtcController.setParameters({{}})", ROOM)

    assert done is None
    assert "null" in bare["message"]
    assert calls(neroom, "setParameters") == []


def test_the_fields_of_a_context_follow_the_room(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    alice.page.run("() => { window.bob = app.room.getMember('bob'); }")
    bob.tried("app.room.rtcController.unmuteMyVideo()")
    alice.record()

    seen = alice.get("[bob === app.room.remoteMembers[0], bob.isAudioOn, bob.isVideoOn]")
    properties = alice.get("app.room.roomProperties")
    bob.tried("app.room.leaveRoom()")
    alice.tried("app.stop()")
    neroom.settle()

    assert seen == [True, True, True]
    assert json.loads(properties["record"])["recordId"].startswith("rec_")
    assert alice.get("[app.room.remoteMembers, app.room.roomProperties]") == [[], {}]
    assert alice.get("[app.room.localMember.isAudioOn, app.room.localMember.role.name]") == [
        True,
        "host",
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("app.stop()", (800, "Record does not exist")),
        ("app.create('room-7')", (409, "Target Already Exists")),
        ("kit.roomService.joinRoom({roomUuid: 'x', userName: 'A'})", (1004, "Room Not Found")),
        ("kit.roomService.getRoomCloudRecordList('room-7')", (1004, "Room Not Found")),
        ("app.record({rtcRecordType: 7})", (400, "Bad Request")),
    ],
)
def test_a_promise_is_rejected_with_the_vendors_own_object(
    user: Users, script: str, expected: tuple[int, str]
) -> None:
    alice = user("Alice")
    alice.tried("app.create(a)", ROOM)
    alice.join()

    rejected = alice.tried(script)

    assert (rejected["code"], rejected["message"]) == expected


def test_the_example_in_the_readme_records(
    browser: "Browser", site: "Site", neroom: NeRoom, tenant: Tenant, tmp_path: Path
) -> None:
    blocks = re.findall(r"^```html\n(.*?)^```$", README, re.S | re.M)
    (block,) = (each for each in blocks if "neroom" in each)
    for stands, means in (
        ("http://127.0.0.1:8787", tenant.emulator.url),
        ("my-app-key", neroom.app_key),
        ("alices-token", neroom.token("alice")),
    ):
        assert stands in block
        block = block.replace(stands, means)
    (tmp_path / "example.html").write_text(block)

    with closing(type(site)(tmp_path)) as pages:
        page = browser.open(pages.url("example.html"))
        page.until("document.title === 'recording'")
    neroom.room(ROOM).publish("alice", audio=False)
    neroom.settle()

    assert page.run("() => document.title") == "stopped by itself"


# --- logging in ----------------------------------------------------------------------------------


def test_a_login_with_another_users_token_is_rejected(user: Users, neroom: NeRoom) -> None:
    mallory = user.open("Mallory")

    rejected = mallory.login(token=neroom.token("alice"))

    assert rejected == {"code": 1027, "message": "Token Incorrect"}
    assert mallory.get("kit.authService.isLoggedIn") is False


def test_a_login_whose_token_has_expired_is_rejected(user: Users, neroom: NeRoom) -> None:
    alice = user.open("Alice")
    neroom.faults.answer("login", 1026)

    rejected = alice.login()

    assert rejected["code"] == 1026
    assert alice.get("kit.emulatorLine") is None
    assert alice.login()["code"] == 0


def test_an_unknown_app_key_is_forbidden(user: Users) -> None:
    alice = user.open("Alice")

    assert alice.login(appKey="nobodys")["code"] == 403


def test_what_needs_a_login_or_an_app_key_says_so(user: Users) -> None:
    alice = user.open("Alice")

    assert alice.tried("app.create('a')")["code"] == 402
    assert alice.login(appKey="") == {"code": -1, "message": "lack of appKey"}


def test_an_address_can_stand_in_the_server_config_or_nowhere(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.open("Alice"), user.open("Bob")
    rooms = {"roomKitServerConfig": {"roomServer": neroom.base_url}}

    first = alice.login(serverUrl="http://127.0.0.1:1", serverConfig=rooms)
    second = bob.tried("app.login(a, b, {appKey: c})", "bob", neroom.token("bob"), neroom.app_key)

    assert (first["code"], second["code"]) == (0, 0)


def test_an_address_where_nobody_answers_fails_the_login(user: Users) -> None:
    alice = user.open("Alice")

    assert alice.login(serverUrl="http://127.0.0.1:1")["code"] == -1


def test_who_logs_out_has_left_when_the_promise_resolves(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    bob.page.run(
        "() => { window.auth = []; kit.authService.addAuthListener((e) => auth.push(e)); }"
    )

    bob.tried("kit.authService.logout()")
    neroom.settle()

    assert alice.notices == ["Bob is here", "Bob has left"]
    assert bob.get("[app.ended, auth, kit.authService.isLoggedIn]") == [
        "LEAVE_BY_SELF",
        [5],
        False,
    ]


# --- time ----------------------------------------------------------------------------------------


def test_what_a_listener_waits_for_is_done_before_the_clock_moves_on(
    user: Users, neroom: NeRoom, until_dropped: Wait
) -> None:
    alice, bob = user.meeting()
    alice.record()
    alice.page.run("() => { app.isClosing = true; }")
    bob.page.close()
    until_dropped()

    neroom.advance(hours=1)

    assert calls(neroom, "stopCloudRecord") == [30_000]
    assert alice.notices[-2:] == ["Bob has left", "stopped by Alice"]
    (task,) = neroom.tasks()
    assert task["ended_ms"] - EPOCH_MS == 30_000


def test_what_a_listener_calls_without_waiting_belongs_to_the_instant_too(
    user: Users, neroom: NeRoom, until_dropped: Wait
) -> None:
    alice, bob = user.meeting()
    alice.record()
    alice.page.run("() => app.room.addRoomListener({onMemberLeaveRoom() { app.stop(); }})")
    bob.page.close()
    until_dropped()

    neroom.advance(hours=1)

    assert calls(neroom, "stopCloudRecord") == [30_000]
    assert alice.notices[-1] == "stopped by Alice"


def test_a_listener_that_is_removed_hears_nothing(user: Users, neroom: NeRoom) -> None:
    alice, _ = user.meeting()
    alice.page.run(
        f"""() => {{
            window.heard = 0;
            const listener = {{{STATE}() {{ heard += 1; }}}};
            app.room.addRoomListener(listener);
            window.forget = () => app.room.removeRoomListener(listener);
        }}"""
    )

    alice.record()
    alice.page.run("() => forget()")
    alice.tried("app.stop()")
    neroom.settle()

    assert alice.get("heard") == 1


def test_a_listener_that_fails_holds_nothing_up(
    user: Users, neroom: NeRoom, browser: "Browser"
) -> None:
    alice, _ = user.meeting()
    alice.page.run(
        "() => app.room.addRoomListener({onRoomPropertiesChanged() { throw Error('x') }})"
    )

    alice.record()

    assert alice.notices[-1] == "started by Alice"
    assert neroom.journal(kind="outcome")[-1]["name"] == "accepted"
    assert [each.errors.pop() for each in browser.pages if each.errors] == ["x"]


@pytest.mark.recording_emulator(guard_ms=200)
def test_a_listener_that_never_ends_is_given_up(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    alice.page.run(f"() => app.room.addRoomListener({{{STATE}: () => new Promise(() => {{}})}})")

    alice.tried("app.record()")
    neroom.advance(minutes=1)

    assert "timed_out" in [each["name"] for each in neroom.journal(kind="outcome")]
    assert bob.is_recording is True


# --- when the line breaks ------------------------------------------------------------------------


def test_a_page_whose_connection_drops_comes_back_and_reads_what_it_was_not_told(
    user: Users, neroom: NeRoom
) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="drop", event=STATE, nth=2)

    alice.tried("app.record()")
    bob.page.until("app.notices.includes('online')")
    neroom.settle()

    assert bob.notices == ["offline", "online"]
    assert bob.is_recording is True
    assert alice.notices == ["Bob is here", "started by Alice"]


@pytest.mark.recording_emulator(settings={"neroom": {"replay_on_reconnect": True}})
def test_with_replays_a_page_that_comes_back_is_told(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="drop", event=STATE, nth=2)

    alice.tried("app.record()")
    bob.page.until("app.notices.length == 3")
    neroom.settle()

    assert bob.notices == ["offline", "started by Alice", "online"]


@pytest.mark.recording_emulator(settings={"neroom": {"replay_on_reconnect": True}})
def test_a_gap_after_coming_back_is_filled_from_the_room(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="drop", event=STATE, nth=2)
    neroom.faults.add("wire", effect="gap")

    alice.tried("app.record()")
    bob.page.until("app.notices.includes('online')")
    neroom.settle()

    assert bob.notices == ["offline", "online"]
    assert bob.is_recording is True


def test_after_a_lost_event_the_room_is_right_and_an_app_that_only_listens_is_not(
    user: Users, neroom: NeRoom
) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="lose", event=STATE, nth=2)

    alice.record()
    before = bob.is_told_by_the_room
    alice.tried("app.room.rtcController.unmuteMyVideo()")  # the next event shows the hole
    neroom.settle()

    assert before is False
    assert bob.is_told_by_the_room is True
    assert bob.is_recording is False


def test_a_page_that_reads_slowly_is_told_late(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="slow", by_ms=20_000, event=STATE, nth=2)

    alice.record()
    before = bob.is_recording
    neroom.advance(seconds=20)

    assert before is False
    assert bob.is_recording is True
    assert bob.notices == ["started by Alice"]


def test_a_dead_connection_is_noticed_late_and_its_calls_fail(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("wire", effect="half_open", event=STATE, nth=2, for_ms=8_000)
    alice.record()
    bob.page.run("() => { window.unheard = tried(() => app.stop()); }")

    neroom.advance(seconds=7)
    is_fooled = not bob.is_recording and bob.get("kit.emulatorLine.isUp")
    neroom.advance(seconds=1)
    bob.page.until("app.notices.includes('online')")

    assert is_fooled
    assert bob.tried("unheard")["code"] == -1
    assert bob.notices == ["offline", "online"]
    assert bob.is_recording is True


@pytest.mark.parametrize(
    ("effect", "more"), [("malform", {}), ("reset", {"commit": True}), ("empty", {"commit": True})]
)
def test_a_start_whose_answer_is_broken_fails_and_the_room_says_that_it_runs(
    user: Users, neroom: NeRoom, effect: str, more: dict[str, Any]
) -> None:
    alice, bob = user.meeting()
    neroom.faults.add("call", effect=effect, operation="startCloudRecord", **more)

    answer = bob.tried("app.record()")
    bob.page.until("app.notices.includes('online')")
    neroom.settle()

    assert answer["code"] == -1
    assert "the connection was lost" in answer["message"]
    assert bob.is_recording is True
    assert alice.notices[-1] == "started by Bob"


def test_a_page_that_is_closed_counts_as_there_for_a_while(
    user: Users, neroom: NeRoom, until_dropped: Wait
) -> None:
    alice, bob = user.meeting()
    alice.tried("app.room.rtcController.muteMyAudio()")
    alice.record()
    bob.page.close()
    until_dropped()

    neroom.advance(seconds=29)
    before = alice.is_recording
    neroom.advance(seconds=1)

    assert before is True
    assert alice.notices[-2:] == ["Bob has left", "stopped by itself"]


def test_a_page_that_comes_back_too_late_is_out(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting(extras={"emulator": {"comesBack": False}})
    drop(neroom, bob)

    neroom.advance(seconds=31)
    bob.tried("kit.emulatorLine.resume()")
    bob.page.until("app.ended")

    assert bob.get("app.ended") == "SYNC_DATA_ERROR"
    assert bob.tried("app.record()") == {"code": -1, "message": "not join roomkit"}
    assert alice.notices[-1] == "Bob has left"


def test_a_page_that_comes_back_when_it_is_forgotten_is_logged_out(
    user: Users, neroom: NeRoom
) -> None:
    _, bob = user.meeting(extras={"emulator": {"comesBack": False}})
    drop(neroom, bob)

    neroom.advance(minutes=3)
    refused = bob.tried("kit.emulatorLine.resume()")

    assert refused["code"] == 4400
    assert "no member" in refused["message"]


def test_a_page_whose_tenant_is_gone_is_logged_out(user: Users, tenant: Tenant) -> None:
    alice, _ = user.meeting()

    tenant.close()
    alice.page.until("app.ended")

    assert alice.get("[app.ended, kit.authService.isLoggedIn]") == ["LOGIN_STATE_ERROR", False]
    assert alice.tried("app.create('b')")["code"] == 402


def drop(neroom: NeRoom, user: User) -> None:
    """Break a user's connection, at this instant."""
    member = user.get("kit.emulatorLine.member")
    root = f"{neroom.control.url}/_emulator/tenants/{neroom.info.id}"
    assert httpx.post(f"{root}/members/{member}/drop").status_code == 200


# --- one another ---------------------------------------------------------------------------------


def test_what_a_host_does_to_others_is_told_with_the_hosts_name(
    user: Users, neroom: NeRoom
) -> None:
    alice, bob = user.meeting()
    bob.page.run(
        """() => { window.heard = []; app.room.addRoomListener({
            onMemberAudioMuteChanged: (who, mute, by) => heard.push([who.uuid, mute, by.uuid]),
            onMemberRoleChanged: (who, before, now) => heard.push([who.uuid, who.role.name]),
            onMemberNameChanged: (who, name) => heard.push([who.name, name]),
            onMemberScreenShareStateChanged: (who, isSharing) => heard.push([who.uuid, isSharing]),
            onRoomLockStateChanged: (isLocked) => heard.push(app.room.isRoomLocked),
        }); }"""
    )

    for script in (
        "app.room.rtcController.muteMemberAudio('bob')",
        "app.room.changeMemberRole('bob', 'cohost')",
        "app.room.changeMyName('Alicia')",
        "app.room.rtcController.startScreenShare()",
        "app.room.lockRoom()",
        "app.room.kickMemberOut('bob')",
    ):
        assert alice.tried(script)["code"] == 0, script
    neroom.settle()

    assert bob.get("heard") == [
        ["bob", True, "alice"],
        ["bob", "cohost"],
        ["Alicia", "Alicia"],
        ["alice", True],
        True,
    ]
    assert bob.get("[app.room.localMember.isAudioOn, app.ended]") == [False, "KICK_OUT"]
    assert alice.notices[-1] == "Bob has left"


@pytest.mark.recording_emulator(settings={"neroom": {"server_record_rule": "client_keys"}})
def test_who_sets_no_parameters_before_joining_is_not_recorded(user: Users, neroom: NeRoom) -> None:
    alice, bob = user("Alice"), user("Bob")
    alice.tried("app.create(a)", ROOM)
    alice.join(is_talking=False)
    bob.tried("kit.roomService.joinRoom({roomUuid: a, userName: 'Bob'})", ROOM)
    bob.page.run("() => { app.room = kit.roomService.getRoomContext('room-7'); }")
    for each in (
        "joinRtcChannel()",
        "unmuteMyAudio()",
        "setParameters({record_audio_enabled: true})",
    ):
        assert bob.tried(f"app.room.rtcController.{each}")["code"] == 0
    alice.record()

    alone = alice.notices[-1]
    alice.tried("app.room.rtcController.unmuteMyAudio()")
    alice.record()

    assert alone == "stopped by itself"
    assert alice.notices[-1] == "started by Alice"


# --- the end -------------------------------------------------------------------------------------


def test_who_ends_the_room_ends_it_for_everybody(user: Users, neroom: NeRoom) -> None:
    alice, bob = user.meeting()
    alice.record()

    alice.tried("app.room.endRoom(true)")
    neroom.settle()

    assert alice.get("app.ended") == bob.get("app.ended") == "CLOSE_BY_MEMBER"
    assert bob.notices[-1] == "stopped by Alice"
    assert bob.get("kit.roomService.getRoomContext('room-7')") is None


def test_a_user_on_another_device_ends_the_room_on_the_first(user: Users, neroom: NeRoom) -> None:
    _, bob = user.meeting()
    again = user("Bob")

    again.join()

    assert bob.get("app.ended") == "KICK_BY_OTHER_DEVICE"
