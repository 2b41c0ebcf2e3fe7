"""What a client may send by mistake: any JSON, and a good body with one place of it replaced."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

ANY = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)


def json_of(leaves: st.SearchStrategy[Any], max_leaves: int = 8) -> st.SearchStrategy[Any]:
    """Draw JSON whose leaves are drawn so."""
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
        ),
        max_leaves=max_leaves,
    )


JSON = json_of(ANY)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to every value of a body, the body itself first."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [way, *(found for key, each in items for found in places(each, (*way, key)))]


def with_value(body: Any, way: tuple[Any, ...], value: Any) -> Any:
    """Put a value at a place of a body."""
    if not way:
        return value
    inside = body
    for key in way[:-1]:
        inside = inside[key]
    inside[way[-1]] = value
    return body


def with_one_replaced(draw: st.DrawFn, body: Any, values: st.SearchStrategy[Any] = JSON) -> Any:
    """Draw a value for one place in a body."""
    way = draw(st.sampled_from(places(body)[1:]))
    return with_value(body, way, draw(values))
