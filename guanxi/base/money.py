"""Money is whole minor units and a currency. Unit prices and quantities are decimals; a line is rounded once, half up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CURRENCIES = {"CNY": ("¥", 2), "GBP": ("£", 2), "USD": ("$", 2), "EUR": ("€", 2), "HKD": ("HK$", 2), "JPY": ("JP¥", 0)}
AMOUNT_LIMIT = 10**15  # far above any order, far below bigint: sums of thousands of lines stay exact in the database
PRICE_DIGITS = (18, 6)
QUANTITY_DIGITS = (18, 4)


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (fen, pence) of `currency`."""

    amount: int
    currency: str

    def __str__(self) -> str:
        return show(self.amount, self.currency)


def exponent(currency: str) -> int:
    """How many decimals the currency's amounts have."""
    return CURRENCIES[currency][1]


def to_minor(value: Decimal, currency: str) -> int:
    """A decimal amount in whole minor units, half up."""
    return int((value * 10 ** exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def line_total(unit_price: Decimal, quantity: Decimal, currency: str) -> int:
    """Unit price x quantity in minor units, rounded once, half up (design.md section 6)."""
    return to_minor(unit_price * quantity, currency)


def percent_of(amount: int, rate: Decimal) -> int:
    """`rate` percent of an amount, in minor units, half up."""
    return int((Decimal(amount) * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))


def split(total: int, weights: list[int]) -> list[int]:
    """`total` >= 0 minor units in parts by weight; largest remainder, so the parts sum to the whole (quality.md M3)."""
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must have a positive sum")
    parts = [total * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in rest[: total - sum(parts)]:
        parts[n] += 1
    return parts


def plain(amount: int, currency: str) -> str:
    """`1400000` CNY as `14,000.00`."""
    places = exponent(currency)
    return f"{Decimal(amount).scaleb(-places):,.{places}f}".replace("-", "\N{MINUS SIGN}")


def show(amount: int, currency: str) -> str:
    """`¥14,000.00`, with a true minus before the sign of the currency."""
    text = plain(abs(amount), currency)
    return ("\N{MINUS SIGN}" if amount < 0 else "") + CURRENCIES[currency][0] + text
