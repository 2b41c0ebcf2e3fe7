"""What is to be recorded of a room, and how its pictures are mixed. Plain data."""

import msgspec


class Pane(msgspec.Struct, frozen=True, gc=False):
    """Where a custom layout of NERTC has the one with this RTC uid; ``layer`` is its ``zorder``."""

    uid: int
    left: int
    top: int
    width: int
    height: int
    layer: int = 0


class Layout(msgspec.Struct, frozen=True):
    """How NERTC is told to mix pictures; its panes are measured in a canvas of this size."""

    kind: int = 0
    width: int = 0
    height: int = 0
    panes: tuple[Pane, ...] = ()


class Config(msgspec.Struct, frozen=True):
    """What is to be recorded: ``NERoomRecordConfig`` (1.34.0); modes count with type 100.

    ``container`` is NERTC's ``fileFormat``: 0 MP4, 1 FLV, 2 MP3. ``layout`` is of all mixes but
    those with one of their own in ``layouts``, by their modes; None: as the mode has it.
    """

    kind: int = 0
    modes: tuple[int, ...] = ()
    container: int = 0
    layout: Layout | None = None
    layouts: tuple[tuple[int, Layout], ...] = ()

    def layout_of(self, mode: int) -> Layout | None:
        return dict(self.layouts).get(mode, self.layout)
