"""Units: how they are written, and how many of one make another."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from guanxi.sheets.figures import finite
from guanxi.sheets.vocabulary import plain, table

HUNDREDS = {"千": 1000, "百": 100, "万": 10_000}
_SIZED = re.compile(r"(100|1000|10000|1,000|10,000|1k|一千|一百|一万)\s*([^\d\s].*)")
SIZES = {"100": "百", "1000": "千", "10000": "万", "1,000": "千", "10,000": "万", "1k": "千", "一千": "千", "一百": "百", "一万": "万"}


@cache
def _written() -> dict[str, str]:
    return {plain(word): kept for word, kept in table("units")["written"].items()}


@cache
def counting() -> frozenset[str]:
    """Every word a quantity may be counted or measured in."""
    return frozenset(plain(word) for word in table("units")["counting"])


@cache
def measures() -> frozenset[str]:
    """What is weighed or measured."""
    return frozenset(table("units")["measures"])


@cache
def pieces() -> frozenset[str]:
    """Words for one piece."""
    return frozenset(table("units")["pieces"])


def unit(text: str | None) -> str | None:
    """A unit as we keep it (公斤 kg, `Pcs` pc, `1000只` 千只); None for none."""
    if not text:
        return None
    text = text.strip().strip(".·()[]:;,").strip()
    if not text:
        return None
    low = text.lower() if text.isascii() else text
    sized = _SIZED.fullmatch(low)
    if sized:
        return SIZES[sized[1]] + (unit(sized[2]) or "")
    return _written().get(plain(text), low)


def node(name: str, packs: Iterable[str] = ()) -> str:
    """Units that are one for quantities share a node; a word the row's packs define stands for that pack."""
    name = plain(name)
    return "个" if name in pieces() and name not in packs else table("units")["same"].get(name, name)


def factor(have: str, want: str, packs: Mapping[str, tuple[Fraction, str]] | None = None) -> Fraction | None:
    """How many `want` one `have` is, over the outside factors and the row's packs (pack → (how many, of what)); None without relation."""
    return _factor(have, want, tuple((packs or {}).items()))


@lru_cache(maxsize=4096)
def _factor(have: str, want: str, chain: tuple[tuple[str, tuple[Fraction, str]], ...]) -> Fraction | None:
    packs = dict(chain)
    defined = frozenset(plain(name) for name in packs)
    goal = node(want, defined)
    edges: dict[str, list[tuple[str, Fraction]]] = {}

    def join(big: str, size: Fraction, small: str) -> None:
        edges.setdefault(big, []).append((small, size))
        edges.setdefault(small, []).append((big, 1 / size))

    for big, (size, small) in packs.items():
        if size > 0:
            join(node(big, defined), size, node(small, defined))
    for big, (times, small) in table("units")["factors"].items():
        join(big, Fraction(times), small)
    for name in {have, want, *packs, *(small for _size, small in packs.values())}:
        low = plain(name)
        if low[0] in HUNDREDS and len(low) > 1 and low not in defined and low not in table("units")["factors"]:
            join(low, Fraction(HUNDREDS[low[0]]), node(low[1:], defined))
        if low in ("双", "对", "副", "套", "pair", "set") and {node(have, defined), goal} & {"打", "罗", "dozen", "gross"}:
            join(node(low, defined), Fraction(1), "个")
    return _way(edges, node(have, defined), goal)


def _way(edges: Mapping[str, list[tuple[str, Fraction]]], start: str, goal: str) -> Fraction | None:
    known, waiting = {start: Fraction(1)}, [start]
    while waiting:
        here = waiting.pop(0)
        if here == goal:
            return known[here]
        for there, size in edges.get(here, ()):
            if there not in known:
                known[there] = known[here] * size
                waiting.append(there)
    return known.get(goal)


def converted(quantity: Decimal, have: str | None, want: str | None, packs: Mapping[str, tuple[Fraction, str]] | None = None) -> Decimal | None:
    """A quantity in another unit; None without relation, or without a finite decimal."""
    if have is None or want is None or have == want:
        return quantity if have is None or have == want or not have else _lonely(quantity, have, packs)
    by = factor(have, want, packs)
    return None if by is None else finite(Fraction(quantity) * by)


def _lonely(quantity: Decimal, have: str, packs: Mapping[str, tuple[Fraction, str]] | None) -> Decimal | None:
    """Of a list that names no unit: pieces are pieces, a known pack is what it holds, anything else cannot be related."""
    by = factor(have, "个", packs)
    return None if by is None else finite(Fraction(quantity) * by)
