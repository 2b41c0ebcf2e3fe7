"""Rooms over the admin API: who is there, who comes and goes, and what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.admin.conftest import Control

VENDORS = [each.name for each in load()]
PEOPLE = "/participants"
START_MS = 1_893_456_000_000


def person(uid: str, **more: Any) -> dict[str, Any]:
    """Describe a participant as the API does."""
    told = {"uid": uid, "joined_ms": START_MS, "role": "host", "audio": True, "video": True}
    own = {"synthetic": False, "stream": "", "board": False}
    return {"type": "core.Participant", **told, **own, **more}


def body(uid: str, **more: Any) -> dict[str, Any]:
    return {"vendor": "agora", "room": "demo", "uid": uid, **more}


def test_people_join_publish_and_leave(control: Control) -> None:
    first = control.ask("POST", PEOPLE, body("41"))
    second = control.ask("POST", PEOPLE, body("42", role="audience"))
    muted = control.ask("PATCH", PEOPLE, body("41", audio=False))
    left = control.ask("DELETE", PEOPLE, body("42"))

    listener = person("42", role="audience", audio=False, video=False)
    assert [(each.status_code, each.json()["participants"]) for each in (first, second)] == [
        (201, [person("41")]),
        (201, [person("41"), listener]),
    ]
    assert muted.json()["participants"] == [person("41", audio=False), listener]
    assert left.json()["participants"] == [person("41", audio=False)]


def test_rooms_are_listed_with_their_people_and_recorders(control: Control) -> None:
    control.ask("POST", PEOPLE, body("41"))
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    assert control.get("/rooms") == {
        "rooms": [
            {"vendor": "agora", "room": "demo", "participants": [person("41")], "recorders": 1}
        ]
    }


def test_what_a_person_does_not_say_stays_as_it_is(control: Control) -> None:
    control.ask("POST", PEOPLE, body("41", video=False))

    changed = control.ask("PATCH", PEOPLE, body("41"))

    assert changed.json()["participants"] == [person("41", video=False)]


@pytest.mark.parametrize(
    ("verb", "given", "message"),
    [
        ("POST", body("41"), "'41' is in room 'demo' already"),
        ("PATCH", body("9"), "'9' is not in room 'demo'; there: '41'"),
        ("DELETE", body("9"), "'9' is not in room 'demo'; there: '41'"),
        ("DELETE", body("41", room="other"), "'41' is not in room 'other'; there: nobody"),
    ],
)
def test_what_does_not_fit_the_room_is_409_and_the_room_stays(
    control: Control, verb: str, given: dict[str, Any], message: str
) -> None:
    control.ask("POST", PEOPLE, body("41"))
    before = control.get("/rooms")

    assert control.refused(verb, PEOPLE, given) == (409, "Conflict", message)
    assert control.get("/rooms") == before


def test_a_listener_cannot_publish(control: Control) -> None:
    control.ask("POST", PEOPLE, body("41", role="audience"))

    refused = control.refused("PATCH", PEOPLE, body("41", audio=True))

    assert refused == (
        409,
        "Conflict",
        "'41' is audience in room 'demo'; only a host publishes",
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (body("41", role="guest"), "role is 'host' or 'audience', not 'guest'"),
        (body(""), "room and uid must not be empty"),
        (body("41", room=""), "room and uid must not be empty"),
        (body("41", vendor="zoom"), f"no vendor 'zoom'; there are {VENDORS}"),
        (body("41", audio="yes"), "Expected `bool | null`, got `str` - at `$.audio`"),
        ({"uid": "41"}, "Object missing required field `vendor`"),
    ],
)
def test_a_join_that_makes_no_sense_is_400_and_nobody_joins(
    control: Control, given: dict[str, Any], message: str
) -> None:
    status, error, told = control.refused("POST", PEOPLE, given)

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get("/rooms") == {"rooms": []}


def test_a_stream_may_have_a_name_and_a_person_a_whiteboard(control: Control) -> None:
    named = body("41", vendor="zego", stream="camera", board=True)
    control.ask("POST", PEOPLE, named)

    taken = control.ask("POST", PEOPLE, body("42", vendor="zego", stream="camera"))
    renamed = control.ask("PATCH", PEOPLE, body("41", vendor="zego", stream="other"))
    closed = control.ask("PATCH", PEOPLE, body("41", vendor="zego", board=False)).json()

    assert (taken.status_code, renamed.status_code) == (409, 400)
    assert taken.json()["message"] == "'41' has the stream 'camera' in room 'demo' already"
    assert closed["participants"] == [person("41", stream="camera", board=False)]
