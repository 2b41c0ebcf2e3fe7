"""Sample names and parameters of calls for NERoom, from a seeded Faker.

For people who write a first test or a load script; the core never draws from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faker import Faker


def room_uuid(fake: Faker) -> str:
    """Make up a room such as ``review-quiet-river-27`` (at most 64 characters)."""
    return f"review-{'-'.join(fake.words(2)).lower()}-{fake.random_int(1, 99)}"


def start_params(fake: Faker, room: str) -> dict[str, Any]:
    """Make up the parameters of ``startCloudRecord``: everything, or some modes."""
    if fake.boolean():
        return {"roomUuid": room, "rtcRecordType": 0}
    modes = sorted(fake.random_elements(range(7), length=fake.random_int(1, 3), unique=True))
    return {
        "roomUuid": room,
        "rtcRecordType": 100,
        "modeList": [{"mode": mode} for mode in modes],
    }


def sample(fake: Faker) -> dict[str, Any]:
    """Make up one of everything: who is there, and the calls of the first to record the room."""
    room = room_uuid(fake)
    people = [
        {"user": fake.unique.user_name(), "userName": fake.first_name()}
        for _ in range(fake.random_int(1, 4))
    ]
    fake.unique.clear()
    name = people[0]["userName"]
    return {
        "people": people,
        "createRoom": {
            "roomUuid": room,
            "roomName": fake.catch_phrase()[:64],
            "enableRecord": True,
        },
        "joinRoom": {"roomUuid": room, "userName": name, "role": "host"},
        "joinRtcChannel": {"roomUuid": room},
        "unmuteMyAudio": {"roomUuid": room},
        "startCloudRecord": start_params(fake, room),
        "stopCloudRecord": {"roomUuid": room},
    }
