"""Packs: `20包/箱`, `1箱=20包`, `100个/包×20包/箱`, `25kg/袋`, a bare number under 装箱数."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache

from guanxi.sheets.figures import PLAIN, finite, number
from guanxi.sheets.heads import bracket_unit
from guanxi.sheets.units import counting, factor, measures, node, unit
from guanxi.sheets.vocabulary import plain

NAMELESS = "\u2423"  # a pack whose name is not told
_NUM = rf"(?P<n>-?(?:{PLAIN})(?:\s*[千万kw](?![a-z]))?|[零〇一二两三四五六七八九十百千万半]+)"
_WORD = r"[^\d\s/=×*,;:()+\-]{1,14}\.?"
_SPLIT = re.compile(r"\s*(?:[×*;、+]|,(?!\d{3}(?!\d))|(?<![a-z])x(?=\s*\d)|\s[x×]\s)\s*")
_PER = re.compile(rf"{_NUM}\s*(?P<inner>(?:{_WORD})??)\s*(?:装)?\s*(?:/|每一?|(?<=\S)一|\s?per\s|\sin\s(?:a|one)\s)\s*(?:1\s*)?(?P<pack>{_WORD})$")
_EQUALS = re.compile(rf"(?:1|一|每)\s*(?P<pack>[^\d\s/=×*,;:()+\-]{{1,6}}?)\s*(?:=|为|装|有|含|:|是|共)?\s*{_NUM}\s*(?P<inner>{_WORD})?(?:装)?$")
_BARE = re.compile(rf"{_NUM}\s*(?P<inner>{_WORD})?(?:装|入)?$")


class BadPack(Exception):
    """A pack that is filled but says no number above zero."""


@dataclass(slots=True)
class Packs:
    """`edges`: pack → (how many, of what), in the order of the list; `unit` is what the price is for."""

    unit: str | None
    edges: dict[str, tuple[Fraction, str]] = field(default_factory=dict)
    packs: list[tuple[str | None, Decimal]] = field(default_factory=list)
    contains: tuple[Decimal, str | None] | None = None
    conflict: bool = False


def packs_of(cells: Iterable[tuple[str, str]], name: str | None) -> Packs:
    """The chain of all pack cells (text, heading) of a row, for a price per `name`. Raises BadPack."""
    found = Packs(name)
    for text, heading in cells:
        for size, inner, pack in chain(text, heading):
            base = name or NAMELESS + "1"
            if pack is not None and name is not None and node(pack) == node(name) and inner is None:
                number_of = finite(size)
                found.contains = (number_of, None) if number_of is not None else None
                continue
            found.edges[pack or NAMELESS] = (size, inner or base)
    if found.edges:
        _measure(found)
    return found


def chain(text: str, heading: str) -> list[tuple[Fraction, str | None, str | None]]:
    """(how many, of what or None for the product's unit, pack or None) for each link of one cell. Raises BadPack."""
    words = plain(re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", text)).strip(" .;,")
    words = re.sub(r"(?<=\d)\s*(?=[a-z\u4e00-\u9fff])", "", words)
    links = [_link(part) for part in _SPLIT.split(_equal_parts(words)) if part]
    for n, (size, inner, pack) in enumerate(links):
        if pack is None:
            above = links[n + 1][1] if n + 1 < len(links) and links[n + 1][1] else None
            links[n] = (size, inner or (bracket_inner(heading) if n == 0 else None), above or pack_of_heading(heading))
    return links


def _equal_parts(words: str) -> str:
    """`1箱=20包=400个` as two links."""
    parts = [part.strip() for part in words.split("=")]
    if len(parts) < 3:
        return words
    made, before = [], parts[0]
    first = _BARE.match(before.replace("一", "1"))
    top = Fraction(number(first["n"].strip()) or 1) if first else Fraction(1)
    for part in parts[1:]:
        here, up = _BARE.match(part), _BARE.match(before.replace("一", "1"))
        if not here or not up or not up["inner"]:
            raise BadPack
        many = finite(Fraction(number(here["n"].strip()) or 0) / top)
        made.append(f"{many}{here['inner'] or ''}/{up['inner']}")
        before, top = part, Fraction(number(here["n"].strip()) or 1)
    return "*".join(made)


def _link(part: str) -> tuple[Fraction, str | None, str | None]:
    found = _PER.match(part) or _EQUALS.match(part) or _BARE.match(part)
    many = number(re.sub(r"\s", "", found["n"])) if found else None
    if found is None or many is None or many <= 0:
        raise BadPack
    groups = found.groupdict()
    inner = unit(groups.get("inner"))
    if inner is not None and plain(inner) not in counting() and not re.search(r"[a-z\u4e00-\u9fff]", plain(inner)):
        raise BadPack
    return Fraction(many), inner, unit(groups.get("pack"))


@cache
def pack_of_heading(heading: str) -> str | None:
    """The pack a heading names: 装箱数 箱, CTN QTY ctn, 每包 包, Inner inner; None for none."""
    words = plain(heading)
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", words)
    named = re.search(r"/\s*([^\s/()]+)\s*\)?$", words) or re.search(r"每\s*([^\s\d装数/()])", bare)
    if named and (plain(named[1]) in counting() or unit(named[1]) == "ctn"):
        return unit(named[1])
    for pattern, pack in (
        (r"ctn|carton", "ctn"),
        (r"箱", "箱"),
        (r"inner", "inner"),
        (r"盒", "盒"),
        (r"件装|整件", "件"),
        (r"(?<![a-z])case", "case"),
        (r"(?<![a-z])box", "box"),
    ):
        if re.search(pattern, bare):
            return pack
    return None


def bracket_inner(heading: str) -> str | None:
    """What a heading counts: 箱装量(千件/箱) counts 千件, 件/箱 counts 件."""
    inside = bracket_unit(heading)
    if inside is not None and inside != pack_of_heading(heading):
        return inside
    return None


def _measure(found: Packs) -> None:
    """Which packs stand above the product's unit, and what it contains."""
    defined = frozenset(plain(pack) for pack in found.edges)
    goal = found.unit or smallest(found)
    below = _below(found, goal, defined)
    if node(goal, defined) in below or any(node(pack, defined) == node(goal, defined) for pack in found.edges):
        found.contains = _content(found, goal, defined)
    for pack in found.edges:
        name = node(pack, defined)
        if name == node(goal, defined) or name in below:
            continue
        by = factor(pack, goal, found.edges)
        many = finite(by) if by is not None else None
        if by is not None and many is None:
            found.conflict = True
        if many is not None:
            found.packs.append((None if pack == NAMELESS else pack, many))
    found.packs.sort(key=lambda one: one[1])
    if not found.packs and found.contains is None:
        found.conflict = True


def smallest(found: Packs) -> str:
    """What a list that names no unit sells: the smallest thing that is counted, not weighed."""
    counted = [inner for _size, inner in found.edges.values() if inner not in measures()]
    return next((inner for inner in counted if inner not in found.edges), counted[0] if counted else next(iter(found.edges)))


def _below(found: Packs, goal: str, defined: frozenset[str]) -> set[str]:
    """What is inside one unit of the product."""
    inside: set[str] = set()
    waiting = [node(goal, defined)]
    while waiting:
        here = waiting.pop()
        for pack, (_size, inner) in found.edges.items():
            name = node(inner, defined)
            if node(pack, defined) == here and name not in inside and name != node(goal, defined):
                inside.add(name)
                waiting.append(name)
    return inside


def _content(found: Packs, goal: str, defined: frozenset[str]) -> tuple[Decimal, str | None] | None:
    """What one unit holds, counted in the smallest unit named."""
    many, here = Fraction(1), goal
    for _step in range(8):
        link = next(((size, inner) for pack, (size, inner) in found.edges.items() if node(pack, defined) == node(here, defined)), None)
        if link is None:
            break
        many, here = many * link[0], link[1]
    size = finite(many)
    return (size, None if here.startswith(NAMELESS) else here) if here != goal and size is not None else None
