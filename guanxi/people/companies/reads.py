"""Companies as one looks them up: by handle, by exact name, by id."""

import unicodedata
from uuid import UUID

from guanxi.base.errors import NotFound
from guanxi.people.table import Company, Membership


def name_key(name: str) -> str:
    """What two spellings of one name share: width, case, spaces and brackets do not matter."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if sign.isalnum())[:100]


def by_handle(handle: str) -> Company:
    """Raises NotFound."""
    found = Company.objects.filter(handle=handle.lower()[:40]).first() if "\x00" not in handle else None
    if found is None:
        raise NotFound
    return found


def by_name(name: str) -> list[Company]:
    """Those with exactly this name: companies are found, never listed (quality.md A46)."""
    key = name_key(name)
    return list(Company.objects.filter(name_key=key).order_by("-verified_at", "created_at")[:5]) if key else []


def works_for(person: UUID, company: UUID) -> bool:
    """Now."""
    return Membership.objects.filter(person=person, company=company, ended_at=None).exists()


def of_person(person: UUID, *, most: int = 200) -> list[Membership]:
    """Where he works, with the companies, in the order he joined."""
    return list(Membership.objects.filter(person=person, ended_at=None).select_related("company").order_by("joined_at", "id")[:most])
