"""A page in a room: what it is told, what its copy of the room says, and how it gets there."""

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sdk.cloudroom.conftest import FIRST, SECOND, TALK

from recording_emulator.testing import Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.browsing import Browser, Site
    from tests.sdk.cloudroom.conftest import Users
    from tests.vendors.cloudroom.conftest import Api

README = (Path(__file__).parents[3] / "README.md").read_text()


def test_the_members_follow_the_room(user: "Users", cloudroom: CloudRoom) -> None:
    one, two, _ = user.meeting()
    two.tried("CRVideo_OpenMic()")
    two.tried("CRVideo_OpenVideo()")
    cloudroom.wait_for(call="openVideo")
    cloudroom.settle()

    members = one.get("CRVideo_GetAllMembers()")
    gone = one.tried("CRVideo_Kickout(a)", SECOND)
    nobody = one.tried("CRVideo_Kickout('nobody')")
    cloudroom.settle()

    assert members == [
        {"userID": each, "nickname": f"{each} L.", "audioStatus": status, "videoStatus": status}
        for each, status in ((FIRST, 2), (SECOND, 3))
    ]
    assert one.notices[-2:] == [f"{SECOND} L. is here", f"{SECOND} has left"]
    assert (gone["errCode"], nobody["errCode"]) == (0, 605)
    assert two.notices[-1] == "dropped: 1"
    assert two.get("[CRVideo_GetAllMembers(), CRVideo_GetMemberInfo('x')]") == [[], None]


def test_who_destroys_the_room_ends_it_and_its_mixers_for_everybody(
    user: "Users", cloudroom: CloudRoom, api: "Api"
) -> None:
    one, two, room = user.meeting()
    one.record(TALK)
    cloudroom.advance(minutes=1)

    two.tried("CRVideo_DestroyMeeting(a)", room)
    two.page.until("app.notices.includes('room destroyed: 0')")
    cloudroom.advance(minutes=1)
    two.tried("CRVideo_EnterMeeting3(a)", room)
    two.until_told("not inside: 800")

    assert one.notices[-1] == "the room is over"
    assert one.get("CRVideo_GetAllCloudMixerInfo()") == []
    assert len(api.files(FilePath="/d/")) == 1


