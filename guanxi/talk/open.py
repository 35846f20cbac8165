"""Find or make the one conversation two companies, or two people, have."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Limited, Refused
from guanxi.base.ids import new_id
from guanxi.talk.table import Conversation, Pair, Party

DAY = 86_400


def pair_conversation(one: UUID, other: UUID, *, now: datetime, responsible: UUID | None = None) -> UUID:
    """The conversation of two companies. `responsible` answers for `one` when it is new. Raises Refused for a company with itself."""
    if one == other:
        raise Refused("same-company", _("A company cannot trade with itself."))
    return _find_or_make("deal", one, other, now=now, responsible=responsible)


def pair_conversations(one: UUID, others: list[UUID], *, now: datetime, responsible: UUID | None = None) -> dict[UUID, UUID]:
    """The conversations of `one` with several companies, by company; those that exist are found in one statement."""
    keys = {_key("deal", one, other): other for other in others}
    known = dict(Pair.objects.filter(key__in=keys).values_list("key", "conversation_id"))
    return {
        other: known.get(key) or pair_conversation(one, other, now=now, responsible=responsible) for key, other in keys.items()
    }  # fmt: skip


def partners_among(company: UUID | None, others: Iterable[UUID]) -> set[UUID]:
    """Which of these companies this one talks with: one statement."""
    keys = {_key("deal", company, other): other for other in others if other != company} if company else {}
    return {keys[key] for key in Pair.objects.filter(key__in=keys).values_list("key", flat=True)} if keys else set()


def direct_conversation(one: UUID, other: UUID, *, now: datetime) -> UUID:
    """The conversation of two people. Raises Refused for a person with himself."""
    if one == other:
        raise Refused("same-person", _("You cannot write to yourself."))
    return _find_or_make("direct", one, other, now=now)


def _find_or_make(kind: str, one: UUID, other: UUID, *, now: datetime, responsible: UUID | None = None) -> UUID:
    key = _key(kind, one, other)
    found = Pair.objects.filter(key=key).values_list("conversation_id", flat=True).first()
    return found or _make(kind, key, one, other, now=now, responsible=responsible)


def _key(kind: str, one: UUID, other: UUID) -> str:
    low, high = sorted((one, other))
    return f"{kind}:{low.hex}:{high.hex}"


def count_new(company: UUID, now: datetime) -> None:
    """One more company this one had no conversation with. Raises Limited, in words that say what still works."""
    try:
        limits.hit(f"new:{company}", limit=settings.NEW_PARTNERS_A_DAY, seconds=DAY, now=now)
    except Limited as limited:
        words = _("Your company has written to {most} new companies today. Those you talk with already can be written to as always.")
        raise Limited(words, retry_after=limited.retry_after, most=settings.NEW_PARTNERS_A_DAY) from None


def _make(kind: str, key: str, one: UUID, other: UUID, *, now: datetime, responsible: UUID | None) -> UUID:
    """Claim the pair, then make its conversation; the slower of two takes the faster one's. Raises Limited for a company that writes to
    too many strangers in a day (quality.md A44): loud-speakers find no ears here."""
    if kind == "deal" and not settings.DEMO:
        count_new(one, now)
    with transaction.atomic():
        pair, made = Pair.objects.get_or_create(key=key, defaults={"conversation_id": new_id()})
        if made:
            Conversation.objects.create(id=pair.conversation_id, kind=kind, head_at=now, created_at=now)
            name = "company_id" if kind == "deal" else "person_id"
            Party.objects.bulk_create(
                Party(conversation_id=pair.conversation_id, **{name: who}, responsible_id=responsible if who == one and kind == "deal" else None,
                      active_at=now, joined_at=now)
                for who in (one, other)
            )  # fmt: skip
        return pair.conversation_id
