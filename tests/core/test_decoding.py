"""Decoding: strict about types, open to newer fields, clear about what is wrong."""

import msgspec
import pytest

from recording_emulator.core.decoding import Undecodable, decode, unknown_fields


class Inner(msgspec.Struct):
    width: int = 0


class Outer(msgspec.Struct):
    name: str
    inner: Inner = msgspec.field(default_factory=Inner)
    many: list[Inner] = []


DECODER = msgspec.json.Decoder(Outer)


def test_a_wrong_type_names_the_field_it_is_in() -> None:
    found = decode(DECODER, b'{"name":"a","inner":{"width":"wide"}}')

    assert found == Undecodable("width", "Expected `int`, got `str` - at `$.inner.width`")


def test_a_missing_field_is_named() -> None:
    found = decode(DECODER, b"{}")

    assert isinstance(found, Undecodable)
    assert (found.field, found.is_missing) == ("name", True)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b'{"name":"\\ud800"}', b'{"x":' + b"[" * 100_000]
)
def test_what_is_not_json_is_told_apart(raw: bytes) -> None:
    found = decode(DECODER, raw)

    assert isinstance(found, Undecodable)
    assert not found.is_json


def test_unknown_fields_are_named_with_the_nearest_known_one() -> None:
    plain = {"name": "a", "iner": {}, "inner": {"with": 1}, "many": [{"zzz": 1}]}

    assert list(unknown_fields(plain, Outer)) == [
        "$.iner (did you mean inner?)",
        "$.inner.with (did you mean width?)",
        "$.many[0].zzz",
    ]