def test_what_a_listener_waits_for_is_done_before_the_clock_moves_on(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, _, _ = user.meeting()
    cloudroom.faults.add("output", effect="fail", code="905 FILE_ERR", after_ms=30_000)
    one.page.run("() => { app.stopsOnFailure = true; }")
    one.record(TALK)

    cloudroom.advance(hours=1)

    (task,) = cloudroom.tasks()
    assert task["ended_ms"] - task["started_ms"] == 31_000
    assert one.states == [1, 2, 0]


def test_a_listener_that_fails_holds_nothing_up(user: "Users", cloudroom: CloudRoom) -> None:
    one, two, _ = user.meeting()
    one.page.run("() => { CRVideo_CloudMixerStateChanged.callback = () => { throw Error('x'); }; }")
    two.page.run("() => { CRVideo_CloudMixerStateChanged.callback = null; }")

    one.record(TALK)
    cloudroom.advance(seconds=2)

    assert one.get("CRVideo_GetAllCloudMixerInfo()[0].state") == 2
    assert two.output_states == [1]


def test_after_lost_events_the_copy_of_the_room_is_right(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, two, _ = user.meeting()
    cloudroom.faults.add("wire", effect="lose", event="cloudMixerStateChanged", nth=2)
    one.record(TALK)
    cloudroom.advance(seconds=2)  # the next event shows the hole

    assert two.states == [2]
    assert two.get("CRVideo_GetAllCloudMixerInfo()") == one.get("CRVideo_GetAllCloudMixerInfo()")


# --- logging in and out --------------------------------------------------------------------------


def test_a_login_fails_with_a_code_and_its_cookie(user: "Users", cloudroom: CloudRoom) -> None:
    one = user.open(FIRST)

    one.begin(secret="0" * 32)
    one.until_told(f"no login: 7 (login of {FIRST})")
    one.begin(server="127.0.0.1:1")
    one.until_told(f"no login: 203 (login of {FIRST})")
    one.tried("app.notices.push('again')")
    one.begin(server="http://")
    one.until_told(f"no login: 203 (login of {FIRST})")
    one.tried("CRVideo_Login('nobodys', a, 'n', 'u')", "0" * 32)
    one.tried("CRVideo_EnterMeeting3(12345678)")

    one.page.until("app.notices.includes('not inside: 12')")
    one.tried("CRVideo_Uninit()")
    one.tried("CRVideo_Login('a', 'b', 'c', 'd')")
    one.page.until("app.notices.at(-1) === 'no login: 11 (undefined)'")


def test_without_an_address_the_double_connects_whence_it_came(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one = user.open(FIRST)
    who = cloudroom.sdk_query(FIRST)
    login = "CRVideo_Init().then(() => CRVideo_Login(a.appID, a.secret, 'n', a.userID))"

    one.tried(login, who)

    one.until_told(f"{FIRST} is logged in")


def test_a_user_on_another_device_is_off_on_the_first(user: "Users", cloudroom: CloudRoom) -> None:
    one, two, room = user.meeting()
    again = user(SECOND)

    again.enter(room)
    two.until_told("line off: 10")
    two.page.until("CRVideo_Kickout('x').catch(({ errCode }) => errCode === 12)")

    assert one.notices[-1] == f"{SECOND} L. is here"
    assert two.get("CRVideo_GetAllMembers()") == []


def test_who_logs_in_again_as_soon_as_the_line_is_off_stays_logged_in(
    user: "Users", cloudroom: CloudRoom
) -> None:
    _, two, room = user.meeting()
    again = user(SECOND)
    two.page.run(
        """(who) => { CRVideo_LineOff.callback = () => {
            CRVideo_Login(who.appID, who.secret, "n", who.userID);
        }; }""",
        cloudroom.sdk_query(SECOND),
    )

    again.enter(room)
    two.until_told(f"{SECOND} is logged in")
    two.page.until("app.notices.filter((each) => each.endsWith('logged in')).length === 2")

    assert two.tried("CRVideo_Kickout('x')")["errCode"] == 817


def test_a_page_whose_connection_is_lost_is_dropped_and_logs_in_anew(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, two, room = user.meeting()
    one.record(TALK)
    cloudroom.advance(seconds=2)
    cloudroom.faults.add("wire", effect="drop", event="cloudMixerOutputInfoChanged", nth=2)

    cloudroom.advance(seconds=10)
    two.until_told("line off: 207")
    two.login()
    two.enter(room)

    assert two.notices[-4:-2] == ["dropped: 0", "line off: 207"]
    assert two.get("CRVideo_GetAllCloudMixerInfo().map(({ state }) => state)") == [2]
    assert one.notices[-2:] == [f"{SECOND} has left", f"{SECOND} L. is here"]


def test_the_example_in_the_readme_records(
    browser: "Browser", site: "Site", cloudroom: CloudRoom, tenant: Tenant, tmp_path: Path
) -> None:
    who = cloudroom.sdk_query("alice")
    blocks = re.findall(r"^```html\n(.*?)^```$", README, re.S | re.M)
    (block,) = (each for each in blocks if "cloudroom" in each)
    for stands, means in (
        ("http://127.0.0.1:8787", tenant.emulator.url),
        ("my-app-id", who["appID"]),
        ("md5-of-my-app-secret", who["secret"]),
    ):
        assert stands in block
        block = block.replace(stands, means)
    (tmp_path / "example.html").write_text(block)

    with closing(type(site)(tmp_path)) as pages:
        page = browser.open(pages.url("example.html"))
        page.until("document.title === 'starting'")
    cloudroom.advance(seconds=2)

    assert page.run("() => document.title") == "recording"
