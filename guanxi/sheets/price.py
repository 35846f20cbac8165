"""One price in a cell: `￥12.50元/包`, `US$1.20/pc`, `3块5一双`, `原价21 现价20`, 面议."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from guanxi.sheets.figures import PLAIN, figure
from guanxi.sheets.units import counting, unit
from guanxi.sheets.vocabulary import currency, holds, money_words, pattern, plain, tax, tax_patterns

_COINS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:块钱?|元|圆)\s*(?:(\d{1,2})(?![\d.])\s*(?:毛|角)?|半(?![\u4e00-\u9fff]))")
_DIMES = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:毛|角)(?:(\d)\s*分?)?")
_PER = re.compile(r"(?:/|每|一|per\s|\bper)\s*((?:1000|100|10000|1,000|10,000)?\s*(?:[^\d\s/,;:()+*=.-]{1,12}\.?|[cm]?m[23²³]))\s*$")
_EACH_FIRST = re.compile(r"^(?:每|一)\s*([^\d\s/,;:()+*=.¥$-]{1,3})\s*(?=[\d¥$])")
_CENTS = re.compile(r"(?<![\d.角毛])(\d{1,2})\s*分(?:钱)?(?![\u4e00-\u9fff])")
_ROUND = re.compile(r"(?<=[元圆块])[钱整正](?![\u4e00-\u9fff])|(?<=块)钱(?=[一每/])")
_EACH = re.compile(r"(?<![a-z])(each|ea|apiece)\.?\s*$")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Price:
    """`state`: fixed, ask, bad; `unit`, `currency`, `tax` as far as the cell says them."""

    state: str
    amount: Decimal | None = None
    currency: str | None = None
    unit: str | None = None
    tax: bool | None = None


BAD = Price("bad")


def price(text: str) -> Price:
    """What a filled price cell says; bad when it is not one price above zero."""
    words = _ROUND.sub("", _newest(re.sub(r"(?<![a-z])us \$", "us$", plain(text))))
    said, money = tax(words), currency(words) or ("CNY" if _DIMES.search(words) or _CENTS.search(words) else None)
    words = _without_tax(words)
    words, per = _unit_of(_coins(words))
    bare = pattern("price_filler").sub(" ", money_words().sub(" ", words)).strip(" :=,;。!~@")
    amount = figure(bare)
    if amount is None and per is not None and figure(re.sub(r"\s", "", bare)) is not None and " " not in bare.strip():
        amount = figure(bare)
    if amount is not None:
        return Price("fixed", amount, money, per, said) if amount > 0 else BAD
    if not re.search(r"\d", words) and (holds("ask", text)):
        return Price("ask", currency=money, tax=said)
    return BAD


@cache
def _old_new() -> re.Pattern[str]:
    amount = rf"[^\d]{{0,6}}?(?:{PLAIN})[^\d,;/]{{0,8}}?"
    return re.compile(
        rf"(?:{pattern('old_price').pattern})({amount}).*?(?:{pattern('new_price').pattern})(.+)$|(?:{pattern('new_price').pattern})({amount})[\s,;/(]*(?:{pattern('old_price').pattern}).+$"
    )


def _newest(words: str) -> str:
    """Of an old and a new price in one cell the new one."""
    found = _old_new().search(words)
    if found:
        return (found[2] or found[3]).strip(" :)")
    one = _one_old().match(words)
    return (one["before"] or one["after"]).strip(" :)(,;/") if one else words


@cache
def _one_old() -> re.Pattern[str]:
    """A price beside one that is told to be old: `4.10 was 5.00`, `12 (原价15)`, `原价15, 12`."""
    figure = rf"(?:{PLAIN})"
    old = rf"(?:{pattern('old_price').pattern})\s*:?\s*[^\d\s]{{0,4}}\s*{figure}[^\d]{{0,6}}?"
    return re.compile(rf"(?P<before>[^\d]{{0,6}}{figure}[^\d]{{0,8}}?)[\s,;/(]+{old}$|{old}[\s,;/)]+(?P<after>[^\d]{{0,4}}{figure}[^\d]{{0,8}})$")


def _without_tax(words: str) -> str:
    """Words about tax are told apart from the figure (`含13%税` holds one)."""
    out, into = tax_patterns()

    def bare(found: re.Match[str]) -> str:
        inner = found[1] or found[2] or ""
        return " " if tax(inner) is not None or not inner.strip() else f" {inner} "

    words = _BRACKETS.sub(bare, words)
    return into.sub(" ", out.sub(" ", words))


def _coins(words: str) -> str:
    """`3块5` as 3.5, `2块8毛` as 2.8, `8毛` as 0.8."""
    words = _COINS.sub(lambda found: f"{found[1]}.{found[2] or 5} ", words)
    words = _DIMES.sub(lambda found: f"{Decimal(found[1] + (found[2] or '0')) / 100} ", words)
    return _CENTS.sub(lambda found: f"{Decimal(found[1]) / 100} ", words)


def _unit_of(words: str) -> tuple[str, str | None]:
    """What stands after the figure as its unit, and the rest."""
    each = _EACH.search(words)
    if each and figure(money_words().sub(" ", words[: each.start()]).strip()) is not None:
        return words[: each.start()], unit(each[1]) if each[1] != "apiece" else "pc"
    first = _EACH_FIRST.match(words)
    if first and plain(first[1]) in counting():
        return words[first.end() :], unit(first[1])
    found = _PER.search(words)
    if not found or not re.search(r"\d", words[: found.start()]):
        return words, None
    return words[: found.start()], unit(found[1].strip())
