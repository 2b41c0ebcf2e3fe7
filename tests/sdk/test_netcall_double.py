"""The double of NIM's calls in a real browser: the document's examples as they are written there.

The page is an app's (``netcall_page.html``), served from another origin than the emulator. Each
account has a browser context of its own.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.browsing import Browser, Page, Site

pytestmark = pytest.mark.recording_emulator(guard_ms=20_000)
Wait = Callable[[], None]
README = (Path(__file__).parents[2] / "README.md").read_text()
EPOCH_S = 1_893_456_000
AGENT, BROWSER, OLD = "netcall-8.5", "webrtc-8.5", "webrtc-6.1"
CALL = """netcall.call({
  type: Netcall.NETCALL_TYPE_VIDEO,
  account: 'bob',
  webrtcEnable: true,
  pushConfig: {},
  sessionConfig:{
    recordVideo: true,
    recordAudio: true
  }
})"""
RESPONSE = """netcall.response({
  accepted: true,
  beCalledInfo: beCalledInfo,
  sessionConfig: {
    recordVideo: true,
    recordAudio: true
  }
})"""


class User:
    """Somebody with the app open."""

    def __init__(self, page: "Page", netcall: Netcall, account: str) -> None:
        self.page = page
        self.account = account
        self._netcall = netcall
        page.until("window.app")

    def tried(self, script: str, **values: Any) -> Any:
        """Say how a call went: what it returned or threw, or its promise came to.

        It sees ``netcall``, ``beCalledInfo`` and ``values``.
        """
        names = ", ".join(["netcall", "beCalledInfo", *values])
        given = json.dumps(list(values.values()))
        call = f"(({names}) => {script})(app.netcall, app.beCalledInfo, ...{given})"
        return self.page.run(f"() => tried(() => {call})")

    def do(self, script: str, **values: Any) -> Any:
        """Return what a promise resolves with."""
        (how, what), *_ = (self.tried(script, **values) or {"": None}).items()
        assert how == "resolved", what
        return what

    def get(self, expression: str) -> Any:
        return self.page.run(f"() => ({expression})")

    def send(self, script: str) -> None:
        """Call what returns nothing, and see that the emulator has it."""
        assert self.tried(script) == {"returned": None}
        self.idle()

    def idle(self) -> None:
        self.page.run("() => app.netcall.nim.emulatorIdle()")

    def login(self, build: str, **options: Any) -> Any:
        name = "Netcall" if build == AGENT else "WebRTC"
        own = {**self._netcall.sdk_query(self.account), "emulator": {"url": self._netcall.base_url}}
        return self.page.run(f"(options) => app.login({name}, options)", {**own, **options})

    def heard(self, event: str) -> list[Any]:
        return [data for name, data in self.get("app.heard") if name == event]

    @property
    def names(self) -> list[str]:
        found: list[str] = self.get("app.names()")
        return found

    @property
    def listed(self) -> dict[str, Any]:
        found: dict[str, Any] = self.tried("netcall.listMediaRecording()")["returned"]
        return found

    def take(self, *devices: str) -> None:
        for each in devices:
            self.do(f"netcall.startDevice({{type: Netcall.{each}}})")


class Users:
    def __init__(self, browser: "Browser", site: "Site", netcall: Netcall, url: str) -> None:
        self._browser = browser
        self._site = site
        self._netcall = netcall
        self._url = url

    def other_site(self, folder: Path) -> "Site":
        return type(self._site)(folder)

    def open(self, account: str, build: str = AGENT) -> User:
        """Somebody opens the app, which has imported a build."""
        sdk = f"{self._url}/_emulator/sdk/netcall.js?sdkProfile={build}"
        page = self._browser.open(self._site.url("netcall_page.html", sdk=sdk))
        return User(page, self._netcall, account)

    def __call__(self, account: str, build: str = AGENT, **options: Any) -> User:
        """Somebody opens the app, logs in and is ready for calls."""
        user = self.open(account, build)
        assert user.login(build, **options) == "up"
        user.do("netcall.initSignal()")
        return user

    def talking(self, build: str = AGENT) -> tuple[User, User]:
        """Alice and Bob in a video call, both recorded by the server."""
        alice, bob = self("alice", build), self("bob", build)
        alice.do(CALL)
        self._netcall.settle()
        bob.do(RESPONSE)
        self._netcall.settle()
        if build != AGENT:
            for each in (alice, bob):
                each.do("netcall.startRtc()")
        self._netcall.settle()
        return alice, bob


@pytest.fixture
def user(browser: "Browser", site: "Site", netcall: Netcall, tenant: Tenant) -> Users:
    return Users(browser, site, netcall, tenant.emulator.url)


def files(inbox: Inbox) -> list[str]:
    """Whose files of which kind an app's server was told of."""
    posts = [json.loads(c.json["fileinfo"]) for c in inbox.callbacks if c.event_type == "6"]
    return [f"{file['user']}.{file['type']}" for post in posts for file in post]


