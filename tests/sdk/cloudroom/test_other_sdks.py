"""The mini-app's SDK, and Electron's with the native names, where they differ from the web's."""

import json
from typing import TYPE_CHECKING

import pytest
from tests.sdk.cloudroom.conftest import FIRST, NOWHERE, TALK
from tests.vendors.cloudroom.test_document_001 import PICTURE_IN_PICTURE, SIDE_BY_SIDE

from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.sdk.cloudroom.conftest import User, Users

MINI = """async (url, where, query) => {
    const { MiniSdk } = await import(url);
    window.mini = new MiniSdk();
    window.heard = [];
    mini.CreateCloudMixerFailed.callback = (...args) => heard.push(["failed", ...args]);
    mini.CloudMixerStateChanged.callback = (_, state) => heard.push(["state", state]);
    mini.CloudMixerOutputInfoChanged.callback = (_, { state }) => heard.push(["output", state]);
    mini.EnterMeetingRslt.callback = (sdkErr) => heard.push(["inside", sdkErr]);
    await mini.Init();
    mini.SetServerAddr(where);
    await new Promise((go) => {
        mini.LoginSuccess.callback = go;
        mini.Login(query.appID, query.secret, "Mini", query.userID);
    });
}"""
NATIVE = """async (url, where, query) => {
    window.rtc = (await import(url)).default;
    window.heard = [];
    const names = [
        "CloudMixerStateChanged", "CloudMixerInfoChanged", "CloudMixerOutputInfoChanged",
        "UserEnterMeeting", "MicStatusChanged",
    ];
    for (const name of names) rtc.on(`notify${name}`, (...args) => heard.push([name, ...args]));
    rtc.on("createCloudMixerFailed", (...args) => heard.push(["failed", ...args]));
    rtc.on("enterMeetingRslt", (sdkErr) => heard.push(["inside", sdkErr]));
    rtc.init();
    await new Promise((go) => {
        rtc.on("loginRslt", go);
        const who = { _userID: query.userID, _nickName: "Native", _sdkAuthType: 1 };
        const app = { _appID: query.appID, _md5_appSecret: query.secret, _serverAddr: where };
        rtc.login({ ...app, ...who }, "c");
    });
}"""


def other(user: "Users", cloudroom: CloudRoom, name: str, sdk: str, room: int = 0) -> "User":
    """Somebody with another of the SDKs, who is in a room if there is one."""
    made = user.open(name)
    begin, part, enter = (
        (MINI, ".js", "mini.EnterMeeting3(a)")
        if sdk == "mini"
        else (NATIVE, ".native.js", "rtc.enterMeeting(a)")
    )
    made.page.run(begin, user.sdk + part, cloudroom.base_url, cloudroom.sdk_query(name))
    if room:
        made.tried(enter, room)
        made.page.until("heard.some(([name]) => name === 'inside')")
        cloudroom.settle()
        made.page.run("() => { heard.length = 0; }")
    return made


