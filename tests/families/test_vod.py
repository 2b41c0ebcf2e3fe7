"""The video store: a file's way through it, what it says, and that vendors share one."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import Answer, ArmFault, Call, Elapse, Fire
from recording_emulator.core.machine import Machine
from recording_emulator.core.world import Spec, World
from recording_emulator.errors import BadRequest
from recording_emulator.families import netease, vod
from recording_emulator.families.vod import State, Store
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom.adapter import NeRoomAdapter

VID, WAIT_MS = 5_550_001, 200_000
FILE = Store("0-900017-1-0-mix.mp4", "vod", "a b.mp4", 1_000, 3_600_120, 1280, 720, WAIT_MS)
BASE = "http://m"


class Sister(NeRoomAdapter):
    """Another vendor of the house, of whom only the store matters."""

    name = "sister"
    machines = (vod.MACHINE,)


def world(*adapters: Any) -> World:
    names = ("neroom", "sister")
    return World(Spec("w", credentials={name: {} for name in names}), adapters or (ADAPTER,))


def bring(where: World, file: Store = FILE) -> None:
    told = vod.came_in(VID, file, "room-7", where.views["neroom"])
    where.step(told.target, told.given, 0)


def fire(where: World) -> None:
    timer = next(iter(where.timers))
    where.apply(Elapse(timer.due_ms))
    where.apply(Fire())


def ask(where: World, operation: str = "getVideo", vendor: str = "neroom") -> dict[str, Any]:
    body = msgspec.json.encode({"vid": VID})
    answer = where.apply(Call(vendor, operation, vod.read(operation, body)))
    assert isinstance(answer, Answer)
    found: dict[str, Any] = msgspec.json.decode(vod.write(answer, BASE)[1])
    return found


def test_a_video_shows_its_formats_only_when_they_are_made() -> None:
    where = world()
    bring(where)

    before = ask(where)["ret"]
    fire(where)
    after = ask(where)["ret"]

    assert (before["status"], before["completeTime"], before["sdMp4Url"]) == (30, None, None)
    assert before["duration"] == 3_600
    assert after["status"] == 40
    assert after["completeTime"] == after["updateTime"] == before["createTime"] + WAIT_MS
    assert after["sdMp4Url"] == "http://m/vod/a%20b.mp4?format=sdMp4"
    assert after["downloadSdMp4Url"] == f"{after['downloadOrigUrl']}&format=sdMp4"
    assert after["downloadOrigUrl"].startswith("http://m/vod/a%20b.mp4?Expires=")
    assert (after["sdMp4Size"], after["hdFlvUrl"]) == (1_000, None)
    assert list(before) == list(after)
    assert len([key for key in after if key.endswith("Size")]) == 10


def test_of_sound_alone_no_format_is_made() -> None:
    where = world()
    bring(where, msgspec.structs.replace(FILE, width=0, height=0))
    fire(where)

    assert ask(where)["ret"]["sdMp4Url"] is None


@pytest.mark.parametrize(("effect", "status"), [("fail", 20), ("block", 50)])
def test_a_fault_keeps_the_formats_from_being_made(effect: str, status: int) -> None:
    where = world()
    where.apply(ArmFault(Fault(id="f", vendor="neroom", on=vod.TRANSCODE, effect=effect)))
    bring(where)
    fire(where)

    found = ask(where)["ret"]

    assert (found["status"], found["completeTime"], found["sdMp4Url"]) == (status, None, None)


def test_a_fault_makes_it_slow() -> None:
    where = world()
    slow = Fault(id="f", vendor="neroom", on=vod.TRANSCODE, effect="slow", by_ms=1_000)
    where.apply(ArmFault(slow))

    bring(where)

    assert [each.due_ms - where.now_ms for each in where.timers] == [WAIT_MS + 1_000]


@pytest.mark.parametrize("is_done", [True, False])
def test_a_deleted_video_is_unknown_and_ends_once(is_done: bool) -> None:
    where = world()
    bring(where)
    if is_done:
        fire(where)

    answers = [ask(where, "deleteVideo"), ask(where), ask(where, "deleteVideo")]

    unknown = {"code": 404, "msg": "vid not found"}
    assert answers == [{"code": 200, "msg": "", "ret": {}}, unknown, unknown]
    assert list(where.timers) == []
    assert len(where.ended) == 1
    assert list(where.objects.files(where.now_ms)) == []


def test_a_second_file_of_one_vid_changes_nothing() -> None:
    where = world()
    bring(where)
    before = ask(where)

    bring(where, msgspec.structs.replace(FILE, name="other.mp4"))

    assert ask(where) == before


def test_vendors_of_the_house_share_one_store() -> None:
    where = world(ADAPTER, Sister())
    bring(where)
    fire(where)

    assert ask(where, vendor="sister") == ask(where, vendor="neroom")
    for vendor in ("neroom", "sister"):
        assert where.produced[vendor, "state", f"{vod.NAME} {State.TRANSCODED}"] == 1


def test_two_machines_of_one_name_are_refused() -> None:
    class Stranger(Sister):
        machines = (Machine(vod.NAME, vod.TABLE, vod.Video),)

    with pytest.raises(BadRequest, match=r"machine named 'netease\.vod'"):
        world(ADAPTER, Stranger())


def test_a_call_is_signed_like_any_other_of_the_house() -> None:
    signed = netease.signed_call("ak", "f00dfeedc0de", "9a1c3e", 1_767_225_600_000)
    headers = {name.lower().encode(): value.encode() for name, value in signed.items()}
    wrong = {**headers, b"checksum": b"0" * 40}

    def judge(given: dict[bytes, bytes], secret: str | None, method: str = "POST") -> object:
        return vod.denial(method, given, secret, 1_767_225_600_000)

    assert judge(headers, "f00dfeedc0de") is None
    assert judge(wrong, "f00dfeedc0de") == (
        vod.UNSIGNED,
        "CheckSum: not SHA1(AppSecret + Nonce + CurTime)",
    )
    assert judge(wrong, None) is None
    assert judge({}, None) == (vod.UNSIGNED, "Nonce: 1 to 128 characters, not 0")
    assert judge(headers, "f00dfeedc0de", "GET") == (
        vod.WRONG_METHOD,
        "POST, with the vid in a JSON body",
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"vid":null}', b'{"vid":0}', b'{"vid":"a"}', b"[" * 5_000]
)
def test_a_body_without_a_vid_is_a_bad_parameter(body: bytes) -> None:
    found = vod.read("getVideo", body)

    assert isinstance(found, Malformed)
    assert found.row == vod.BAD_BODY


@pytest.mark.parametrize("body", [b'{"vid":7}', b'{"vid":"7"}'])
def test_a_vid_may_be_a_number_or_its_text_as_a_copy_has_it(body: bytes) -> None:
    assert vod.read("deleteVideo", body) == vod.DeleteVideo("7")


@given(st.binary(max_size=200))
def test_no_body_raises(body: bytes) -> None:
    read: Callable[[str, bytes], object] = vod.read

    assert isinstance(read("getVideo", body), Malformed | vod.GetVideo)
