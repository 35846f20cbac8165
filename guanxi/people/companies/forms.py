"""What one may say about a company: one reader for pages and API."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from guanxi.base import text
from guanxi.base.errors import Invalid, Words
from guanxi.people.regions import regions
from guanxi.people.sectors import SECTORS

NO_PICTURE: Words = _("Choose a picture first.")
DOORS = ("public", "name")
NO_COUNTRIES = ("ZZ", "EU", "UN", "EZ", "QO", "XA", "XB")  # in the Unicode list, but nobody is registered there


@dataclass(frozen=True, slots=True)
class Draft:
    """A company as typed, checked. `region` and `credit_code` belong to China, `registration` to the other countries."""

    name: str
    credit_code: str = ""
    country: str = "CN"
    registration: str = ""
    sector: str = ""
    region: str = ""
    intro: str = ""
    door: str = "public"


def read(data: Mapping[str, Any]) -> Draft:
    """Raises Invalid with all fields that are wrong."""
    wrong: dict[str, Words] = {}
    given = {name: _line(data.get(name) or "", name, most, wrong) for name, most in (("name", 100), ("registration", 40))}
    given["intro"] = _line(data.get("intro") or "", "intro", 2000, wrong, multiline=True)
    given["country"] = _one_of(data.get("country") or "CN", "country", countries(), wrong)
    given["sector"] = _one_of(data.get("sector") or "", "sector", {"", *SECTORS}, wrong)
    given["region"] = _one_of(data.get("region") or "", "region", {"", *regions()}, wrong)
    given["door"] = _one_of(data.get("door") or "public", "door", DOORS, wrong)
    given["credit_code"] = _credit_code(data.get("credit_code") or "", wrong)
    if "name" not in wrong and len(given["name"]) < 2:
        wrong["name"] = _("Write the name of your company, two signs at least.")
    if wrong:
        raise Invalid(wrong)
    return Draft(**_at_home(given))


def _at_home(given: dict[str, str]) -> dict[str, str]:
    """A Chinese firm has a credit code and a region, a foreign one its registration number."""
    unused = ("registration",) if given["country"] == "CN" else ("credit_code", "region")
    return given | dict.fromkeys(unused, "")


def _line(value: object, field: str, most: int, wrong: dict[str, Words], *, multiline: bool = False) -> str:
    try:
        return text.clean(value, field=field, most=most, multiline=multiline)
    except Invalid as error:
        wrong.update(error.fields)
        return ""


def _one_of(value: object, field: str, known: Any, wrong: dict[str, Words]) -> str:
    if isinstance(value, str) and value in known:
        return value
    wrong[field] = _("Choose one of the list.")
    return ""


def _credit_code(value: object, wrong: dict[str, Words]) -> str:
    """18 signs with a check sign (GB 32100-2015)."""
    code = _line(value, "credit_code", 40, wrong)
    if not code:
        return ""
    compact = "".join(sign for sign in code.upper() if sign not in " -")
    if len(compact) != 18:
        wrong["credit_code"] = _("A credit code has 18 signs; this one has a different number.")
        return ""
    try:
        return str(uscc.validate(compact))
    except ValidationError:
        wrong["credit_code"] = _("The last sign does not fit the others. Compare the code with your licence.")
        return ""


def countries() -> dict[str, str]:
    """ISO 3166-1 codes and names in the reader's language, China first, then by name."""
    return _countries("zh_Hans" if (get_language() or "").startswith("zh") else "en")


@cache
def _countries(locale: str) -> dict[str, str]:
    territories = Locale.parse(locale).territories.items()
    names = {code: name for code, name in territories if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES}
    first = {"CN": names.pop("CN")}
    return first | dict(sorted(names.items(), key=lambda pair: pair[1]))
