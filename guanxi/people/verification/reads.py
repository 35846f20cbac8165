"""The operator's queue with what a machine can check, and a company's own papers."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from guanxi.base.errors import NotFound
from guanxi.people.companies.reads import name_key
from guanxi.people.table import Company, Person
from guanxi.people.verification.table import Verification

MOST = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """A row of the queue: the papers, who sent them, in how many signs the names differ, who holds the code already."""

    row: Verification
    asker: str
    differs: int
    holder: Company | None

    @property
    def clean(self) -> bool:
        return self.differs == 0 and self.holder is None


def waiting() -> list[Checked]:
    """First come, first served. Three statements."""
    return checked(list(Verification.objects.filter(state="asked").select_related("company").order_by("at", "id")[:MOST]))


def checked(rows: list[Verification]) -> list[Checked]:
    """With the machine's remarks."""
    held = Company.objects.filter(credit_code__in=[row.credit_code for row in rows], verified_at__isnull=False)
    holders = {one.credit_code: one for one in held}
    names = dict(Person.objects.filter(pk__in=[row.by_id for row in rows]).values_list("id", "name"))
    return [Checked(row, names.get(row.by_id, ""), difference(row.company.name, row.name), _other(holders.get(row.credit_code), row)) for row in rows]


def _other(holder: Company | None, row: Verification) -> Company | None:
    return holder if holder and holder.pk != row.company_id else None


def difference(one: str, other: str) -> int:
    """In how many signs two names differ, spaces and width apart."""
    a, b = name_key(one), name_key(other)
    same = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return max(len(a), len(b)) - same


def get(verification: UUID) -> Checked:
    """One, decided or not. Raises NotFound."""
    row = Verification.objects.select_related("company").filter(pk=verification).first()
    if row is None:
        raise NotFound
    return checked([row])[0]


def latest(company: UUID) -> Verification | None:
    """What the company sent last, unless it took it back."""
    return Verification.objects.filter(company=company).exclude(state="withdrawn").order_by("-at").first()
