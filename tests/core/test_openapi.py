"""A vendor's OpenAPI document, from the smallest catalogues that show one thing each."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Raw, UnsetType

from recording_emulator.core.openapi import document
from recording_emulator.core.surface import Basis, Body, Operation, Refused, Row, Shapes, Surface

DOC = Basis.DOCUMENTED


class Done(msgspec.Struct):
    ok: bool


class Failed(msgspec.Struct):
    errno: int
    text: str


class Loud(msgspec.Struct, tag="loud", tag_field="#kind"):
    name: Annotated[str, Meta(pattern=r"^[a-z]+\Z")]
    volume: Raw | UnsetType = msgspec.UNSET


def described(*operations: Operation, rows: tuple[Row, ...] = (), **told: Any) -> dict[str, Any]:
    bodies = told.pop("bodies", ())
    surface = Surface(operations, rows, (), bodies=bodies, shapes=Shapes(**told))
    return document("acme", surface)


def schema(told: dict[str, Any]) -> Any:
    return told["content"]["application/json"]["schema"]


def test_a_bare_catalogue_makes_a_plain_document() -> None:
    told = described(Operation("ring", "POST", "/ring/{bell}", "manual", DOC))

    ring = told["paths"]["/ring/{bell}"]["post"]
    assert told["servers"] == [{"url": "/acme"}]
    assert ring["operationId"] == "ring"
    assert [(each["name"], each["schema"]) for each in ring["parameters"]] == [
        ("bell", {"type": "string"})
    ]
    assert list(ring["responses"]) == ["200"]


def test_an_operation_has_a_path_for_each_variant_that_it_answers() -> None:
    ring = Operation("ring", "POST", "/{tone}/ring", "manual", DOC)
    mute = Operation("mute", "POST", "/{tone}/mute", "manual", DOC)

    told = described(
        ring,
        mute,
        answers={"ring": (Done,), "mute loud": (Done,)},
        parameters={"tone": Literal["loud", "soft"]},
        variant="tone",
        bodies=(Body("ring loud", Loud, "manual"),),
    )

    assert list(told["paths"]) == ["/loud/ring", "/soft/ring", "/loud/mute"]
    assert "requestBody" in told["paths"]["/loud/ring"]["post"]
    assert "requestBody" not in told["paths"]["/soft/ring"]["post"]


def test_a_status_lists_the_codes_of_its_rows_and_shows_each_as_an_example() -> None:
    rows = (
        Row("9 busy", 400, 9, "busy", "rung already", "manual", DOC, ("ring",)),
        Row("gone", 400, None, "gone", "no such bell", "manual", DOC),
        Row("8 other", 400, 8, "other", "another call's", "manual", DOC, ("mute",)),
    )

    told = described(
        Operation("ring", "POST", "/ring", "manual", DOC),
        rows=rows,
        refusals={"": Refused(Failed, "errno", "text")},
        denial=Refused(Done, "", "message"),
    )

    refused = told["paths"]["/ring"]["post"]["responses"]["400"]
    assert schema(refused) == {
        "anyOf": [
            {"$ref": "#/components/schemas/Failed", "properties": {"errno": {"enum": [9]}}},
            {"$ref": "#/components/schemas/Done"},
        ]
    }
    examples = refused["content"]["application/json"]["examples"]
    assert {name: each["value"] for name, each in examples.items()} == {
        "9 busy": {"errno": 9, "text": "busy"},
        "gone": {"message": "gone"},
    }


@pytest.mark.parametrize("inside", ["", "params"])
def test_a_body_stands_in_its_envelope_if_there_is_one(inside: str) -> None:
    told = described(
        Operation("ring", "POST", "/ring", "manual", DOC),
        bodies=(Body("ring", Loud, "manual"),),
        envelope={"seq": int},
        inside=inside,
    )

    body = {"$ref": "#/components/schemas/Loud"}
    enveloped = {
        "type": "object",
        "properties": {"seq": {"type": "integer"}, "params": body},
        "required": ["seq", "params"],
    }
    found = schema(told["paths"]["/ring"]["post"]["requestBody"])
    assert found == (enveloped if inside else body)


def test_tags_and_refused_fields_are_left_out_and_patterns_are_those_of_json_schema() -> None:
    told = described(
        Operation("ring", "POST", "/ring", "manual", DOC),
        bodies=(Body("ring", Loud, "manual"),),
        refused=frozenset({"volume"}),
    )

    loud = told["components"]["schemas"]["Loud"]
    assert loud["properties"] == {"name": {"type": "string", "pattern": "^[a-z]+$"}}
    assert loud["required"] == ["name"]
