"""Tiers in one cell: `100+ 0.12; 1000+ 0.11`, `1-99个:3.5/≥100个:3.2`, `1000 pcs @ 0.12`, one to a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from guanxi.sheets.figures import PLAIN, number
from guanxi.sheets.price import Price, price
from guanxi.sheets.units import counting, unit
from guanxi.sheets.vocabulary import money_words, pattern, plain


@dataclass(frozen=True, slots=True)
class Tier:
    """From `least` in `unit` (None: the product's; `least` None: from the minimum) at a price."""

    least: Decimal | None
    unit: str | None
    price: Price


@cache
def _pair() -> tuple[re.Pattern[str], re.Pattern[str]]:
    some = "|".join(re.escape(word) + ("(?![a-z])" if word[-1].isascii() else "") for word in sorted(counting(), key=len, reverse=True))
    money = money_words().pattern
    figure = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+(?=\s*[kw千万]))?)\s*(?:[kw](?![a-z])|[千万](?!件|只|支|个))?"
    marked = [
        rf"(?:<|≤|<=|少于|不足|under|below)\s*(?P<under>{figure})\s*(?:{some})?|(?P<under2>{figure})\s*(?:{some})?\s*(?:以下|以内)",
        rf"(?P<from>{figure})\s*(?:{some})?\s*(?:-|~|—|–|至|到|to)\s*{figure}\s*(?P<u1>{some})?\s*",
        rf"(?:≥|>=|≧|>|满|over|from|min\.?)\s*(?P<ge>{figure})\s*(?P<u2>{some})?\s*(?:以上|起|\+)?",
        rf"(?P<up>{figure})\s*(?P<u3>{some})?\s*(?:\+|及?以上|起批|起订|起|or more|and up|up)",
        rf"(?P<at>{figure})\s*(?P<u4>{some})\s*(?=[:=@]|\s)|(?P<at2>{figure})\s*(?=[:=@])",
    ]
    bound = "(?:" + "|".join(marked) + ")"
    amount = rf"(?:{money})?\s*(?:{PLAIN})\s*(?:{money})?"
    per = rf"(?:\s*(?:/|每|一)\s*(?:1000|100)?\s*(?:{some}))?"
    cost = rf"(?P<price>{amount}{per}|(?:{pattern('ask').pattern}))"
    between = r"\s*(?:[:=@]|,(?=\s)|单价|价格?|\bat\b|[\s])\s*"
    first = rf"\s*{bound}\s*(?:{between}|(?<=起)|(?<=以上))\s*{cost}"
    reverse = rf"\s*(?P<price>{amount}{per})\s*[(\[@]\s*{bound}\s*[)\]]?"
    end = r"\s*(?:[;,/、|。\n]\s*|(?=\s)|$)"
    return re.compile(first + end), re.compile(reverse + end)


def tiers_of(text: str) -> list[Tier] | None:
    """Pairs of bound and price; None when the cell is no list of tiers."""
    words = "\n".join(plain(line) for line in text.split("\n"))
    for shape in _pair():
        found, place = [], 0
        while place < len(words):
            part = shape.match(words, place)
            if part is None or part.end() == place:
                break
            found.append(_tier(part))
            place = part.end()
        if found and not words[place:].strip():
            return found
    return None


def _tier(part: re.Match[str]) -> Tier:
    said = part.groupdict()
    least = next((said[key] for key in ("from", "ge", "up", "at", "at2") if said.get(key)), None)
    named = next((said[key] for key in ("u1", "u2", "u3", "u4") if said.get(key)), None)
    return Tier(number(re.sub(r"\s", "", least)) if least else None, unit(named), price(part["price"]))


def rising(tiers: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Whether the bounds rise and no price rises with them."""
    return all(low[0] < high[0] and low[1] >= high[1] for low, high in pairwise(tiers))
