"""What a test holds of CloudRoom: credentials by their names, connections, callbacks checked."""

from collections.abc import Mapping
from typing import Any

from recording_emulator.vendors.cloudroom import callbacks, signatures
from recording_emulator.vendors.cloudroom.client import CLIENT
from recording_emulator.vendors.handle import Handle


class CloudRoom(Handle):
    """CloudRoom of one tenant."""

    @property
    def comp_id(self) -> int:
        return int(self.credentials["comp_id"])

    @property
    def comp_secret(self) -> str:
        return self.credentials["comp_secret"]

    @property
    def app_id(self) -> str:
        return self.credentials["app_id"]

    @property
    def app_secret(self) -> str:
        return self.credentials["app_secret"]

    @property
    def secret_key(self) -> str:
        """What signs calls of the HTTP API."""
        return signatures.secret_key(str(self.comp_id), self.comp_secret)

    def signed(self, **fields: Any) -> dict[str, Any]:
        """Write the body of a call of the HTTP API: ``fields`` beside what every body has."""
        own = {"RequestId": "r-1", "CompID": self.comp_id, "SecretKey": self.secret_key}
        return {**own, **fields}

    def sdk_query(self, user: str, profile: str = "web") -> dict[str, str]:
        """What a user's SDK connects with; ``profile`` is ``native``, ``web`` or ``mini``."""
        return {**CLIENT.query(self.credentials, user), "userID": user, "profile": profile}

    def read_callback(self, _headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a callback: its ``EventType``, and what is wrong with it."""
        secret = self.credentials["callback_secret"]
        return callbacks.verify(body, str(self.comp_id), secret)
