"""The web SDK's own ways: its defects, its promises without an end, its codes."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.sdk.cloudroom.conftest import FIRST, SECOND, TALK
from tests.vendors.cloudroom.test_document_001 import PICTURE_IN_PICTURE, SIDE_BY_SIDE

from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.sdk.cloudroom.conftest import Users

SINGLE = {
    "mode": 1,
    "videoFileCfg": {"svrFileNameSuffix": ".mp4", "subscribeVideos": [f"{FIRST}.-1"]},
}


def subscribe(*cameras: str) -> dict[str, Any]:
    return {"videoFileCfg": {"subscribeVideos": list(cameras)}}


@pytest.mark.recording_emulator(settings={"cloudroom": {"web_update_drops_cr_all": True}})
def test_with_the_defect_an_update_to_everybody_records_nobody(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, two, _ = user.meeting()
    one.record(SINGLE)
    cloudroom.advance(seconds=2)

    result = one.tried("app.update(a)", subscribe("_cr_all_"))
    cloudroom.settle()

    assert result["errCode"] == 0
    assert two.get("CRVideo_GetAllCloudMixerInfo()[0].cfg.videoFileCfg.subscribeVideos") == []


@pytest.mark.parametrize(
    "is_applied",
    [
        False,
        pytest.param(
            True,
            marks=pytest.mark.recording_emulator(
                settings={"cloudroom": {"web_update_reject_but_apply": True}}
            ),
        ),
    ],
)
def test_an_update_that_names_an_absent_user_is_rejected_and_with_the_defect_carried_out(
    user: "Users", cloudroom: CloudRoom, is_applied: bool
) -> None:
    one, two, _ = user.meeting()
    one.record(SINGLE)
    cloudroom.advance(seconds=2)

    rejected = one.tried("app.update(a)", subscribe(f"{SECOND}.-1", "nobody.-1"))
    cloudroom.settle()

    assert list(rejected) == ["errCode", "errDesc"]
    assert rejected["errCode"] == 5
    (mixer,) = two.get("CRVideo_GetAllCloudMixerInfo()")
    left = [f"{SECOND}.-1"] if is_applied else [f"{FIRST}.-1"]
    assert mixer["cfg"]["videoFileCfg"]["subscribeVideos"] == left
    assert len(two.heard("info")) == is_applied


def test_an_update_of_no_mixer_never_settles_even_when_the_user_logs_out(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, _, _ = user.meeting()
    one.page.run("(cfg) => { window.promise = app.update(cfg); }", PICTURE_IN_PICTURE)

    is_open = one.get("isOpen(promise)")
    one.tried("CRVideo_Logout()")
    is_still_open = one.get("isOpen(promise)")
    outside = one.get("isOpen(app.update({}))")

    assert (is_open, is_still_open, outside) == (True, True, True)
    assert one.notices.count(f"{FIRST} is logged in") == 1


@pytest.mark.recording_emulator(settings={"cloudroom": {"web_update_unknown_rejects": True}})
def test_an_update_of_no_mixer_is_rejected_if_the_tenant_says_so(user: "Users") -> None:
    one, _, _ = user.meeting()
    one.page.run("() => { app.mixerID = 'none'; }")

    assert one.tried("app.update(a)", PICTURE_IN_PICTURE)["errCode"] == 5


@pytest.mark.parametrize(
    ("script", "codes"),
    [
        ("app.record()", [5, 1]),
        ("app.record((() => { const a = {}; a.a = a; return a; })())", [5]),
        ("app.record({mode: 0, n: 1n})", [5]),
    ],
    ids=["undefined", "cyclic", "bigint"],
)
def test_a_cfg_that_cannot_be_sent_gets_an_id_and_then_a_failure(
    user: "Users", cloudroom: CloudRoom, script: str, codes: list[int]
) -> None:
    one, two, _ = user.meeting()

    mixer, told_before = one.tried(f"[{script}, app.events.length]")
    one.page.until(f"app.events.length === {len(codes)}")

    assert (len(mixer), told_before) == (32, 0)
    assert (one.failures, one.states, two.failures) == (codes, [], [])


def test_a_failed_mixer_is_told_to_everybody_twice(user: "Users", cloudroom: CloudRoom) -> None:
    one, two, _ = user.meeting()
    cloudroom.faults.add("create", effect="fail", code="907 NOMORE_MCU")

    mixer = one.record(TALK)
    cloudroom.advance(seconds=2)

    extra = {"err": 907, "errDesc": "too many cloud records"}
    for each in (one, two):
        assert each.heard("failed") == [[mixer, 907]]
        assert each.heard("state")[-1] == [mixer, 0, extra, "CRMCU"]


@pytest.mark.parametrize("code", ["3 INNER_ERR", "806 SEVICE_NOTENABLED"])
def test_a_refused_request_is_806_whatever_it_was(
    user: "Users", cloudroom: CloudRoom, code: str
) -> None:
    one, two, _ = user.meeting()
    cloudroom.faults.add("call", effect="answer", operation="createCloudMixer", code=code)

    one.record(TALK)
    one.page.until("app.events.length === 1")

    assert (one.failures, two.failures, one.states) == ([806], [], [])


def test_a_mixer_of_who_is_in_no_room_gets_an_id_and_silence(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one = user.open(FIRST)

    unconnected = one.tried("app.record(a)", TALK)
    one.login()
    outside = one.record(TALK)
    cloudroom.advance(minutes=1)

    assert len({unconnected, outside}) == 2
    assert one.get("app.events") == []


def test_ids_are_the_same_in_every_run(user: "Users") -> None:
    one, _, _ = user.meeting()

    made = [one.record(TALK) for _ in range(2)]

    assert made == [f"{1:016x}{1:016x}", f"{1:016x}{2:016x}"]


def test_the_apps_own_layout_is_written_into_where_the_app_asks_for_it(
    user: "Users", cloudroom: CloudRoom
) -> None:
    one, _, _ = user.meeting()
    record = "(() => { app.record(a); const first = a.videoFileCfg.layoutConfig[1].param.camid;"
    again = f"{record} app.record(a); return first; }})()"

    kept = one.tried(again, SIDE_BY_SIDE)
    one.tried("CRVideo_Init({emulator: {mutateCfg: true}})")
    written = one.tried(again, SIDE_BY_SIDE)
    for _ in range(4):
        cloudroom.wait_for(call="createCloudMixer")
    cloudroom.settle()

    assert (kept, written) == (f"{SECOND}.-1", "1001.-1")
    assert one.states == [1, 1, 1]
    assert one.failures == [1]
