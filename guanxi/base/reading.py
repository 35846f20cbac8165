"""Read values out of data that strangers sent, and gather what is wrong by field. Numbers are exact or refused, never rounded."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import money, nested
from guanxi.base.errors import Invalid, Words
from guanxi.base.ids import find_id
from guanxi.base.text import problem

NUMBER = re.compile(r"^\d{1,15}(\.\d+)?$")
GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")


class Reading:
    """One level of the data; `row()` goes deeper and shares the list of what is wrong."""

    def __init__(self, data: Any, *, at: str = "", wrong: dict[str, Words] | None = None) -> None:
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self.at = at
        self.wrong: dict[str, Words] = {} if wrong is None else wrong

    def done(self) -> None:
        """Raises Invalid with everything that was wrong."""
        if self.wrong:
            raise Invalid(self.wrong)

    def blame(self, name: str, words: Words) -> None:
        """Note what is wrong with a field; the first word about a field stays."""
        self.wrong.setdefault(self.at + name, words)

    def given(self, name: str) -> bool:
        return self.data.get(name) not in (None, "", [], {})

    def rows(self, name: str, *, most: int) -> list["Reading"]:
        """The rows of a list, each a Reading of its own."""
        found = nested.rows(self.data.get(name))
        if len(found) > most:
            self.blame(name, _("There are too many of these."))
            return []
        return [Reading(row, at=f"{self.at}{name}.{n}.", wrong=self.wrong) for n, row in found]

    def text(self, name: str, *, most: int, least: int = 0, multiline: bool = False) -> str:
        value = self.data.get(name)
        value = "" if value is None else value
        if words := problem(value, most=most, multiline=multiline):
            self.blame(name, words)
            return ""
        text = unicodedata.normalize("NFC", value).strip()
        if len(text) < least:
            self.blame(name, _("Write something here."))
        return text

    def one_of(self, name: str, known: tuple[str, ...], *, default: str) -> str:
        value = self.data.get(name)
        if value in (None, ""):
            return default
        if value not in known:
            self.blame(name, _("Choose one of the list."))
            return default
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A switch: true, false, or what a browser sends for one."""
        value = self.data.get(name)
        if isinstance(value, bool):
            return value
        if value in (None, ""):
            return default
        if value in ("on", "1", "true", "yes", "in"):
            return True
        if value in ("off", "0", "false", "no", "out"):
            return False
        self.blame(name, _("Choose one of the list."))
        return default

    def number(self, name: str, *, places: int, most: Decimal, least: Decimal | None = None, above: Decimal | None = None) -> Decimal | None:
        """An exact decimal, None when nothing is there. Text, whole numbers and Decimals; never floats."""
        value = self.data.get(name)
        if value in (None, ""):
            return None
        found = find_decimal(value)
        if found is None:
            self.blame(name, _("This must be a number."))
        elif -int(found.as_tuple().exponent) > places:
            self.blame(name, _("This has too many decimals."))
        elif found > most:
            self.blame(name, _("This is too much."))
        elif (least is not None and found < least) or (above is not None and found <= above):
            self.blame(name, _("This is too little."))
        else:
            return found
        return None

    def whole(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number; `default` when nothing is there, else that is wrong too."""
        found = self.number(name, places=0, most=Decimal(most), least=Decimal(least))
        if found is not None:
            return int(found)
        if default is None:
            self.blame(name, _("Write a number here."))
        return default if default is not None else least

    def amount(self, name: str, *, currency: str) -> int:
        """Minor units: `{"amount": 16000, "currency": "CNY"}` or 16000 from programs, `160.00` from people; 0 when nothing is there."""
        value = self.data.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = {"amount": value, "currency": currency}
        if isinstance(value, Mapping):
            return self._minor(name, value, currency=currency)
        most = Decimal(money.AMOUNT_LIMIT).scaleb(-money.exponent(currency))
        found = self.number(name, places=money.exponent(currency), most=most)
        return money.to_minor(found, currency) if found is not None else 0

    def _minor(self, name: str, value: Mapping[str, Any], *, currency: str) -> int:
        amount = value.get("amount")
        if value.get("currency") != currency:
            self.blame(name, _("This is another currency."))
        elif isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= money.AMOUNT_LIMIT:
            self.blame(name, _("This must be a number."))
        else:
            return amount
        return 0

    def day(self, name: str) -> date | None:
        value = self.data.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            self.blame(name, _("This must be a date."))
            return None

    def ids(self, name: str, *, most: int) -> tuple[UUID, ...]:
        """Several ids, each once."""
        value = self.data.get(name)
        listed = [] if not self.given(name) else [row for _n, row in nested.rows(value)] or [value]
        found = [one if isinstance(one, UUID) else find_id(one) for one in listed if one != ""]
        if None in found or len(found) > most:
            self.blame(name, _("Choose one of the list."))
            return ()
        return tuple(dict.fromkeys(one for one in found if one))


def find_decimal(value: Any) -> Decimal | None:
    """`1,250.50`, `１２` and 3 as exact decimals; None for anything else, NaN and 1e308 included."""
    if isinstance(value, Decimal):
        return value if value.is_finite() and value >= 0 and isinstance(value.as_tuple().exponent, int) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value) if 0 <= value < 10**15 else None
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    if GROUPED.match(text):
        text = text.replace(",", "")
    return Decimal(text) if len(text) < 40 and text.isascii() and NUMBER.match(text) else None
