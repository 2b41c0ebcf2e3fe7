"""What a test holds of netcall: credentials by their own names, connections, copies checked."""

from collections.abc import Mapping

from recording_emulator.families import netease
from recording_emulator.vendors.handle import Handle
from recording_emulator.vendors.netcall import sdk
from recording_emulator.vendors.netcall.client import CLIENT


class Notice(netease.Notice, frozen=True):
    """As much of a message copy as tells what it is; the console's probe is no event."""

    eventType: str = ""  # noqa: N815 - the wire's name


class Netcall(Handle):
    """netcall of one tenant."""

    @property
    def app_key(self) -> str:
        return self.credentials["app_key"]

    @property
    def app_secret(self) -> str:
        return self.credentials["app_secret"]

    def token(self, account: str) -> str:
        """The token of an account, which the app's own server would have set for it."""
        return sdk.token(self.app_key, account)

    def sdk_query(self, account: str) -> dict[str, str]:
        """What an account's SDK connects with; ``tenant.member("netcall", "alice")`` does so."""
        return CLIENT.query(self.credentials, account)

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a message copy: its ``eventType``, and what is wrong with it."""
        return netease.read_copy(headers, body, self.app_secret, Notice)
