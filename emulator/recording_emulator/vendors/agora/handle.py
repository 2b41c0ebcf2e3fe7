"""What a test holds of Agora: credentials by their own names, callbacks read and checked."""

from collections.abc import Mapping

import msgspec

from recording_emulator.vendors.agora import callbacks
from recording_emulator.vendors.handle import Handle


class Notice(msgspec.Struct, frozen=True):
    """As much of a callback as tells what it is."""

    eventType: int  # noqa: N815 - the wire's name


class Agora(Handle):
    """Agora of one tenant."""

    @property
    def app_id(self) -> str:
        return self.credentials["app_id"]

    @property
    def customer_id(self) -> str:
        return self.credentials["customer_id"]

    @property
    def customer_secret(self) -> str:
        return self.credentials["customer_secret"]

    @property
    def callback_secret(self) -> str:
        """The secret that signs callbacks; the console's, at the vendor."""
        return self.credentials["callback_secret"]

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a callback: its ``eventType`` (0 if unreadable), and what is wrong with it."""
        try:
            notice = msgspec.json.decode(body, type=Notice)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return 0, f"not a notice: {error}"
        return notice.eventType, callbacks.verify(dict(headers), body, self.callback_secret)