# --- recorded by the server ----------------------------------------------------------------------


@pytest.mark.parametrize("build", [AGENT, BROWSER, OLD])
def test_the_documents_call_and_response_record_both_sides(
    user: Users, netcall: Netcall, inbox: Inbox, build: str
) -> None:
    alice, bob = user.talking(build)
    channel = bob.get("app.beCalledInfo.channelId")

    netcall.advance(minutes=1)
    alice.send("netcall.hangup()")
    netcall.advance(minutes=2)

    assert sorted(files(inbox)) == ["alice.aac", "alice.mp4", "bob.aac", "bob.mp4"]
    assert bob.names == ["beCalling", "callAccepted", "hangup"]
    assert alice.names == ["callAccepted"]
    assert bob.heard("hangup")[0]["channelId"] == channel
    assert bob.get("app.wasCurrent") is True
    assert [each.get("app.netcall.calling") for each in (alice, bob)] == [False, False]


def test_what_a_call_resolves_with_is_the_builds(user: Users, netcall: Netcall) -> None:
    alice, bob, carol = user("alice"), user("bob"), user("carol", BROWSER)

    answer = alice.do(CALL)
    netcall.settle()
    carol_s = carol.tried(CALL.replace("bob", "alice"))

    assert answer["channelId"] == bob.get("app.beCalledInfo.channelId")
    assert (answer["type"], set(answer["accountUidMap"])) == (2, {"alice", "bob"})
    assert carol_s == {"resolved": None}
    assert alice.get("[app.netcall.calling, app.netcall.isCaller, app.netcall.type]") == [
        True,
        True,
        2,
    ]


def test_a_second_call_breaks_the_first_where_there_is_a_pc_agent(
    user: Users, netcall: Netcall
) -> None:
    alice, bob = user("alice"), user("bob")
    alice.do(CALL)
    netcall.settle()

    again = alice.tried(CALL)
    netcall.settle()

    assert again["rejected"]["type"] == "statusNotMatch"
    assert bob.names == ["beCalling", "hangup"]
    assert alice.get("[app.netcall.calling, app.netcall.channelId]") == [False, 0]


def test_a_second_call_of_a_browser_is_refused_and_the_first_goes_on(
    user: Users, netcall: Netcall
) -> None:
    alice, _ = user.talking(BROWSER)
    channel = alice.get("app.netcall.channelId")

    again = alice.tried(CALL)

    assert (again["rejected"]["name"], again["rejected"]["code"]) == (
        "ChannelAlreadyInSession",
        20114,
    )
    assert alice.get("[app.netcall.calling, app.netcall.channelId]") == [True, channel]


def test_a_browsers_call_without_its_configs_throws_at_once(user: Users) -> None:
    alice = user("alice", BROWSER)

    thrown = alice.tried("netcall.call({type: 2, account: 'bob', pushConfig: {}})")

    assert thrown["threw"]["name"] == "TypeError"
    assert alice.get("app.netcall.calling") is False


