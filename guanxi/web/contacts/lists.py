"""Whom one knows: companies with a conversation, colleagues, and the people one writes to."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.people.regions import region_name
from guanxi.people.viewer import Viewer
from guanxi.web.contacts.letters import letter, order

MOST = 5000
PAGE = 100

COMPANIES = """
    SELECT c.id, c.handle, c.name, c.verified_at IS NOT NULL, c.region, c.logo_id, o.conversation_id, r.name,
        (SELECT count(*) FROM deals_deal d WHERE d.conversation_id = o.conversation_id AND d.state = 'done'), p.responsible_id = %s
    FROM talk_party p
    JOIN talk_party o ON o.conversation_id = p.conversation_id AND o.company_id <> p.company_id AND o.left_at IS NULL
    JOIN people_company c ON c.id = o.company_id
    LEFT JOIN people_person r ON r.id = o.responsible_id
    WHERE p.company_id = %s AND p.left_at IS NULL ORDER BY p.active_at DESC LIMIT %s
"""
# Colleagues, those one has written to, and who answers at the companies one talks with; each with the company he was met for.
PEOPLE = """
    SELECT DISTINCT ON (p.id) p.id, p.name, who.company, who.colleague FROM (
        SELECT m.person_id AS person, c.name AS company, true AS colleague FROM people_membership m JOIN people_company c ON c.id = m.company_id
        WHERE m.company_id = %(company)s AND m.ended_at IS NULL
        UNION ALL
        SELECT o.responsible_id, c.name, false FROM talk_party mine
        JOIN talk_party o ON o.conversation_id = mine.conversation_id AND o.company_id <> mine.company_id AND o.left_at IS NULL
        JOIN people_company c ON c.id = o.company_id
        WHERE mine.company_id = %(company)s AND mine.left_at IS NULL AND o.responsible_id IS NOT NULL
        UNION ALL
        SELECT o.person_id, '', false FROM talk_party mine
        JOIN talk_conversation c ON c.id = mine.conversation_id AND c.kind = 'direct'
        JOIN talk_party o ON o.conversation_id = mine.conversation_id AND o.person_id <> mine.person_id AND o.left_at IS NULL
        WHERE mine.person_id = %(person)s AND mine.left_at IS NULL
    ) who JOIN people_person p ON p.id = who.person AND p.closed_at IS NULL AND p.id <> %(person)s
    ORDER BY p.id, who.colleague DESC, who.company DESC LIMIT %(most)s
"""
KNOWN = """
    SELECT p.name, c.id, c.name, c.handle, m.role,
        EXISTS (SELECT 1 FROM talk_pair k WHERE k.key = %(direct)s),
        c.id = %(company)s OR EXISTS (
            SELECT 1 FROM talk_party a JOIN talk_party b ON b.conversation_id = a.conversation_id AND b.company_id = c.id AND b.left_at IS NULL
            WHERE a.company_id = %(company)s AND a.left_at IS NULL)
    FROM people_person p LEFT JOIN people_membership m ON m.person_id = p.id AND m.ended_at IS NULL LEFT JOIN people_company c ON c.id = m.company_id
    WHERE p.id = %(person)s AND p.closed_at IS NULL ORDER BY m.joined_at
"""


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company one talks with."""

    id: UUID
    handle: str
    name: str
    verified: bool
    place: str
    logo: UUID | None
    conversation: UUID
    responsible: str
    done: int
    mine: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person one may write to."""

    id: UUID
    name: str
    company: str
    colleague: bool


@dataclass(frozen=True, slots=True)
class PersonPicture:
    """One person: `works` are the companies through which one knows him, as (handle, name, role)."""

    id: UUID
    name: str
    works: list[tuple[str, str, str]]


def companies(viewer: Viewer) -> list[CompanyRow]:
    """In the order of the address book."""
    rows = _rows(COMPANIES, [viewer.person, viewer.company, MOST])
    found = [
        CompanyRow(key, handle, name, verified, region_name(region), logo, conversation, responsible or "", done, bool(mine))
        for key, handle, name, verified, region, logo, conversation, responsible, done, mine in rows
    ]
    return sorted(found, key=lambda one: order(one.name))


def people(viewer: Viewer) -> list[PersonRow]:
    """In the order of the address book."""
    given = {"company": viewer.company, "person": viewer.person, "most": MOST}
    return sorted((PersonRow(*row) for row in _rows(PEOPLE, given)), key=lambda one: order(one.name))


def person(viewer: Viewer, other: UUID) -> PersonPicture | None:
    """Somebody one may write to: a colleague, one of a company one talks with, or one with whom one already does."""
    low, high = sorted((viewer.person, other))
    rows = _rows(KNOWN, {"direct": f"direct:{low.hex}:{high.hex}", "company": viewer.company, "person": other})
    works = [(handle, company, role) for _name, company_id, company, handle, role, _direct, known in rows if company_id and known]
    if not rows or not (works or rows[0][5]):
        return None
    return PersonPicture(other, rows[0][0], works)


def by_letter(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Sections of rows that are in order."""
    return [(sign, list(group)) for sign, group in groupby(rows, key=lambda one: letter(one.name))]


def matching(rows: list[Any], asked: str) -> list[Any]:
    """Those whose name holds what was asked."""
    sought = asked.casefold()
    return [one for one in rows if sought in one.name.casefold()]


def _rows(sql: str, given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
