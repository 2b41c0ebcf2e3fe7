"""NetEase NERoom (NERoomKit): rooms, their cloud recording, and the copies of what happens."""

from recording_emulator.vendors.neroom.adapter import ADAPTER

__all__ = ["ADAPTER"]
