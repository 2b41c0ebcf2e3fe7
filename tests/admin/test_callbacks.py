"""Targets and callbacks over the admin API: where they go, how they went, once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.admin.conftest import Control

VENDORS = [each.name for each in load()]
URL = "http://127.0.0.1:1/hook"
START_MS = 1_893_456_000_000


def test_a_target_is_added_listed_and_removed_without_showing_its_secret(control: Control) -> None:
    body = {"vendor": "agora", "url": URL, "secret": "s3cr3t", "events": ["31", "session_exit"]}
    added = control.ask("POST", "/targets", body)

    target = {
        "type": "core.CallbackTarget",
        "id": "agora-1",
        "vendor": "agora",
        "url": URL,
        "secret": "<secret>",
        "events": ["31", "11"],
        "is_fallback": False,
    }
    assert (added.status_code, added.json()) == (201, target)
    assert control.get("/targets") == {"targets": [target]}
    assert control.ask("DELETE", "/targets/agora-1").status_code == 204
    assert control.get("/targets") == {"targets": []}


def test_a_target_without_an_id_takes_the_first_free_number(control: Control) -> None:
    body = {"vendor": "agora", "url": URL}
    made = [control.ask("POST", "/targets", body).json()["id"] for _ in range(3)]
    control.ask("DELETE", "/targets/agora-1")

    again = [control.ask("POST", "/targets", body).json()["id"] for _ in range(2)]

    assert (made, again) == (["agora-1", "agora-2", "agora-3"], ["agora-1", "agora-4"])


def test_a_target_of_the_same_id_is_replaced(control: Control) -> None:
    for url in (URL, f"{URL}/two"):
        control.ask("POST", "/targets", {"vendor": "agora", "url": url, "id": "mine"})

    assert [each["url"] for each in control.get("/targets")["targets"]] == [f"{URL}/two"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"vendor": "zoom", "url": URL}, f"no vendor 'zoom'; there are {VENDORS}"),
        ({"vendor": "agora", "url": "ftp://x"}, "url must be http:// or https://, not 'ftp://x'"),
        ({"vendor": "agora", "url": ""}, "url must be http:// or https://, not ''"),
        ({"vendor": "agora", "url": URL, "events": ["999"]}, "Agora announces no event '999'; it"),
        ({"vendor": "agora", "url": URL, "id": "a/b"}, "a target's id is 1 to 64 of letters, dig"),
        ({"vendor": "agora", "url": URL, "id": "x" * 65}, "a target's id is 1 to 64 of letters, "),
        ({"vendor": "agora"}, "Object missing required field `url`"),
    ],
)
def test_a_target_that_cannot_be_is_400_and_is_not_added(
    control: Control, body: dict[str, Any], message: str
) -> None:
    status, error, told = control.refused("POST", "/targets", body)

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get("/targets") == {"targets": []}


def test_a_target_that_is_not_there_is_404_and_those_that_are_are_named(
    control: Control,
) -> None:
    control.ask("POST", "/targets", {"vendor": "agora", "url": URL, "id": "mine"})

    refused = control.refused("DELETE", "/targets/yours")

    assert refused == (404, "NotFound", "no target 'yours'; there are ['mine']")


def test_a_callback_is_told_with_its_attempts_and_the_body_that_was_sent(
    control: Control, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.fail(times=1, status=503)
    control.start()

    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    (told,) = control.get("/callbacks")["callbacks"]
    event = next(each for each in control.get("/journal?kind=event")["entries"])
    tried = [
        (each["outcome"], each["status"], each["at_ms"] - START_MS) for each in told["attempts"]
    ]
    assert tried == [("refused", 503, 3_000), ("accepted", 200, 3_000)]
    assert told["attempts"][0]["why"] == "status 503, expected 200"
    assert told["body"] == inbox.callbacks[-1].json
    del told["attempts"], told["body"]
    assert told == {
        "number": 1,
        "vendor": "agora",
        "event": "40",
        "target": "inbox-agora",
        "fate": "delivered",
        "emitted_ms": START_MS + 3_000,
        "cause": told["cause"],
        "is_check": False,
    }
    assert event["kind"] == "event"
    assert control.get("/callbacks/1")["number"] == 1


def test_a_replayed_callback_is_a_delivery_of_its_own_with_the_same_notice(
    control: Control, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})

    replayed = control.ask("POST", "/callbacks/1/replay")

    first, again = (each.json for each in inbox.callbacks)
    told = replayed.json()
    assert replayed.status_code == 201
    assert (told["number"], told["fate"], told["body"]) == (2, "delivered", again)
    assert again == {**first, "notifyMs": START_MS + 60_000}
    assert [each.is_genuine for each in inbox.callbacks] == [True, True]
    assert control.get("/callbacks/1")["fate"] == "delivered"


def test_a_replay_to_a_target_that_is_gone_is_409(control: Control, inbox: Inbox) -> None:
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})
    control.ask("DELETE", "/targets/inbox-agora")

    refused = control.refused("POST", "/callbacks/1/replay")

    why = "target 'inbox-agora' is gone; ?target=ID names another"
    assert refused == (409, "Conflict", why)


def test_a_callback_is_replayed_to_another_target_of_its_vendor(
    control: Control, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.subscribe("zego")
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})
    place = {"id": "other", "vendor": "agora", "url": inbox.url("agora"), "events": ["11"]}
    control.ask("POST", "/targets", place)

    told = control.ask("POST", "/callbacks/1/replay?target=other").json()
    strange = control.refused("POST", "/callbacks/1/replay?target=inbox-zego")

    assert (told["target"], told["fate"]) == ("other", "delivered")
    assert inbox.event_types == [40, 40]
    why = "no target 'inbox-zego' for agora; there are ['inbox-agora', 'other']"
    assert strange == (404, "NotFound", why)


@pytest.mark.parametrize("number", [0, 7, 10**12])
def test_a_callback_that_is_not_there_is_404_and_says_how_many_were(
    control: Control, number: int
) -> None:
    message = f"no callback {number}; 0 were made, 0 are evicted"

    assert control.refused("GET", f"/callbacks/{number}") == (404, "NotFound", message)
    assert control.refused("POST", f"/callbacks/{number}/replay") == (404, "NotFound", message)


@pytest.mark.recording_emulator(callbacks_limit=2)
def test_what_is_evicted_is_counted(control: Control, inbox: Inbox) -> None:
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    told = control.get("/callbacks")

    assert (len(told["callbacks"]), told["evicted"]) == (2, len(inbox.callbacks) - 2)
    assert control.refused("GET", "/callbacks/1")[0] == 404
