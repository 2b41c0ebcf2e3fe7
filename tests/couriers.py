"""Couriers that carry nothing anywhere: whoever answers is in this process."""

from recording_emulator.core.inputs import Answered
from recording_emulator.core.outbox import Outgoing


class AtHand:
    """A receiver that is its own courier: it answers 200 at once."""

    def open(self) -> None:
        return None

    async def post(self, attempt: Outgoing) -> Answered:
        return Answered(attempt.attempt, 200, b"{}")

    async def close(self) -> None:
        return None
