"""Money, prices, quantities and sizes as people read them (ui.md section 6)."""

import re
from decimal import Decimal

from django.utils.translation import get_language

from guanxi.base import money as base_money
from guanxi.base.money import CURRENCIES, Money

TRUE_MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
BETWEEN_FIGURES = re.compile(r"(?<=\d)\s*[xX*\u2715]\s*(?=\d)")


def money(amount: int | Money, currency: str = "CNY") -> str:
    """Minor units as `¥14,000.00`."""
    if isinstance(amount, Money):
        return str(amount)
    return base_money.show(amount, currency)


def plain_money(amount: int | Money, currency: str = "CNY") -> str:
    """Minor units as `14,000.00`, where the head of the column names the currency."""
    if isinstance(amount, Money):
        return base_money.plain(amount.amount, amount.currency)
    return base_money.plain(amount, currency)


def price(value: Decimal, places: int = 2) -> str:
    """A unit price with two to six decimals: `460.00`, `0.1011`."""
    exponent = value.normalize().as_tuple().exponent
    shown = min(6, max(places, -exponent if isinstance(exponent, int) else places))
    return f"{value:,.{shown}f}".replace("-", TRUE_MINUS)


def unit_price(value: Decimal, currency: str = "CNY", unit: str = "") -> str:
    """`¥460.00/千件` in Chinese, `¥460.00 / 1,000` in English."""
    text = CURRENCIES[currency][0] + price(value, min(2, base_money.exponent(currency)))
    return text + (_slash() + unit if unit else "")


def quantity(value: Decimal | int, unit: str = "") -> str:
    """`20,000 件`: thousands grouped, no idle zeros."""
    text = f"{Decimal(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}".rstrip().replace("-", TRUE_MINUS)


def percent(value: Decimal | float, signed: bool = False) -> str:
    """`13%`, `−5.4%`; one decimal at most, a true minus."""
    text = f"{Decimal(str(value)):{'+' if signed else ''}.1f}".removesuffix(".0")
    return text.replace("-", TRUE_MINUS) + "%"


def size(text: str) -> str:
    """`M8*30` and `M8x30` as `M8×30`."""
    return BETWEEN_FIGURES.sub(TIMES, text)


def file_size(octets: int) -> str:
    """`86 kB`, `2.4 MB`."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000)) if octets else 0} kB"
    return f"{octets / 1_000_000:.1f} MB"


def count(number: int, most: int = 99) -> str:
    """A badge's figure: `99+` above the most."""
    return f"{most}+" if number > most else str(number)


def _slash() -> str:
    return "/" if (get_language() or "").startswith("zh") else " / "


FILTERS = {
    "money": money,
    "plain_money": plain_money,
    "price": price,
    "unit_price": unit_price,
    "quantity": quantity,
    "percent": percent,
    "size": size,
    "file_size": file_size,
    "badge_count": count,
}