@pytest.mark.parametrize("build", [AGENT, BROWSER])
def test_who_is_offline_cannot_be_called(user: Users, build: str) -> None:
    alice = user("alice", build)

    assert alice.tried(CALL)["rejected"]["code"] == 11001
    assert alice.get("app.netcall.calling") is False


def test_a_refused_call_is_over_for_the_caller(user: Users, netcall: Netcall) -> None:
    alice, bob = user("alice", BROWSER), user("bob", BROWSER)
    alice.do(CALL)
    netcall.settle()

    bob.do("netcall.response({accepted: false, beCalledInfo})")
    netcall.settle()

    assert alice.names == ["callRejected"]
    assert [each.get("app.netcall.calling") for each in (alice, bob)] == [False, False]


def test_a_call_that_ends_while_it_rings_is_the_current_one_for_its_caller(
    user: Users, netcall: Netcall
) -> None:
    alice, bob = user("alice", BROWSER), user("bob", BROWSER)
    alice.do(CALL)

    netcall.advance(minutes=2)

    assert (alice.names, alice.get("app.wasCurrent")) == (["hangup"], True)
    assert bob.names == ["beCalling", "hangup"]


def test_who_answers_on_one_device_is_told_on_the_other(user: Users, netcall: Netcall) -> None:
    alice, phone, laptop = user("alice"), user("bob"), user("bob")
    alice.do(CALL)
    netcall.settle()

    phone.do(RESPONSE)
    netcall.settle()

    assert laptop.names == ["beCalling", "callerAckSync"]
    assert laptop.tried(RESPONSE)["rejected"]["code"] == 9103


def test_a_listener_that_hangs_up_does_so_in_the_same_instant(
    user: Users, netcall: Netcall, inbox: Inbox
) -> None:
    alice, bob = user.talking()
    alice.page.run(
        """() => { app.then = { control({ command, type }) {
            if (type === Netcall.NETCALL_CONTROL_COMMAND_NOTIFY_RECORD_STOP) app.netcall.hangup();
        } }; }"""
    )
    netcall.advance(seconds=30)
    command = "Netcall.NETCALL_CONTROL_COMMAND_NOTIFY_RECORD_STOP"

    bob.do(f"netcall.control({{command: {command}}})")
    netcall.advance(minutes=2)

    durations = [each.json["duration"] for each in inbox.callbacks if each.event_type == "5"]
    assert durations == ["60"]


def test_what_controls_returns_is_the_builds(user: Users, netcall: Netcall) -> None:
    alice, _ = user.talking(BROWSER)

    assert alice.tried("netcall.control({command: 13})") == {"returned": None}
    assert user("carol").tried("netcall.control({command: 13})") == {"resolved": None}


def test_a_meeting_is_made_joined_and_left(user: Users, netcall: Netcall) -> None:
    alice, bob = user("alice", BROWSER), user("bob", BROWSER)
    alice.do("netcall.createChannel({channelName: 'm', custom: 'c'})")
    for each in (alice, bob):
        each.do("netcall.joinChannel({channelName: 'm', type: 2})")
        each.do("netcall.startRtc()")
    netcall.settle()

    bob.do("netcall.leaveChannel()")
    netcall.settle()

    assert alice.names == ["joinChannel", "leaveChannel"]
    assert [each.get("app.netcall.calling") for each in (alice, bob)] == [True, False]


# --- one browser ---------------------------------------------------------------------------------


@pytest.mark.recording_emulator(
    settings={
        "netcall": {
            "auto_peers": {"bob": {"after_ms": 2_000, "hang_up_ms": 30_000, "record_audio": True}}
        }
    }
)
def test_one_page_is_enough_where_the_peer_acts_by_itself(
    user: Users, netcall: Netcall, inbox: Inbox
) -> None:
    alice = user("alice")

    alice.do(CALL)
    netcall.advance(minutes=3)

    assert alice.names == ["callAccepted", "hangup"]
    assert sorted(files(inbox)) == ["alice.aac", "alice.mp4", "bob.aac"]


