"""The Python handle: a server here or elsewhere, tenants on it, a receiver, clients with an SDK."""

from recording_emulator.testing.emulator import Emulator, Tenant
from recording_emulator.testing.inbox import Inbox, Received
from recording_emulator.testing.inprocess import InProcess
from recording_emulator.testing.member import Heard, Member, Rejected

__all__ = ["Emulator", "Heard", "InProcess", "Inbox", "Member", "Received", "Rejected", "Tenant"]
