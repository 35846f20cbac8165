"""Bearer tokens of the API: per person and company, scoped, expiring, shown once (quality.md A55)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import Invalid, NotFound, Refused, Words
from guanxi.people import announce
from guanxi.people.secrets import digest, draw
from guanxi.people.table import Membership, Person, Token
from guanxi.people.viewer import Viewer

PREFIX = "gx_"
SCOPES: dict[str, Words] = {
    "read": _("Read companies, conversations and deals"),
    "talk": _("Write messages"),
    "trade": _("Ask, quote, order, pay, ship and review"),
}
DAYS = (7, 30, 90, 365)
MOST = 50  # living tokens of one person
REPLAY = "replay@guanxi.demo"
SEEN_EVERY = timedelta(minutes=5)

FIND = """
    SELECT t.id, t.scopes, t.seen_at, p.id, p.name, p.language, p.demo AND p.email = %s, t.company_id, c.name,
        CASE WHEN c.suspended_at IS NULL THEN m.role ELSE 'suspended' END
    FROM people_token t JOIN people_person p ON p.id = t.person_id AND p.is_active AND p.closed_at IS NULL AND p.suspended_at IS NULL
    LEFT JOIN people_company c ON c.id = t.company_id
    LEFT JOIN people_membership m ON m.company_id = t.company_id AND m.person_id = p.id AND m.ended_at IS NULL
    WHERE t.digest = %s AND t.ended_at IS NULL AND t.expires_at > %s AND (t.company_id IS NULL OR m.id IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A living token. `replay`: it belongs to the demo person with a rate class of his own (docs/api/limits.md)."""

    id: UUID
    viewer: Viewer
    scopes: tuple[str, ...]
    replay: bool


def issue(person: UUID, company: UUID | None, *, label: str, scopes: Iterable[str], days: int, now: datetime, parent: UUID | None = None) -> str:
    """The token as plain text: the only time it can be read.

    One made with a token (`parent`) does not outlive it. Raises NotFound for a company he does not work for.
    """
    asked = list(dict.fromkeys(scopes))
    check(asked, days)
    if company and not Membership.objects.filter(company=company, person=person, ended_at=None).exists():
        raise NotFound
    if Token.objects.filter(person=person, ended_at=None, expires_at__gt=now).count() >= MOST and not is_replay(person):
        raise Refused("too-many-tokens", _("You have {most} tokens. End one you no longer use."), most=MOST)
    plain, ends = draw(PREFIX), Token.objects.filter(pk=parent).values_list("expires_at", flat=True) if parent else ()
    Token.objects.create(
        person_id=person, company_id=company, digest=digest(plain), label=text.clean(label, field="label", most=60),
        scopes=asked, made_at=now, expires_at=min([now + timedelta(days=days), *ends]),
    )  # fmt: skip
    return plain


def expiry(plain: str) -> datetime:
    """When a token just made ends."""
    return Token.objects.values_list("expires_at", flat=True).get(digest=digest(plain))


def is_replay(person: UUID) -> bool:
    """The demo person who owns as many companies as an invoice file has customers."""
    return settings.REPLAY_CLASS and Person.objects.filter(pk=person, demo=True, email=REPLAY).exists()


def check(scopes: list[str], days: int) -> None:
    """Raises Invalid for an unknown scope or a term out of range."""
    if not scopes or not set(scopes) <= {*SCOPES, "*"}:
        raise Invalid({"scopes": _("Choose what the token may do.")})
    if not 1 <= days <= max(DAYS):
        raise Invalid({"days": _("A token lives between 1 and 365 days.")})


def find(plain: str, *, now: datetime) -> Found | None:
    """Whose token this is, while it lives and its person works for its company; one statement."""
    if not plain.startswith(PREFIX) or len(plain) > 100:
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND, [REPLAY, digest(plain), now])
        row = cursor.fetchone()
        if row is None:
            return None
        token, scopes, seen_at, person, name, language, replay, company, company_name, role = row
        if seen_at is None or seen_at < now - SEEN_EVERY:
            cursor.execute("UPDATE people_token SET seen_at = %s WHERE id = %s", [now, token])
    viewer = Viewer(person, name, company, company_name or "", role, language)
    return Found(token, viewer, tuple(json.loads(scopes) if isinstance(scopes, str) else scopes), bool(replay))


def of(person: UUID, *, now: datetime) -> list[Token]:
    """His living tokens, newest first."""
    return list(Token.objects.filter(person=person, ended_at=None, expires_at__gt=now).select_related("company").order_by("-made_at"))


def end(person: UUID, token: UUID, *, now: datetime) -> None:
    """The token is refused from now on. Raises NotFound for one that is not his."""
    if not _end(Token.objects.filter(pk=token, person=person), now):
        raise NotFound


def end_all(person: UUID, *, now: datetime, company: UUID | None = None) -> int:
    """All of a person's, or those for one company; how many."""
    his = Token.objects.filter(person=person)
    return _end(his.filter(company=company) if company else his, now)


def _end(chosen: QuerySet[Token], now: datetime) -> int:
    """And their sockets close."""
    with transaction.atomic():
        living = list(chosen.filter(ended_at=None).select_for_update(of=("self",)).values_list("id", flat=True))
        Token.objects.filter(pk__in=living).update(ended_at=now)
        announce.sessions_ended(living)
        announce.devices_changed(living)
    return len(living)