# --- recorded by a PC Agent ----------------------------------------------------------------------


def test_the_documents_pairs_record_to_a_path(user: Users, netcall: Netcall) -> None:
    alice, _ = user.talking()

    started = alice.do("""netcall.startRecordMp4({
      account: 'bob',
      path: 'E:/test.mp4'
    }).then(function(obj) {
      console.log('startRecordMp4 通知下发为正式录制', obj)
      return obj
    })""")
    voices = alice.do("""netcall.startRecordAac({
      path: 'E:/test.aac'
    })""")
    netcall.advance(seconds=10)
    stopped = alice.do("""netcall.stopRecordMp4({
      account: 'bob'
    })""")
    silent = alice.do("netcall.stopRecordAac()")
    netcall.settle()

    assert started == {"code": 200, "mp4_file": "E:/test.mp4"}
    assert voices == {"code": 200, "file": "E:/test.aac"}
    assert stopped == {**started, "time": 10_000}
    assert silent == {**voices, "time": 10_000}
    assert [each["type"] for each in alice.heard("recordMp4")] == ["start", "close"]
    assert [each.key for each in netcall.objects()] == ["alice/E:/test.mp4", "alice/E:/test.aac"]


@pytest.mark.recording_emulator(settings={"netcall": {"denied_paths": ["C:/*"]}})
def test_what_an_agent_refuses_is_rejected_and_what_is_missing_throws(user: Users) -> None:
    alice, _ = user.talking()
    carol = user.open("carol")
    carol.login(AGENT)

    pathless = alice.tried("netcall.startRecordMp4({account: 'bob'})")["threw"]

    assert pathless.pop("time") == pathless.pop("timetag")
    assert pathless == {"message": "path", "callFunc": "startRecordMp4"}
    assert alice.tried("netcall.startRecordMp4({path: 'C:/a.mp4'})") == {"rejected": {"code": 403}}
    assert alice.tried("netcall.stopRecordAac()") == {"rejected": {"code": 404}}
    unheard = carol.tried("netcall.startRecordMp4({path: 'E:/a.mp4'})")
    assert unheard["threw"]["name"] == "TypeError"
    assert carol.tried(CALL)["rejected"]["type"] == "statusNotMatch"


def test_a_signal_that_was_stopped_rejects(user: Users) -> None:
    alice = user("alice")
    alice.do("netcall.stopSignal()")

    assert alice.tried("netcall.startRecordMp4({path: 'E:/a.mp4'})") == {
        "rejected": {"code": "noConnection"}
    }
    assert alice.get("app.netcall.signalInited") is False


@pytest.mark.recording_emulator(settings={"netcall": {"agent": "absent"}})
def test_without_a_pc_agent_there_is_no_signal(user: Users) -> None:
    alice = user.open("alice")
    alice.login(AGENT)

    rejected = alice.tried("netcall.initSignal()")["rejected"]

    assert (rejected["code"], rejected["errorType"]) == ("noPC", "agent_empty")


# --- recorded by a browser, up to 6.1 ------------------------------------------------------------


def test_the_documents_pairs_of_old_save_a_webm(
    user: Users, netcall: Netcall, tmp_path: Path
) -> None:
    alice, bob = user.talking(OLD)
    alice.take("DEVICE_TYPE_AUDIO_IN", "DEVICE_TYPE_VIDEO")
    uid = bob.get("app.beCalledInfo.accountUidMap.alice")

    video = alice.do("netcall.startRecordMp4(account)", account="")
    netcall.advance(seconds=10)
    stopped = alice.tried("netcall.stopRecordMp4()")
    first = alice.page.saved(0)
    voices = alice.do("netcall.startRecordAac()")
    netcall.advance(seconds=5)
    alice.do("netcall.stopRecordAac()")
    second = alice.page.saved(1)

    assert (video, voices) == ({"uid": uid}, {"uid": uid, "type": "audio"})
    assert stopped == {"resolved": None}
    assert first[0] == f"{uid}--{EPOCH_S}000--video.webm"
    assert second[0] == f"{uid}--{EPOCH_S + 10}000--audio.webm"
    for (name, content), seconds in ((first, 10), (second, 5)):
        assert content == netcall.read_object(f"alice/{name}", bucket="disk")
        played(content, tmp_path, seconds)


