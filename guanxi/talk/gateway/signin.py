"""Who is at the other end of a socket: a signed-in browser by its session and device, a program by its token."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

import psycopg
from django.conf import settings

from guanxi.base import clock
from guanxi.people.secrets import digest

SCOPES = {"talk", "*"}
# The company chosen on the device, or else the one joined first: as people.middleware reads it for pages.
ACTING = """(SELECT m.company_id::text FROM people_membership m WHERE m.person_id = p.id AND m.ended_at IS NULL
    ORDER BY (m.company_id = d.company_id) DESC NULLS LAST, m.joined_at, m.id LIMIT 1)"""
# His companies with the roles that count now; a suspended company leaves every role one to read.
WORKS = """ARRAY(SELECT m.company_id || ' ' || CASE WHEN c.suspended_at IS NULL THEN m.role ELSE 'suspended' END
    FROM people_membership m JOIN people_company c ON c.id = m.company_id WHERE m.person_id = p.id AND m.ended_at IS NULL)"""
SESSION = f"""
SELECT d.id::text, p.id::text, p.name, {WORKS}, {ACTING}
FROM django_session s JOIN people_device d ON d.session_key = s.session_key AND d.ended_at IS NULL
JOIN people_person p ON p.id = d.person_id AND p.is_active AND p.closed_at IS NULL AND p.suspended_at IS NULL
WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608 constants of ours
BEARER = f"""
SELECT t.id::text, p.id::text, p.name, t.company_id::text, t.scopes, {WORKS}
FROM people_token t JOIN people_person p ON p.id = t.person_id AND p.is_active AND p.closed_at IS NULL AND p.suspended_at IS NULL
WHERE t.digest = %s AND t.ended_at IS NULL AND t.expires_at > %s
"""  # noqa: S608 constants of ours
# Of these, the ones that still count, and for which company.
DEVICES_LEFT = f"""
SELECT d.id::text, {ACTING} FROM people_device d JOIN people_person p ON p.id = d.person_id AND p.is_active AND p.closed_at IS NULL AND p.suspended_at IS NULL
JOIN django_session s ON s.session_key = d.session_key AND s.expire_date > %(now)s WHERE d.id = ANY(%(ids)s::uuid[]) AND d.ended_at IS NULL
"""  # noqa: S608 constants of ours
TOKENS_LEFT = """
SELECT t.id::text, t.company_id::text FROM people_token t
JOIN people_person p ON p.id = t.person_id AND p.is_active AND p.closed_at IS NULL AND p.suspended_at IS NULL
WHERE t.id = ANY(%(ids)s::uuid[]) AND t.ended_at IS NULL AND t.expires_at > %(now)s AND (t.company_id IS NULL OR EXISTS (
    SELECT 1 FROM people_membership m WHERE m.company_id = t.company_id AND m.person_id = t.person_id AND m.ended_at IS NULL))
"""


@dataclass(slots=True)
class Who:
    """`company` bounds a token to one company; `roles` are his, by the companies he works for; `acting` is the company chosen on the device."""

    person: str
    name: str
    roles: dict[str, str]
    company: str | None = None
    device: str = ""
    token: str = ""
    acting: str | None = None

    def may_speak_for(self, company: str | None) -> bool:
        """Whether this sign-in may act for `company` (None: for the person himself) at all; the batch checks the role."""
        return self.company is None or self.company == company

    def in_old_tab(self, company: str | None) -> bool:
        """Whether a browser speaks for another company than the one chosen since its page was drawn (quality.md A10)."""
        return bool(self.device) and company is not None and company != self.acting


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an upgrade request brought: one of the two."""

    session: str = ""
    token: str = ""


def credentials(headers: Any) -> Credentials:
    """The Bearer token, else the session cookie. Tokens in the query string are not looked at (quality.md A55)."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(token=token.strip() or "-")
    try:
        cookie = SimpleCookie(headers.get("Cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        cookie = None
    return Credentials(session=cookie.value if cookie else "")


def find(connection: psycopg.Connection, given: Credentials) -> Who | None:
    """The person, or None for a sign-in that does not count (any more)."""
    if "\x00" in given.token + given.session:
        return None
    return by_token(connection, given.token) if given.token else by_session(connection, given.session)


def by_token(connection: psycopg.Connection, token: str) -> Who | None:
    row = connection.execute(BEARER, (digest(token), clock.now())).fetchone()
    works = works_from(row[5]) if row else {}
    if row is None or not SCOPES & set(row[4]) or (row[3] and row[3] not in works):
        return None
    return Who(person=row[1], name=row[2], roles=works, company=row[3], token=row[0])


def by_session(connection: psycopg.Connection, key: str) -> Who | None:
    row = connection.execute(SESSION, (key, clock.now())).fetchone() if key else None
    return Who(person=row[1], name=row[2], roles=works_from(row[3]), device=row[0], acting=row[4]) if row else None


def works_from(pairs: list[str]) -> dict[str, str]:
    """`company role` as the statements write it."""
    return {company: role for company, _space, role in (pair.partition(" ") for pair in pairs)}


def left(connection: psycopg.Connection, devices: list[str], tokens: list[str]) -> dict[str, str | None]:
    """Of these devices and tokens, those that are still signed in, with the company each acts for."""
    now = clock.now()
    rows = connection.execute(DEVICES_LEFT, {"ids": devices, "now": now}).fetchall() if devices else []
    rows += connection.execute(TOKENS_LEFT, {"ids": tokens, "now": now}).fetchall() if tokens else []
    return dict(rows)
