"""The DNS responder: vendors' names are here, and nothing else is anywhere."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator

import pytest
from dnslib import QTYPE, RCODE, DNSRecord  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.delivery.http import HttpCourier
from recording_emulator.runtime.directory import Directory
from recording_emulator.server.dns import Responder, answered
from recording_emulator.server.leaks import Leaks
from recording_emulator.server.names import Names
from recording_emulator.vendors import base

pytestmark = pytest.mark.anyio
NAMES = Names(base.load())
ADDRESS = "10.1.2.3"


def asked(name: str, kind: str = "A") -> tuple[str, list[str], str]:
    """Ask, and return the code of the answer, its addresses, and the name that leaks."""
    raw, leak = answered(DNSRecord.question(name, kind).pack(), ADDRESS, NAMES)
    reply = DNSRecord.parse(raw)
    return RCODE[reply.header.rcode], [str(each.rdata) for each in reply.rr], leak


@pytest.mark.parametrize("name", ["api.agora.io", "API-us-west-1.Agora.IO.", "api.sd-rtn.com"])
def test_a_name_that_is_served_has_the_address_and_no_other(name: str) -> None:
    assert asked(name) == ("NOERROR", [ADDRESS], "")
    assert asked(name, "AAAA") == ("NOERROR", [], "")
    assert asked(name, "TXT") == ("NOERROR", [], "")


def test_any_other_name_is_refused() -> None:
    assert asked("example.org") == ("REFUSED", [], "")


def test_a_vendors_name_that_is_not_served_is_refused_and_named() -> None:
    assert asked("rtm.agora.io") == ("REFUSED", [], "rtm.agora.io")
    assert asked("api.netease.im") == ("REFUSED", [], "api.netease.im")
    assert asked("agora.io.example.org") == ("REFUSED", [], "")


@given(st.binary(max_size=600))
def test_what_is_no_question_gets_no_answer_or_a_refusal(raw: bytes) -> None:
    answer, _leak = answered(raw, ADDRESS, NAMES)

    assert answer == b"" or DNSRecord.parse(answer).header.qr == 1


@pytest.fixture
async def responder() -> AsyncIterator[tuple[Directory, tuple[str, int]]]:
    directory = Directory(base.load(), HttpCourier())
    made = Responder(ADDRESS, NAMES, Leaks(directory))
    yield directory, await made.listen("127.0.0.1", 0)
    await made.close()
    await directory.close()


async def test_it_answers_over_udp_and_tcp_on_one_port(
    responder: tuple[Directory, tuple[str, int]],
) -> None:
    directory, where = responder
    question = DNSRecord.question("api.agora.io").pack()
    leaking = DNSRecord.question("console.agora.io").pack()

    def over_udp(raw: bytes) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(10)
            one.sendto(raw, where)
            return one.recv(4096)

    def over_tcp(raw: bytes) -> bytes:
        with socket.create_connection(where, 10) as one:
            one.sendall(struct.pack("!H", len(raw)) + raw)
            return one.recv(4096)[2:]

    answers = [await asyncio.to_thread(each, question) for each in (over_udp, over_tcp)]
    await asyncio.to_thread(over_udp, leaking)

    assert [str(DNSRecord.parse(each).short()) for each in answers] == [ADDRESS] * 2
    assert [(each.host, each.way) for each in directory.leaks] == [("console.agora.io", "dns")]
    assert QTYPE[DNSRecord.parse(question).q.qtype] == "A"
