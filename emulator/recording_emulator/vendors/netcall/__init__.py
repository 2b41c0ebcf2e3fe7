"""NetEase netcall (NIM Web SDK 实时音视频, G1): calls, their recording, and local recorders."""

from recording_emulator.vendors.netcall.adapter import ADAPTER

__all__ = ["ADAPTER"]
