"""Sample names, uids and request bodies for Agora, from a seeded Faker.

For people who write a first test or a load script; the core never draws from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faker import Faker


def channel_name(fake: Faker) -> str:
    """Make up a channel name such as ``weekly-review-27`` (at most 64 bytes)."""
    words = "-".join(fake.words(2)).lower()
    return f"{words}-{fake.random_int(1, 99)}"[:64]


def uid(fake: Faker) -> str:
    """Make up a uid: a string that holds an integer."""
    return str(fake.random_int(1, 2**31))


def acquire_body(fake: Faker) -> dict[str, Any]:
    """Make up a body of ``acquire``."""
    hours = fake.random_element([24, 48, 72])
    params = {"scene": 0, "resourceExpiredHour": hours}
    return {"cname": channel_name(fake), "uid": uid(fake), "clientRequest": params}


def start_body(fake: Faker, acquired: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Make up a body of ``start`` in mix mode, for the channel and uid of an ``acquire``."""
    room = dict(acquired) if acquired is not None else acquire_body(fake)
    width, height = fake.random_element([(640, 360), (1280, 720), (1920, 1080)])
    picture = {"width": width, "height": height, "fps": 15, "bitrate": width * height // 600}
    storage = {
        "vendor": 1,
        "region": fake.random_int(0, 16),
        "bucket": f"{fake.domain_word()}-recordings",
        "accessKey": f"AKIA{fake.pystr(16, 16).upper()}",
        "secretKey": fake.pystr(40, 40),
        "fileNamePrefix": [fake.pystr_format("??????").lower()],
    }
    return {
        "cname": room["cname"],
        "uid": room["uid"],
        "clientRequest": {
            "recordingConfig": {
                "channelType": 1,
                "streamTypes": 2,
                "maxIdleTime": 300,
                "transcodingConfig": picture,
            },
            "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
            "storageConfig": storage,
        },
    }


def sample(fake: Faker) -> dict[str, Any]:
    """Make up one of everything: people, a channel, the bodies to record it."""
    acquired = acquire_body(fake)
    people = [{"uid": uid(fake), "name": fake.name()} for _ in range(fake.random_int(2, 4))]
    return {
        "channel": acquired["cname"],
        "people": people,
        "acquire": acquired,
        "start": start_body(fake, acquired),
        "stop": {"cname": acquired["cname"], "uid": acquired["uid"], "clientRequest": {}},
    }
