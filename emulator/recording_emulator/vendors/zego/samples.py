"""Sample names, streams and request bodies for ZEGO, from a seeded Faker.

For people who write a first test or a load script; the core never draws from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faker import Faker


def room_name(fake: Faker) -> str:
    """Make up a room such as ``class-quiet-river-27`` (at most 128 bytes)."""
    return f"class-{'-'.join(fake.words(2)).lower()}-{fake.random_int(1, 99)}"


def start_body(fake: Faker, room: str, streams: list[str]) -> dict[str, Any]:
    """Make up a body of ``StartRecord`` in mixed mode."""
    width, height = fake.random_element([(640, 360), (1280, 720), (1920, 1080)])
    picture = {"Width": width, "Height": height, "Fps": 15, "Bitrate": width * height * 5 // 4}
    return {
        "RoomId": room,
        "RecordInputParams": {
            "RecordMode": 2,
            "StreamType": 3,
            "ClientTaskId": fake.uuid4(),
            "MaxIdleTime": 60,
            "MixConfig": {
                "MixMode": 3,
                "MixOutputStreamId": f"{room}-mix",
                "MixMaxResolutionStreamId": streams[0],
                "MixOutputVideoConfig": picture,
            },
        },
        "RecordOutputParams": {"OutputFileFormat": "mp4", "OutputFolder": "record/"},
        "StorageParams": {
            "Vendor": 2,
            "Region": "oss-cn-hangzhou",
            "Bucket": f"{fake.domain_word()}-recordings",
            "AccessKeyId": f"LTAI{fake.pystr(16, 16)}",
            "AccessKeySecret": fake.pystr(30, 30),
        },
    }


def sample(fake: Faker) -> dict[str, Any]:
    """Make up one of everything: people with their streams, a room, the body to record it."""
    room = room_name(fake)
    people = [
        {"uid": f"u{number}", "name": fake.name(), "stream": f"s-{fake.pystr(6, 6).lower()}"}
        for number in range(1, fake.random_int(2, 4) + 1)
    ]
    streams = [each["stream"] for each in people]
    return {"room": room, "people": people, "StartRecord": start_body(fake, room, streams)}
