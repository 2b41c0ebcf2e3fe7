"""CloudRoom (云屋): rooms, cloud mixers (云端录制), the net disk, and its HTTP callbacks."""

from recording_emulator.vendors.cloudroom.adapter import ADAPTER

__all__ = ["ADAPTER"]
