"""The Python handle: a server in this process or elsewhere, tenants on it, and a receiver."""

from recording_emulator.testing.emulator import Emulator, Tenant
from recording_emulator.testing.inbox import Inbox, Received

__all__ = ["Emulator", "Inbox", "Received", "Tenant"]
