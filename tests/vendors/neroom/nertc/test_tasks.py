"""Recording tasks: submitted, changed, asked for, stopped, ending by themselves, struck."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.surface import Row
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.nertc import errors

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients
    from tests.vendors.neroom.nertc.conftest import Server

ROOM = "room-7"
NOT_FOUND = (404, "room not found")
NO_TASK = (404, "task not found")
EXISTS = (414, "task exists")
MIXED = (414, "record API mixed")


def said(told: dict[str, Any]) -> tuple[Any, Any]:
    return told["code"], told.get("errmsg")


def test_a_task_is_submitted_asked_for_and_stopped_by_number(talking: "Server") -> None:
    made = talking.v2("submit", recordConfig={"recordType": 0})
    task = made["record"]["taskId"]
    running = talking.v2("tasks")
    stopped = talking.v2("stop", taskId=task)

    assert made == {
        "code": 200,
        "requestId": made["requestId"],
        "record": {"taskId": task, "cid": talking.cid},
    }
    assert len(made["requestId"]) == 32
    assert running["record"] == {
        "cid": talking.cid,
        "record": [{"taskId": task, "state": 1, "recordConfig": {"recordType": 0}}],
    }
    assert stopped["record"] == {"taskId": task, "cid": talking.cid, "state": 2}
    assert talking.tasks() == [(task, 2)]


@pytest.mark.parametrize("where", ["query", "body"])
def test_by_name_the_room_may_stand_in_the_query_or_in_the_body(
    server: "Server", neroom: NeRoom, where: str
) -> None:
    neroom.room(ROOM).join(31001)
    given: dict[str, Any] = {"params": {"cname": ROOM}, "json": {}}
    if where == "body":
        given = {"json": {"cname": ROOM}}

    def call(name: str, **body: Any) -> dict[str, Any]:
        more = {**given, "json": {**given["json"], **body}}
        return server.ask("POST", f"/v3/api/cloudrecord/{name}", **more)

    task = call("submit")["record"]["taskId"]
    subscribed = call("updateSubs", taskId=task, streamSubscribe={"streamType": 2})
    laid_out = call("update", taskId=task, layoutConfig={"layoutType": 1})

    assert subscribed["record"]["taskId"] == laid_out["record"]["taskId"] == task
    assert call("tasks", taskId=task)["record"]["record"] == [
        {
            "taskId": task,
            "state": 1,
            "recordConfig": {"recordType": 0},
            "streamSubscribe": {"streamType": 2},
            "layoutConfig": {"layoutType": 1},
        }
    ]
    assert call("stop")["record"]["state"] == 2


def test_numbers_may_be_texts(talking: "Server") -> None:
    path = "/v2/api/cloudrecord/submit"
    body = {"cid": str(talking.cid), "recordConfig": {"recordType": "1"}}

    assert talking.ask("POST", path, json=body)["code"] == 200


def test_nothing_records_a_room_that_is_not_there(server: "Server") -> None:
    server.cid = 900_017

    for call in ("submit", "update", "tasks", "stop"):
        assert said(server.v2(call)) == NOT_FOUND
        assert said(server.v3(call)) == NOT_FOUND
    assert said(server.v2("updateSubs", streamSubscribe={"streamType": 0})) == NOT_FOUND
    assert said(server.old()) == NOT_FOUND


def test_a_channel_has_one_task_at_a_time(talking: "Server") -> None:
    first = talking.submit()
    second = talking.v2("submit")
    talking.v2("stop")
    third = talking.submit()

    assert said(second) == EXISTS
    assert talking.tasks() == [(first, 2), (third, 1)]


def test_a_call_that_names_another_task_or_comes_too_late_finds_none(talking: "Server") -> None:
    task = talking.submit()
    others = [
        talking.v2("stop", taskId="t-other"),
        talking.v2("update", taskId="t-other"),
        talking.v2("updateSubs", taskId="t-other", streamSubscribe={"streamType": 0}),
        talking.v2("tasks", taskId="t-other"),
    ]
    talking.v2("stop", taskId=task)

    assert [said(each) for each in others] == [NO_TASK] * 4
    assert said(talking.v2("stop", taskId=task)) == NO_TASK


def test_it_ends_by_itself_when_the_last_has_left_and_its_files_still_come(
    talking: "Server", neroom: NeRoom
) -> None:
    talking.submit()
    neroom.advance(minutes=1)
    neroom.room(ROOM).leave(31001)
    neroom.room(ROOM).leave(31002)
    stopped = talking.v2("stop")
    before = talking.files()
    neroom.advance(minutes=1)

    assert said(stopped) == NOT_FOUND
    assert before == []
    assert talking.names() == ["0-0-mix.mp4", "31001-0.aac", "31002-0.mp4"]


def test_it_ends_with_the_room(talking: "Server", neroom: NeRoom) -> None:
    task = talking.submit()
    neroom.advance(minutes=1)
    talking.delete()
    neroom.advance(minutes=1)

    assert said(talking.v2("stop", taskId=task)) == NOT_FOUND
    assert len(talking.files()) == 3


def test_silence_does_not_end_it(talking: "Server", neroom: NeRoom) -> None:
    talking.submit()
    neroom.room(ROOM).publish(31001, audio=False)
    neroom.room(ROOM).publish(31002, audio=False, video=False)
    neroom.advance(hours=1)

    assert talking.states == [1]


@pytest.mark.recording_emulator(audience="none")
def test_in_a_room_that_was_made_and_is_empty_it_waits_for_people(
    server: "Server", neroom: NeRoom
) -> None:
    server.create()
    server.submit()
    neroom.advance(minutes=1)
    waiting = server.states
    neroom.room(ROOM).join(31001, video=False)
    neroom.advance(minutes=1)
    server.v2("stop")
    neroom.advance(minutes=1)

    assert waiting == [0]
    assert [each["objectName"].split("-")[2] for each in server.files()] == ["1893456060000"] * 2


@pytest.mark.recording_emulator(audience="auto")
def test_a_first_try_records_somebody_until_a_real_person_comes(
    server: "Server", neroom: NeRoom
) -> None:
    server.create()
    server.submit(recordConfig={"recordType": 2})
    neroom.advance(minutes=1)
    alone = server.states, server.look()["total"]
    neroom.room(ROOM).join(31001)
    joined = server.look()["total"]
    neroom.advance(minutes=1)
    server.v2("stop")
    neroom.advance(minutes=1)

    assert (alone, joined) == (([1], 1), 1)
    assert len(server.names()) == 2
    assert server.names()[1] == "31001-0.mp4"


NULLS: list[dict[str, Any]] = [
    {"streamSubscribe": None},
    {"streamSubscribe": {"streamType": None}},
    {"recordConfig": None},
    {"recordConfig": {"recordType": None}},
    {"recordConfig": {"recordType": 100, "modeList": None}},
    {"layoutConfig": {"layout": {"canvas": None}}},
    {"watermark": None, "detect": None, "uid": None},
]


@pytest.mark.parametrize("body", NULLS, ids=str)
def test_a_field_that_is_null_makes_a_task_that_never_begins(
    talking: "Server", neroom: NeRoom, body: dict[str, Any]
) -> None:
    task = talking.submit(**body)
    neroom.advance(hours=1)
    state = talking.tasks()
    neroom.room(ROOM).leave(31001)
    neroom.room(ROOM).leave(31002)
    neroom.advance(hours=1)

    assert state == [(task, 0)]
    assert talking.files() == []


@pytest.mark.parametrize("body", [{}, {"uid": 77}, {"newer": 1}], ids=str)
def test_what_is_left_out_is_not_null(talking: "Server", body: dict[str, Any]) -> None:
    talking.submit(**body)

    assert talking.states == [1]


def test_a_task_that_never_begins_can_be_stopped_and_another_be_submitted(
    talking: "Server",
) -> None:
    talking.submit(recordConfig=None)
    talking.v2("updateSubs", streamSubscribe={"streamType": 0})
    talking.v2("update", layoutConfig={"layoutType": 0})
    talking.v2("stop")
    talking.submit()

    assert talking.states == [2, 1]


@pytest.mark.recording_emulator(live_limit=1)
def test_a_tenant_that_is_full_takes_no_more(talking: "Server", neroom: NeRoom) -> None:
    neroom.room("another").join(31001)

    submitted = talking.v2("submit")
    arriving = talking.ask("GET", "/v3/api/rooms", params={"cname": "another"})
    made = talking.ask("POST", "/v2/api/room", json={"channelName": "a third"})

    assert said(submitted) == said(arriving) == said(made) == (500, "internal error")


# --- faults ---------------------------------------------------------------------------------------


def test_a_fault_can_hold_a_task_in_its_first_state(talking: "Server", neroom: NeRoom) -> None:
    neroom.faults.add("cloudrecord", effect="stuck")
    talking.submit()
    neroom.advance(hours=1)

    assert talking.states == [0]


def test_a_recorder_that_crashes_leaves_what_it_has_and_state_3(
    talking: "Server", neroom: NeRoom
) -> None:
    neroom.faults.add("cloudrecord", effect="crash", after_ms=90_000)
    talking.submit()
    neroom.advance(seconds=90)
    crashed = talking.states
    stopped = talking.v2("stop")
    neroom.advance(minutes=1)
    again = talking.v2("submit")

    assert (crashed, said(stopped)) == ([3], NO_TASK)
    assert again["code"] == 200
    assert {each["size"] for each in talking.files()} == {900_000, 450_000}


def test_a_crash_can_be_armed_while_it_records(talking: "Server", neroom: NeRoom) -> None:
    talking.submit()
    neroom.advance(minutes=1)
    neroom.faults.add("cloudrecord", effect="crash", room=ROOM)
    neroom.settle()

    assert talking.states == [3]


def test_a_recording_that_a_fault_ends_ends_its_task(talking: "Server", neroom: NeRoom) -> None:
    neroom.faults.add("recording", effect="stop", after_ms=60_000)
    talking.submit(recordConfig={"recordType": 1})
    neroom.advance(minutes=2)

    assert talking.states == [2]
    assert [each["size"] for each in talking.files()] == [600_000]


def test_an_error_of_this_layer_is_injected_by_its_bare_code(
    talking: "Server", neroom: NeRoom
) -> None:
    neroom.faults.answer("nertc.v2.submit", 500)
    neroom.faults.answer("nertc.v2.submit", 404)
    neroom.faults.answer("nertc.v2.submit", "403 Forbidden")

    told = [said(talking.v2("submit")) for _ in range(3)]

    assert told[0] == (500, "internal error")
    assert told[1][0] == 404
    assert told[2] == (403, "Forbidden")


@pytest.mark.parametrize("row", errors.ROWS, ids=lambda row: row.id)
def test_every_row_can_be_injected(talking: "Server", neroom: NeRoom, row: Row) -> None:
    neroom.faults.answer("nertc.v3.tasks", row.id)

    told = talking.http("POST", "/v3/api/cloudrecord/tasks", params={"cname": ROOM}, json={})

    assert (told.status_code, told.json()["code"]) == (row.http, row.code)
    assert told.json()["errmsg"]


# --- the older call -------------------------------------------------------------------------------


def test_the_older_call_records_until_it_is_told_neither_sound_nor_picture(
    talking: "Server", neroom: NeRoom
) -> None:
    begun = talking.old(a_record="true", v_record="true", type="1")
    neroom.advance(minutes=1)
    ended = talking.old(a_record="false", v_record="false")
    neroom.advance(minutes=1)

    assert begun["code"] == ended["code"] == 200
    assert talking.names() == ["0-0-mix.mp4"]


def test_the_older_call_may_change_what_is_recorded(talking: "Server", neroom: NeRoom) -> None:
    path, params = "/v3/api/record", {"cname": ROOM}
    talking.ask("POST", path, params=params, data={"a_record": "true", "v_record": "false"})
    neroom.advance(minutes=1)
    talking.ask("POST", path, params=params, data={"a_record": "true", "v_record": "true"})
    neroom.advance(minutes=1)
    talking.delete()
    neroom.advance(minutes=1)

    assert talking.names() == ["0-0-mix.mp4", "31001-0.aac", "31002-0.mp4"]


def test_the_older_call_may_be_json(talking: "Server") -> None:
    path = f"/v2/api/record/{talking.cid}"

    begun = talking.ask("POST", path, json={"a_record": True, "v_record": False, "type": 0})
    ended = talking.ask("POST", path, json={"a_record": False, "v_record": False})

    assert begun["code"] == ended["code"] == 200
    assert said(talking.old(a_record="false", v_record="false")) == NO_TASK


def test_the_older_call_has_nothing_to_end_where_nothing_records(talking: "Server") -> None:
    assert said(talking.old(a_record="false", v_record="false")) == NO_TASK


def test_the_older_and_the_newer_calls_do_not_meet_in_one_channel(talking: "Server") -> None:
    talking.old(a_record="true")
    met = [talking.v2(call) for call in ("submit", "update", "stop")]
    met.append(talking.v2("updateSubs", streamSubscribe={"streamType": 0}))

    assert [said(each) for each in met] == [MIXED] * 4
    assert talking.tasks() == []  # the older call has no tasks to show


def test_nor_the_other_way_round_though_the_task_has_ended(talking: "Server") -> None:
    talking.submit()
    running = talking.old(a_record="true")
    talking.v2("stop")

    assert said(running) == said(talking.old(a_record="true")) == MIXED


# --- beside NERoom's own recording ----------------------------------------------------------------


def test_a_room_that_neroom_records_takes_no_task_and_the_other_way_round(
    client: "Clients", server: "Server"
) -> None:
    from recording_emulator.testing import Rejected

    alice, _ = client.recording()
    server.look()
    refused = server.v2("submit")
    alice.call("stopCloudRecord")
    server.submit()
    with pytest.raises(Rejected) as caught:
        alice.call("startCloudRecord")

    assert said(refused) == EXISTS
    assert caught.value.data["code"] == 409


def test_people_can_see_a_task_beside_its_recording(talking: "Server", neroom: NeRoom) -> None:
    task = talking.submit()

    found = [(each["id"], each["state"], each.get("status")) for each in neroom.tasks()]

    assert found == [(task, "recording", 1), (task, "recording", None)]


def test_a_tenant_is_restored_in_the_middle_of_a_task(
    talking: "Server", neroom: NeRoom, tenant: Tenant
) -> None:
    task = talking.submit(recordConfig={"recordType": 2})
    neroom.advance(hours=3)

    copy = tenant.emulator.restore(neroom.snapshot(), name="a copy of a task")
    twin = copy.vendor("neroom")
    for uid in (31001, 31002):
        twin.room(ROOM).leave(uid)
    ended = {each["state"] for each in twin.tasks() if each["id"] == task}
    copy.close()

    assert ended == {"ended", "finalizing"}
    assert talking.tasks() == [(task, 1)]
