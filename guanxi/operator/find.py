"""People and companies as an operator looks them up: by what he was told, exactly, or by the beginning of a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import find_id
from guanxi.deals.review import reads as reviews
from guanxi.deals.review.table import Review
from guanxi.people import address
from guanxi.people.companies.reads import name_key
from guanxi.people.factor import reads as factors
from guanxi.people.operators.table import OperatorAct
from guanxi.people.table import Company, Device, Membership, Person

MOST = 30


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    people: list[Person]
    companies: list[Company]


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person: where he works, how he signs in. Addresses masked: an operator needs to recognise them, not to have them."""

    row: Person
    addresses: list[str]
    works: list[Membership]
    devices: int
    seen_at: datetime | None
    two_steps: bool


def reported() -> list[Review]:
    """Reviews that were reported and no operator has looked at, the oldest first. Two statements."""
    rows = reviews.reported()
    seen = set(OperatorAct.objects.filter(act="review.look", company_id__in=[row.by_company for row in rows]).values_list("about", flat=True))
    return [row for row in reversed(rows) if str(row.id) not in seen]


def subjects(words: str) -> Found:
    """By id, phone, mail, handle, credit code, or the beginning of a name; nothing for nothing. Two statements."""
    said = words.strip()
    if not said or "\x00" in said:
        return Found([], [])
    if id_ := find_id(said.lower()):
        return Found(list(Person.objects.filter(pk=id_)), list(Company.objects.filter(pk=id_)))
    people = Person.objects.filter(closed_at=None).order_by("name", "id")
    key = name_key(said)
    by_name = Company.objects.filter(name_key__startswith=key) if key else Company.objects.none()
    named = by_name | Company.objects.filter(handle=said.lower()) | Company.objects.filter(credit_code=said.upper())
    return Found(list(people.filter(**_address(said))[:MOST]), list(named.order_by("name", "id")[:MOST]))


def _address(said: str) -> dict[str, str]:
    try:
        kept = address.read(said)
    except Invalid:
        return {"name__startswith": said}
    return {address.column(kept): kept}


def person(id_: UUID) -> PersonView:
    """Raises NotFound."""
    row = Person.objects.filter(pk=id_).first()
    if row is None:
        raise NotFound
    works = list(Membership.objects.filter(person=id_, ended_at=None).select_related("company").order_by("joined_at")[:MOST])
    seen = list(Device.objects.filter(person=id_, ended_at=None).order_by("-seen_at").values_list("seen_at", flat=True)[:100])
    masked = [address.masked(one) for one in (row.phone, row.email) if one]
    return PersonView(row, masked, works, len(seen), seen[0] if seen else None, factors.has(id_))


def staff(company: UUID) -> list[Membership]:
    """Who works there now."""
    return list(Membership.objects.filter(company=company, ended_at=None).select_related("person").order_by("joined_at")[:200])


def names(companies: Iterable[UUID | None]) -> dict[UUID, str]:
    """Of companies, by id; one statement."""
    return dict(Company.objects.filter(pk__in={one for one in companies if one}).values_list("id", "name"))


def people_names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """Of people, by id; one statement."""
    return dict(Person.objects.filter(pk__in={one for one in people if one}).values_list("id", "name"))
