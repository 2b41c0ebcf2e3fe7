"""How a verb over the admin API is written once, and runs blocking or awaitable.

A verb says which request it makes and how its answer is read; the class it stands in says whether
it blocks.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar, overload

import msgspec

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

INSIDE: Final[ContextVar[bool]] = ContextVar("recording_emulator_inside", default=False)
"""True while a callback handler of ours runs: its advance must not wait for its own delivery."""


class Ask(Generic[R]):
    """A request of the admin API, and how its answer becomes a value."""

    __slots__ = ("body", "method", "path", "read")

    def __init__(
        self, method: str, path: str, read: Callable[[bytes], R], body: Any = None
    ) -> None:
        self.method, self.path, self.read = method, path, read
        self.body = None if body is None else msgspec.json.encode(body)


class Control(Protocol):
    """Carries requests to the admin API of one server."""

    @property
    def url(self) -> str: ...

    def ask(self, ask: Ask[R]) -> R: ...

    async def ask_async(self, ask: Ask[R]) -> R: ...


class Verbs:
    """Anything with verbs: it knows a control and whether it blocks."""

    def __init__(self, control: Control) -> None:
        self.control = control


class Blocking(Verbs):
    """Verbs that return their value."""


class Awaiting(Verbs):
    """Verbs that return an awaitable of their value."""


class verb(Generic[P, R]):  # noqa: N801 - reads as a decorator
    """One admin verb as a method of both forms of a handle."""

    def __init__(self, build: Callable[Concatenate[Any, P], Ask[R]]) -> None:
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: Blocking, owner: type) -> Callable[P, R]: ...
    @overload
    def __get__(self, instance: Awaiting, owner: type) -> Callable[P, Awaitable[R]]: ...
    def __get__(self, instance: Verbs, owner: type) -> Callable[P, Any]:
        build, control = self._build, instance.control

        if isinstance(instance, Awaiting):

            @functools.wraps(build)
            def begin(*args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
                return control.ask_async(build(instance, *args, **kwargs))

            return begin

        @functools.wraps(build)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return control.ask(build(instance, *args, **kwargs))

        return run


def reading(kind: type[T], *path: str) -> Callable[[bytes], T]:
    """Read an answer as ``kind``, from below the given keys."""

    def read(raw: bytes) -> T:
        found = msgspec.json.decode(raw)
        for key in path:
            found = found[key]
        return msgspec.convert(found, kind)

    return read


def nothing(_raw: bytes) -> None:
    """Read an answer that says nothing."""