def test_the_mini_apps_update_returns_a_number_or_nothing(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, _, room = user.meeting()
    mini = other(user, cloudroom, "Usr3", "mini", room)
    mixer = mini.tried("mini.CreateCloudMixer(a)", SIDE_BY_SIDE)
    cloudroom.wait_for(call="createCloudMixer")
    cloudroom.advance(seconds=2)

    update = "mini.UpdateCloudMixerContent(a, b)"
    done = mini.tried(update, mixer, PICTURE_IN_PICTURE)
    cloudroom.wait_for(call="updateCloudMixerContent")
    wrong = mini.tried(update, mixer, {"audioFileCfg": {}})
    unknown = mini.tried(update, "none", PICTURE_IN_PICTURE)
    nothing = mini.tried("mini.DestroyCloudMixer(a)", mixer)
    cloudroom.wait_for(call="destroyCloudMixer")
    cloudroom.advance(seconds=10)

    assert (done, wrong, unknown, nothing) == (0, 5, None, None)
    assert one.heard("info") == [[mixer]]
    states = mini.get("heard.filter(([kind]) => kind === 'state').map(([, state]) => state)")
    assert states == [1, 2, 0]


def test_the_mini_app_throws_at_the_caller_and_says_1_where_the_web_is_silent(
    user: "Users", cloudroom: CloudRoom
) -> None:
    mini = other(user, cloudroom, FIRST, "mini")

    thrown = mini.tried("mini.CreateCloudMixer(a)", NOWHERE)
    mixer = mini.tried("mini.CreateCloudMixer(a)", TALK)
    mini.page.until("heard.length === 1")

    assert thrown["name"] == "TypeError"
    assert mini.get("heard") == [["failed", mixer, 1]]


def test_the_native_names_have_json_texts_and_hear_of_state_4(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, _, room = user.meeting()
    native = other(user, cloudroom, "Usr3", "native", room)
    one.tried("CRVideo_OpenMic()")
    cloudroom.wait_for(call="openMic")
    mixer = native.tried("rtc.createCloudMixer(JSON.stringify(a))", SIDE_BY_SIDE)
    cloudroom.wait_for(call="createCloudMixer")
    cloudroom.advance(seconds=2)

    update = "rtc.updateCloudMixerContent(a, JSON.stringify(b))"
    codes = [native.tried(update, each, PICTURE_IN_PICTURE) for each in (mixer, "none")]
    cloudroom.wait_for(call="updateCloudMixerContent")
    (info,) = json.loads(native.get("rtc.getAllCloudMixerInfo()"))
    alone = json.loads(native.tried("rtc.getCloudMixerInfo(a)", mixer))
    native.tried("rtc.destroyCloudMixer(a)", mixer)
    cloudroom.wait_for(call="destroyCloudMixer")
    cloudroom.advance(seconds=10)

    heard = native.get("heard")
    assert codes == [0, 5]
    assert info == alone
    assert (info["ID"], info["owner"], info["state"]) == (mixer, "Usr3", 2)
    cfg = json.loads(info["cfg"])
    assert [each["width"] for each in cfg["videoFileCfg"]["layoutConfig"]] == [1280, 160]
    states = [each[1:] for each in heard if each[0] == "CloudMixerStateChanged"]
    assert [each[1] for each in states] == [1, 2, 4, 0]
    assert json.loads(json.loads(states[0][2])["jsonCfg"])["videoFileCfg"]["vWidth"] == 640
    assert json.loads(states[-1][2]) == {"err": 0, "errDesc": ""}
    outputs = [
        json.loads(each[2])["state"] for each in heard if each[0].endswith("OutputInfoChanged")
    ]
    assert outputs[-1] == 5
    assert ["MicStatusChanged", FIRST, 2, 3] in heard
    assert ["CloudMixerInfoChanged", mixer] in heard
    assert native.get("rtc.getMemberInfo('Usr1')._nickName") == "Usr1 L."
    assert native.get("[rtc.getCloudMixerInfo('none'), rtc.getMemberInfo('x')]") == ["{}", {}]


def test_a_native_create_fails_at_once_where_that_is_seen_and_is_told_where_it_is_not(
    user: "Users", cloudroom: CloudRoom
) -> None:
    native = other(user, cloudroom, FIRST, "native")
    outside = native.tried("rtc.createCloudMixer(a)", json.dumps(TALK))
    update = native.tried("rtc.updateCloudMixerContent('m', '{}')")
    native.tried("rtc.on('createMeetingSuccess', (ID) => rtc.enterMeeting(ID))")
    native.tried("rtc.createMeeting()")
    native.page.until("heard.length === 1")

    at_once = [native.tried("rtc.createCloudMixer(a)", each) for each in ("{", "[]", "null")]
    late = native.tried("rtc.createCloudMixer(a)", json.dumps(NOWHERE))
    native.page.until("heard.length === 2")

    assert (outside, update) == ("", 817)
    assert at_once == ["", "", ""]
    assert native.get("heard") == [["inside", 0], ["failed", late, 5]]


@pytest.mark.parametrize("sdk", ["mini", "native"])
def test_an_update_right_after_the_creation_is_carried_out(
    user: "Users", cloudroom: CloudRoom, sdk: str
) -> None:
    one, _, room = user.meeting()
    caller = other(user, cloudroom, "Usr3", sdk, room)
    create, update = (
        ("mini.CreateCloudMixer(a)", "mini.UpdateCloudMixerContent(m, b)")
        if sdk == "mini"
        else (
            "rtc.createCloudMixer(JSON.stringify(a))",
            "rtc.updateCloudMixerContent(m, JSON.stringify(b))",
        )
    )

    code = caller.tried(
        f"(() => {{ const m = {create}; return {update}; }})()", SIDE_BY_SIDE, PICTURE_IN_PICTURE
    )
    cloudroom.wait_for(call="updateCloudMixerContent")
    cloudroom.settle()

    assert code == 0
    assert len(one.heard("info")) == 1
