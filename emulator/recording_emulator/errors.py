"""The exceptions a user can meet.

::

    EmulatorError                 anything this package raises on purpose
    ├── BadRequest                an admin call or argument that cannot be carried out as asked
    │   ├── NotFound              what it names does not exist
    │   └── Conflict              it exists already, or the moment is wrong
    ├── TooManyTimers             an ``advance`` met a timer that keeps re-arming itself
    ├── NeverHappened             what was waited for did not come within its limit
    └── SyncInEventLoop           the blocking handle was called where it would block a running loop

A vendor's own error reply is never an exception: it is a row of that vendor's catalogue.
"""


class EmulatorError(Exception):
    """Anything this package raises on purpose; the message says what to do."""

    status: int = 500


class BadRequest(EmulatorError):
    """An admin call or an argument that cannot be carried out as asked; nothing has changed."""

    status = 400


class NotFound(BadRequest):
    """What the call names does not exist; the message names what does."""

    status = 404


class Conflict(BadRequest):
    """It exists already, or the moment is wrong; the message says which."""

    status = 409


class TooManyTimers(EmulatorError):
    """An ``advance`` fired more timers than it may; the message names the one that re-arms."""

    status = 409


class NeverHappened(EmulatorError):
    """What was waited for did not come within its limit; the message says what came instead."""

    status = 408


class SyncInEventLoop(EmulatorError):
    """The blocking handle was called inside a running event loop; use its ``aio`` form there."""


BY_NAME: dict[str, type[EmulatorError]] = {
    cls.__name__: cls
    for cls in (BadRequest, NotFound, Conflict, TooManyTimers, NeverHappened, SyncInEventLoop)
}
