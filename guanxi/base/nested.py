"""Form fields with dotted names as the nested data a JSON body would hold."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

DEPTH = 5


def nest(post: QueryDict) -> dict[str, Any]:
    """`lines.0.price=3` becomes `{"lines": {"0": {"price": "3"}}}`; a name that comes more than once becomes a list."""
    whole: dict[str, Any] = {}
    for name, values in post.lists():
        path = name.split(".")
        if len(path) <= DEPTH:
            _put(whole, path, values[0] if len(values) == 1 else values)
    return whole


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        deeper = into.setdefault(part, {})
        if not isinstance(deeper, dict):
            return
        into = deeper
    into.setdefault(path[-1], value)


def rows(value: Any) -> list[tuple[str, Any]]:
    """The rows of a list with the names they came under, so that an error can name its row: a JSON list, or fields by number."""
    if isinstance(value, Mapping):
        named = [(name, row) for name, row in value.items() if isinstance(name, str) and name.isascii() and name.isdigit() and len(name) < 7]
        return sorted(named, key=lambda pair: int(pair[0]))
    if isinstance(value, list | tuple):
        return [(str(n), row) for n, row in enumerate(value)]
    return []
