"""What a test holds of ZEGO: credentials by their own names, callbacks read and checked."""

from collections.abc import Mapping

from recording_emulator.vendors.handle import Handle
from recording_emulator.vendors.zego import callbacks


class Zego(Handle):
    """ZEGO of one tenant."""

    @property
    def app_id(self) -> int:
        return int(self.credentials["app_id"])

    @property
    def server_secret(self) -> str:
        """The secret that signs calls."""
        return self.credentials["server_secret"]

    @property
    def callback_secret(self) -> str:
        """The secret that signs callbacks; another than the one that signs calls."""
        return self.credentials["callback_secret"]

    def read_callback(self, _headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a callback: its ``event_type`` (0 if unreadable), and what is wrong with it."""
        return callbacks.verify(body, self.callback_secret)
