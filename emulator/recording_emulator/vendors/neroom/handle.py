"""What a test holds of NERoom: credentials by their own names, connections, copies checked."""

from collections.abc import Mapping

from recording_emulator.families import netease
from recording_emulator.vendors.handle import Handle
from recording_emulator.vendors.neroom import users
from recording_emulator.vendors.neroom.client import CLIENT


class NeRoom(Handle):
    """NERoom of one tenant."""

    @property
    def app_key(self) -> str:
        return self.credentials["app_key"]

    @property
    def app_secret(self) -> str:
        return self.credentials["app_secret"]

    def token(self, user: str) -> str:
        """The token of a user, which the app's own server would have fetched for them."""
        return users.derived_token(self.app_key, user)

    def sdk_query(self, user: str) -> dict[str, str]:
        """What a user's SDK connects with; ``tenant.member("neroom", "alice")`` does by itself."""
        return CLIENT.query(self.credentials, user)

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a message copy: its ``eventType``, and what is wrong with it."""
        return netease.read_copy(headers, body, self.app_secret)
