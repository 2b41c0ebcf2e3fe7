"""Agora (声网) Cloud Recording, REST API v1."""

from recording_emulator.vendors.agora.adapter import ADAPTER

__all__ = ["ADAPTER"]