def test_an_old_build_rejects_with_a_text_and_has_no_advanced_recorder(user: Users) -> None:
    alice, _ = user.talking(OLD)

    stopped = alice.tried("netcall.stopRecordMp4()")
    nobodys = alice.tried("netcall.startRecordMp4('nobody')")
    advanced = alice.tried("netcall.startMediaRecording({type: 'camera'})")

    assert stopped["rejected"].startswith("REC_NOT_STARTED: ")
    assert nobodys["rejected"].startswith("REC_BAD_ACCOUNT: ")
    assert advanced["threw"]["name"] == "TypeError"


def test_a_hangup_saves_what_an_old_build_records(user: Users, netcall: Netcall) -> None:
    alice, bob = user.talking(OLD)
    alice.do("netcall.startRecordMp4('bob')")
    netcall.advance(seconds=3)

    bob.send("netcall.hangup()")
    netcall.settle()

    name, _ = alice.page.saved(0)
    assert name.endswith("--video.webm")
    assert alice.names[-1] == "hangup"


# --- recorded by a browser, advanced -------------------------------------------------------------


def test_the_documents_five_steps_of_the_advanced_recorder(
    user: Users, netcall: Netcall, tmp_path: Path
) -> None:
    alice, _ = user.talking(BROWSER)
    alice.take("DEVICE_TYPE_VIDEO")

    started = alice.do("""netcall.startMediaRecording({
      account: '', //录制本地
      type: 'camera' // 录制摄像头画面
    })""")
    during = alice.listed
    netcall.advance(seconds=30)
    alice.page.run(
        """() => {
          const { netcall } = app;
          var recordIdList = netcall.listMediaRecording()
          var recordId = Object.values(recordIdList)[0].type === 'camera'
            && Object.values(recordIdList)[0].id
          window.recordId = recordId;
        }"""
    )
    stopped = alice.tried("netcall.stopMediaRecording({recordId: recordId})")
    netcall.settle()
    ended = alice.listed["local-1"]
    downloaded = alice.do("netcall.downloadMediaRecording({recordId: recordId})")
    name, content = alice.page.saved(0)
    cleaned = alice.tried("netcall.cleanMediaRecording({recordId: recordId})")

    assert started == {"recordId": "local-1"}
    assert during == {
        "local-1": {
            "id": "local-1",
            "type": "camera",
            "name": f"local--{EPOCH_S}--camera",
            "status": "starting",
            "isRecording": True,
            "startTime": EPOCH_S,
            "endTime": None,
            "uid": "local",
            "account": "alice",
            "reset": None,
        }
    }
    assert (stopped, cleaned) == ({"resolved": None}, {"resolved": None})
    assert (ended["status"], ended["endTime"]) == ("stopped", EPOCH_S + 30)
    (told,) = alice.heard("recordStopped")
    assert (told["id"], told["isRecording"]) == (1, True)
    assert downloaded["status"] == "downloaded"
    assert name == f"local--{EPOCH_S}--camera.webm"
    assert content == netcall.read_object(f"alice/{name}", bucket="disk")
    played(content, tmp_path, 30)
    assert alice.listed["local-1"]["status"] == "downloaded"


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_browser_plays_what_it_has_saved(user: Users, netcall: Netcall, kind: str) -> None:
    alice, _ = user.talking(BROWSER)
    alice.take("DEVICE_TYPE_AUDIO_IN", "DEVICE_TYPE_VIDEO")
    record = alice.do("netcall.startMediaRecording({type: kind})", kind=kind)["recordId"]
    netcall.advance(hours=1)
    alice.do("netcall.downloadMediaRecording({recordId})", recordId=record)
    alice.page.saved(0)

    seen = alice.page.run(
        """async () => {
          const answer = await fetch(app.netcall.emulatorDownloads[0].url);
          const video = document.createElement("video");
          video.src = URL.createObjectURL(await answer.blob());
          await new Promise((go, fail) => {
            video.oncanplay = go;
            video.onerror = () => fail(video.error);
          });
          return [Math.round(video.duration), video.videoWidth > 0];
        }"""
    )

    assert seen == [3_600, kind == "video"]


