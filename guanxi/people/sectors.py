"""The twelve trade sectors a company may name as its own."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words

SECTORS: dict[str, Words] = {
    "hardware": _("Hardware and fasteners"),
    "machinery": _("Machinery and parts"),
    "electrical": _("Electrical and electronic"),
    "textile": _("Textiles and leather"),
    "clothing": _("Clothing, shoes and bags"),
    "packaging": _("Packaging and printing"),
    "chemical": _("Chemicals, rubber and plastics"),
    "building": _("Building materials and furniture"),
    "home": _("Household goods and gifts"),
    "food": _("Food and farm produce"),
    "medical": _("Medical and care"),
    "services": _("Logistics and services"),
}


def sector_name(code: str) -> str:
    """In the reader's language; empty for none."""
    return str(SECTORS.get(code, ""))


def sector_choices() -> list[tuple[str, str]]:
    """For a select."""
    return [(code, str(words)) for code, words in SECTORS.items()]
