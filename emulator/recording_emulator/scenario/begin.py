"""A tenant and its scenario: what it is made with, how it begins, how it is judged.

The three ways to play a scenario meet here: what is planned lives in the tenant, and so does the
text it came from, which the judge reads again.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recording_emulator.core.inputs import AddTarget, Configure
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.delivery.socket import SCENARIO_URL
from recording_emulator.runtime.hand import Hand
from recording_emulator.scenario import plan
from recording_emulator.scenario.judge import Judge
from recording_emulator.scenario.load import Loaded, loads
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.vendors.base import VendorAdapter

KEPT: Final = 100_000
"""How many entries and callbacks a tenant keeps for its judge."""


def tenant(loaded: Loaded) -> dict[str, Any]:
    """Return what a scenario says of its tenant, as ``POST /_emulator/tenants`` takes it."""
    document = loaded.document
    return {
        "seed": document.seed,
        "audience": document.audience,
        "settings": {document.vendor: document.settings},
        "journal_limit": KEPT,
        "callbacks_limit": KEPT,
    }


def begin(hand: Hand, loaded: Loaded, adapter: VendorAdapter) -> None:
    """Give a tenant its scenario: what is planned for its start happens now.

    A receiver that takes everything stands in until somebody adds a real one.
    """
    before = msgspec.to_builtins(hand.settings(adapter.name))
    after = {**before, **loaded.document.settings}
    if after != before:
        hand.apply(Configure(adapter.name, after))
    secret = hand.credentials[adapter.name].get("callback_secret", "")
    stand_in = CallbackTarget("scenario", adapter.name, SCENARIO_URL, secret, is_fallback=True)
    hand.apply(AddTarget(stand_in))
    hand.apply(plan.script(loaded, adapter))


def verdict(hand: Hand, adapters: tuple[VendorAdapter, ...]) -> Verdict | None:
    """Judge a tenant as it stands; None if it plays no scenario."""
    standing = hand.world.timeline.standing
    if not standing.title:
        return None
    loaded = loads(standing.source.encode(), standing.file, adapters)
    adapter = next(each for each in adapters if each.name == loaded.document.vendor)
    return Judge(loaded, adapter, hand.world).verdict()