def test_a_second_download_resolves_and_saves_nothing(user: Users, netcall: Netcall) -> None:
    alice, _ = user.talking(BROWSER)
    alice.do("netcall.startMediaRecording({account: 'bob', type: 'video'})")
    record = next(iter(alice.listed))
    netcall.advance(seconds=2)

    for _nth in range(2):
        alice.do("netcall.downloadMediaRecording({recordId})", recordId=record)
    netcall.settle()

    assert len(alice.get("app.netcall.emulatorDownloads")) == 1
    assert record.endswith("-1")
    assert not record.startswith("local")


def test_the_list_is_right_before_a_listener_hears_that_a_record_has_stopped(
    user: Users, netcall: Netcall
) -> None:
    alice, bob = user.talking(BROWSER)
    alice.take("DEVICE_TYPE_VIDEO")
    alice.do("netcall.startMediaRecording({type: 'camera'})")
    alice.page.run(
        """() => { app.then = { recordStopped() {
            app.seen = Object.values(app.netcall.listMediaRecording())[0].status;
        } }; }"""
    )

    bob.send("netcall.hangup()")
    netcall.settle()

    assert alice.get("app.seen") == "stopped"
    assert alice.names[-2:] == ["recordStopped", "hangup"]


def test_the_old_names_in_a_new_build(user: Users, netcall: Netcall) -> None:
    alice, _ = user.talking(BROWSER)

    stranger = alice.tried("netcall.startRecordMp4('nobody')")
    started = alice.do("netcall.startRecordMp4('bob')")
    voices = alice.tried("netcall.startRecordAac()")

    assert stranger == {"returned": None}
    assert started["recordId"].endswith("-1")
    assert voices["threw"]["name"] == "TypeError"


@pytest.mark.parametrize("verb", ["stop", "download", "clean"])
def test_a_record_that_is_not_named_is_a_rejection(user: Users, verb: str) -> None:
    alice = user("alice", BROWSER)

    rejected = alice.tried(f"netcall.{verb}MediaRecording()")["rejected"]

    assert (rejected["name"], rejected["code"]) == ("ParamError", 11405)


# --- the page is closed --------------------------------------------------------------------------


@pytest.mark.parametrize("build", [BROWSER, OLD])
def test_a_page_that_is_left_saves_what_runs_and_the_other_side_is_told(
    user: Users, netcall: Netcall, until_dropped: Wait, build: str
) -> None:
    alice, bob = user.talking(build)
    alice.take("DEVICE_TYPE_VIDEO")
    alice.do("netcall.startRecordMp4()")
    netcall.advance(seconds=5)

    alice.page.leave()
    until_dropped()
    netcall.advance(minutes=1)

    assert [each.size_bytes > 0 for each in netcall.objects() if each.bucket == "disk"] == [True]
    assert bob.heard("hangup")[0]["name"] == "USER_LEFT_TIMEOUT"


def test_a_page_that_is_closed_in_a_call_ends_it_and_its_files_come(
    user: Users, netcall: Netcall, inbox: Inbox, until_dropped: Wait
) -> None:
    alice, bob = user.talking()
    netcall.advance(seconds=60)

    alice.page.close()
    until_dropped()
    netcall.advance(minutes=3)

    assert bob.names[-1] == "hangup"
    assert sorted(files(inbox)) == ["alice.aac", "alice.mp4", "bob.aac", "bob.mp4"]


# --- the connection ------------------------------------------------------------------------------


def test_a_wrong_token_ends_the_connection_with_302(user: Users) -> None:
    alice = user.open("alice")

    assert alice.login(AGENT, token="another") == 302


