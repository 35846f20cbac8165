"""Who may listen: the members of a conversation's companies, and the people who take part themselves.

A company's people are kept with the version they were read at; `people_version` grows with every change of them, in the same
transaction. So a snapshot that shows an entry and the versions beside it tells whether the kept people may still hear it (quality.md T11).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MEMBERS = """
SELECT co.id::text, co.people_version, ARRAY(
    SELECT m.person_id::text FROM people_membership m WHERE m.company_id = co.id AND m.ended_at IS NULL
) FROM people_company co WHERE co.id = ANY(%s::uuid[])
"""


@dataclass(slots=True)
class Parties:
    """Who takes part: companies with the version of their people, and single people."""

    companies: dict[str, int] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Staff:
    """A company's people as they were at `version`."""

    version: int
    people: frozenset[str]


def parties_from(rows: Iterable[tuple[str, str | None, str | None, int | None]]) -> dict[str, Parties]:
    """Rows (conversation, company, person, people_version) by conversation."""
    found: dict[str, Parties] = {}
    for conversation, company, person, version in rows:
        parties = found.setdefault(conversation, Parties())
        if company is not None:
            parties.companies[company] = version or 0
        elif person is not None:
            parties.people.append(person)
    return found


def staff_from(rows: Iterable[tuple[str, int, list[str]]]) -> dict[str, Staff]:
    """Rows of MEMBERS by company."""
    return {company: Staff(version, frozenset(people)) for company, version, people in rows}


def unknown(parties: Parties, known: Mapping[str, Staff]) -> list[str]:
    """The companies whose people must be read (again) before anything is told to them."""
    return [company for company, version in parties.companies.items() if company not in known or known[company].version < version]


def sides_of(person: str, parties: Parties, known: Mapping[str, Staff]) -> set[str]:
    """The companies for which this person takes part here."""
    return {company for company in parties.companies if person in known[company].people}
