"""Three signatures: the vectors of the sheets, and what is wrong with the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.families import netease
from recording_emulator.families.netease import Signed

SECRET, NONCE, WALL_MS = "f00dfeedc0de", "9a1c3e", 1_767_225_600_000
CREATE_ROOM = (
    b'{"requestId":"r-0001","eventType":"CREATE_ROOM","timestamp":1767225600000,'
    b'"body":{"roomArchiveId":"8000123","roomUuid":"demo-room"}}'
)
DURATION = (
    b'{"eventType":"5","channelId":"51000000000001","type":"VEDIO","status":"SUCCESS",'
    b'"createtime":"1700000000000","duration":"60","live":"0","members":"[{\\"accid\\":\\"alice\\",'
    b'\\"caller\\":true,\\"duration\\":30},{\\"accid\\":\\"bob\\",\\"duration\\":30}]"}'
)


def call(**changes: str) -> Signed:
    headers = netease.signed_call("ak", SECRET, NONCE, WALL_MS)
    signed = netease.read_signature({k.lower().encode(): v.encode() for k, v in headers.items()})
    return Signed(**{
        "app_key": signed.app_key,
        "nonce": signed.nonce,
        "cur_time": signed.cur_time,
        "checksum": signed.checksum,
        **changes,
    })  # fmt: skip


def test_a_call_is_signed_as_the_sheet_has_it() -> None:
    assert netease.signed_call("ak", SECRET, NONCE, WALL_MS) == {
        "AppKey": "ak",
        "Nonce": "9a1c3e",
        "CurTime": "1767225600",
        "CheckSum": "4bbb0effd2f89055412524502ce8372de459c9cf",
    }


@pytest.mark.parametrize(
    ("secret", "body", "cur_time", "md5", "checksum"),
    [
        (
            SECRET,
            CREATE_ROOM,
            1_767_225_600_000,
            "b255649b8d6845fe3e67b9b3fcdbd031",
            "261f34ba1f2d9d27a19dc680da4fce13fb966fb3",
        ),
        (
            "test-secret-0001",
            DURATION,
            1_700_000_031_000,
            "75b2606d05be40e6ac8b929e9beed943",
            "851f42374ddc2e82f429dfec558987e2457f35d2",
        ),
        (
            "test-secret-0001",
            b"{}",
            1_700_000_031_000,
            netease.EMPTY_MD5,
            "702a4a690318f86eb10c071ac68270e021fbab6f",
        ),
    ],
)
def test_a_copy_is_signed_as_the_sheets_have_it(
    secret: str, body: bytes, cur_time: int, md5: str, checksum: str
) -> None:
    headers = netease.copy_headers("ak", secret, body, cur_time)

    assert headers == (
        ("AppKey", "ak"),
        ("CurTime", str(cur_time)),
        ("MD5", md5),
        ("CheckSum", checksum),
    )
    assert netease.wrong_with_copy(dict(headers), body, secret) == ""


def test_the_education_line_signs_a_copy_with_a_nonce() -> None:
    headers = netease.copy_headers("ak", SECRET, CREATE_ROOM, 1_767_225_600_000, nonce=NONCE)

    assert dict(headers)["CheckSum"] == "ad9aa4b89d14af3a66a526239f6312c474190e0a"
    assert "MD5" not in dict(headers)
    assert netease.wrong_with_copy(dict(headers), CREATE_ROOM, SECRET) == ""


@given(st.binary(max_size=200), st.text(max_size=20), st.integers(0, 2**45), st.booleans())
def test_no_copy_passes_with_another_body_or_secret(
    body: bytes, secret: str, now_ms: int, is_edu: bool
) -> None:
    nonce = "n" if is_edu else ""
    headers = dict(netease.copy_headers("ak", secret, body, now_ms, nonce=nonce))

    assert netease.wrong_with_copy(headers, body, secret) == ""
    assert netease.wrong_with_copy(headers, body + b" ", secret)
    assert netease.wrong_with_copy(headers, body, secret + "x")


def test_a_right_call_passes_and_header_names_are_in_any_case() -> None:
    assert netease.wrong_with_call(call(), SECRET, WALL_MS, takes_ms=False) == ""
    upper = call().checksum.upper()
    assert netease.wrong_with_call(call(checksum=upper), SECRET, WALL_MS, takes_ms=False) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"nonce": ""}, "Nonce: 1 to 128 characters, not 0"),
        ({"nonce": "n" * 129}, "Nonce: 1 to 128 characters, not 129"),
        ({"cur_time": ""}, "CurTime: seconds since 1970 in digits, not ''"),
        ({"cur_time": "17672256x0"}, "CurTime: seconds since 1970 in digits, not '17672256x0'"),
        ({"cur_time": "٣"}, "CurTime: seconds since 1970 in digits, not '٣'"),
        ({"cur_time": "1767225600000"}, "CurTime: seconds since 1970, not milliseconds"),
        ({"cur_time": "1767225901"}, "CurTime: 301 s ahead, at most 300"),
        ({"cur_time": "1767225299"}, "CurTime: 301 s behind, at most 300"),
        ({"checksum": ""}, "CheckSum: missing"),
        ({"checksum": "4bbb"}, "CheckSum: not SHA1(AppSecret + Nonce + CurTime)"),
        ({"checksum": "ü"}, "CheckSum: not SHA1(AppSecret + Nonce + CurTime)"),
    ],
)
def test_a_wrong_call_names_the_header(changes: dict[str, str], why: str) -> None:
    assert netease.wrong_with_call(call(**changes), SECRET, WALL_MS, takes_ms=False) == why


@pytest.mark.parametrize("cur_time", ["1767225900", "1767225300"])
def test_five_minutes_either_way_are_fine(cur_time: str) -> None:
    checksum = netease.call_checksum(SECRET, NONCE, cur_time)
    signed = call(cur_time=cur_time, checksum=checksum)

    assert netease.wrong_with_call(signed, SECRET, WALL_MS, takes_ms=False) == ""


def test_milliseconds_pass_where_they_are_taken() -> None:
    cur_time = "1767225600123"
    signed = call(cur_time=cur_time, checksum=netease.call_checksum(SECRET, NONCE, cur_time))

    assert netease.wrong_with_call(signed, SECRET, WALL_MS, takes_ms=True) == ""


def test_an_open_tenant_needs_a_checksum_but_not_the_right_one() -> None:
    def judge(signed: Signed) -> str:
        return netease.wrong_with_call(signed, "?", WALL_MS, takes_ms=False, checks_sum=False)

    assert judge(call()) == ""
    assert judge(call(checksum="")) == "CheckSum: missing"