def test_an_unknown_app_and_an_address_where_nobody_is_end_it_too(user: Users) -> None:
    alice, bob = user.open("alice"), user.open("bob")

    assert alice.login(AGENT, appKey="nobodys") == 403
    assert bob.login(AGENT, emulator={"url": "http://127.0.0.1:1"}) == "Error_Connection"
    assert bob.tried("netcall.initSignal()")["rejected"]["code"] == "Error_Connection"


def test_without_an_address_it_is_whence_the_module_came(user: Users) -> None:
    assert user.open("alice").login(AGENT, emulator={}) == "up"


def test_a_connection_that_drops_comes_back_and_hears_what_it_missed(
    user: Users, netcall: Netcall
) -> None:
    alice, bob = user("alice"), user("bob")
    netcall.faults.add("wire", effect="drop", event="beCalling")

    alice.do(CALL)
    bob.page.until("app.beCalledInfo && app.connection === 'up'")
    bob.do(RESPONSE)
    netcall.settle()

    assert bob.names == ["beCalling", "callAccepted"]


def test_both_builds_share_a_connection_and_the_one_that_asks_is_it(user: Users) -> None:
    alice = user("alice")
    alice.page.run("() => { window.rtc = WebRTC.getInstance({nim: app.netcall.nim}); }")

    as_browser = alice.tried("rtc.call({type: 2, account: 'x', pushConfig: {}, sessionConfig: {}})")
    as_agent = alice.tried("netcall.call({type: 2})")

    assert as_browser["rejected"]["name"] == "ChannelStartFail"
    assert as_agent["rejected"]["type"] == "statusNotMatch"


def test_listeners_come_and_go(user: Users) -> None:
    alice = user("alice")

    heard = alice.page.run(
        """() => {
          const { netcall } = app;
          const heard = [];
          const push = function (what) { heard.push([what, this.name ?? 'netcall']); };
          netcall.on('x', push).once('y', push, { name: 'mine' });
          netcall.emit('x', 1);
          netcall.emit('y', 2);
          netcall.emit('y', 3);
          netcall.off('x', push);
          netcall.emit('x', 4);
          netcall.on('x', push).removeAllListeners();
          return [heard, netcall.emit('x', 5), netcall.emit('z')];
        }"""
    )

    assert heard == [[[1, "netcall"], [2, "mine"]], True, False]


def test_the_example_in_the_readme_downloads_a_recording(
    user: Users, netcall: Netcall, tenant: Tenant, browser: "Browser", tmp_path: Path
) -> None:
    (block,) = re.findall(r"^```js\n(const nim.*?)^```$", README, re.S | re.M)
    for stands, means in (
        ("my-app-key", netcall.app_key),
        ("alices-token", netcall.token("alice")),
    ):
        assert stands in block
        block = block.replace(stands, means)
    sdk = f"{tenant.emulator.url}/_emulator/sdk/netcall.js?globals"
    scripts = f'<script type="module" src="{sdk}"></script><script type="module">{block}</script>'
    (tmp_path / "example.html").write_text(f"<!doctype html>{scripts}")

    with closing(user.other_site(tmp_path)) as pages:
        page = browser.open(pages.url("example.html"))
        page.until("document.title === 'downloaded'")

    assert page.saved(0)[0] == f"local--{EPOCH_S}--camera.webm"


# --- what a demuxer says -------------------------------------------------------------------------


def played(content: bytes, folder: Path, seconds: int) -> None:
    """See that a file of media opens, and lasts so long."""
    probe = shutil.which("ffprobe")
    if probe is None:
        pytest.skip("ffprobe is not on PATH: install FFmpeg (Debian: ffmpeg)")
    file = folder / "saved.webm"
    file.write_bytes(content)
    command = [probe, "-v", "error", "-of", "json", "-show_format", str(file)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)["format"]
    assert "webm" in shown["format_name"]
    assert abs(float(shown["duration"]) - seconds) < 0.1
