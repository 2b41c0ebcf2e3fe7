"""ZEGO Cloud Recording (云端录制), server API v2."""

from recording_emulator.vendors.zego.adapter import ADAPTER

__all__ = ["ADAPTER"]
