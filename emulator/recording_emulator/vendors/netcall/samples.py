"""Sample accounts and parameters of calls for netcall, from a seeded Faker.

For people who write a first test or a load script; the core never draws from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faker import Faker


def session_config(fake: Faker) -> dict[str, Any]:
    """Make up what one side wants recorded of itself: sound, picture, or both."""
    config = {"recordAudio": fake.boolean(), "recordVideo": fake.boolean()}
    return {**config, "recordType": fake.random_int(0, 2)}


def sample(fake: Faker) -> dict[str, Any]:
    """Make up one of everything: who calls whom, and the calls of both."""
    caller, callee = fake.unique.user_name(), fake.unique.user_name()
    fake.unique.clear()
    return {
        "caller": caller,
        "call": {
            "type": fake.random_int(1, 2),
            "account": callee,
            "webrtcEnable": True,
            "pushConfig": {"custom": fake.slug()},
            "sessionConfig": session_config(fake),
        },
        "response": {"accepted": True, "sessionConfig": session_config(fake)},
        "hangup": {},
    }
