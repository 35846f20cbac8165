"""Warn, mute, suspend, lift; appeal and answer. An operator's acts take effect within five seconds everywhere (quality.md A50, A56)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits, text
from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import announce, tokens
from guanxi.people.devices import acts as devices
from guanxi.people.operators import acts as operators
from guanxi.people.standing.table import KINDS, Appeal, Measure
from guanxi.people.table import Company, Device, Membership, Person, Token

DAYS = (1, 3, 7, 30)
APPEALS_A_DAY = 10


@dataclass(frozen=True, slots=True)
class Subject:
    """Who an act is about: one of the two."""

    person: UUID | None = None
    company: UUID | None = None


def measure(operator: UUID, subject: Subject, *, kind: object, reason: object, days: int | None, now: datetime) -> Measure:
    """Warn, mute for some days, or suspend until it is lifted. Raises Invalid, NotFound, Refused for an operator or what stands already."""
    if kind not in KINDS:
        raise Invalid({"kind": _("Choose one of the list.")})
    if kind == "mute" and days not in DAYS:
        raise Invalid({"days": _("Choose one of the list.")})
    until = now + timedelta(days=days or 0) if kind == "mute" else None
    with transaction.atomic():
        _check(subject, str(kind))
        body = {"days": days} if kind == "mute" else {}
        said = operators.note(operator, f"standing.{kind}", reason=reason, now=now, body=body, person=subject.person, company=subject.company)
        row = Measure.objects.create(
            kind=kind, person_id=subject.person, company_id=subject.company, reason=said, by_id=operator, at=now, until=until
        )
        _apply(subject, now)
    return row


def _check(subject: Subject, kind: str) -> None:
    """Locks whom it is about. Raises NotFound, Refused."""
    if subject.person:
        person = Person.objects.select_for_update(no_key=True).filter(pk=subject.person, closed_at=None).first()
        if person is None:
            raise NotFound
        if person.operator_since:
            raise Refused("operator", _("This is an operator. Take that away first, by command on the machine."))
        suspended = person.suspended_at
    else:
        company = Company.objects.select_for_update(no_key=True).filter(pk=found(subject.company)).first()
        if company is None:
            raise NotFound
        suspended = company.suspended_at
    if kind == "suspend" and suspended:
        raise Refused("suspended-already", _("This suspension stands already."))


def lift(operator: UUID, measure_id: UUID, *, reason: object, now: datetime) -> None:
    """End a mute or suspension. Raises NotFound, Refused for one that has ended."""
    with transaction.atomic():
        row = Measure.objects.select_for_update().filter(pk=measure_id).exclude(kind="warn").first()
        if row is None:
            raise NotFound
        if row.lifted_at or (row.until and row.until <= now):
            raise Refused("lifted-already", _("This measure has ended."))
        said = operators.note(operator, "standing.lift", reason=reason, now=now, person=row.person_id, company=row.company_id, about=str(row.id))
        _lift(row, said, now)


def _lift(row: Measure, reason: str, now: datetime) -> None:
    Measure.objects.filter(pk=row.pk).update(lifted_at=now, lift_reason=reason)
    _apply(Subject(row.person_id, row.company_id), now)


def _apply(subject: Subject, now: datetime) -> None:
    """What the measures in force come to, written where every door reads it; then sockets, sessions and tokens hear of it."""
    living = Measure.objects.filter(lifted_at=None, person_id=subject.person, company_id=subject.company)
    suspended = living.filter(kind="suspend").order_by("at").values_list("at", flat=True).first()
    muted = living.filter(kind="mute", until__gt=now).order_by("-until").values_list("until", flat=True).first()
    if subject.person:
        Person.objects.filter(pk=subject.person).update(suspended_at=suspended, muted_until=muted)
        announce.devices_changed([*_devices(subject.person), *_tokens(subject.person)])
    else:
        company = found(subject.company)
        Company.objects.filter(pk=company).update(suspended_at=suspended, muted_until=muted, people_version=F("people_version") + 1)
        announce.people_changed([company])


def found(id_: UUID | None) -> UUID:
    """The id that must be there. Raises NotFound."""
    if id_ is None:
        raise NotFound
    return id_


def _devices(person: UUID) -> list[UUID]:
    return list(Device.objects.filter(person=person, ended_at=None).values_list("id", flat=True))


def _tokens(person: UUID) -> list[UUID]:
    return list(Token.objects.filter(person=person, ended_at=None).values_list("id", flat=True))


def appeal(person: UUID, measure_id: UUID, *, words: object, now: datetime) -> Appeal:
    """Another look, please. The person himself, or an owner or admin of the company. Raises NotFound, Invalid, Refused, Limited."""
    said = text.clean(words, field="words", most=2000, least=1, multiline=True)
    limits.hit(f"appeal:{person}", limit=APPEALS_A_DAY, seconds=86_400, now=now)
    with transaction.atomic():
        row = Measure.objects.select_for_update().filter(pk=measure_id).first()
        if row is None or not _concerns(row, person):
            raise NotFound
        if row.lifted_at:
            raise Refused("lifted-already", _("This measure has ended."))
        try:
            with transaction.atomic():
                return Appeal.objects.create(measure=row, words=said, by_id=person, at=now)
        except IntegrityError:
            raise Refused("appeal-open", _("Your appeal waits for an answer already.")) from None


def _concerns(row: Measure, person: UUID) -> bool:
    heads = Membership.objects.filter(company=row.company_id, person=person, role__in=("owner", "admin"), ended_at=None)
    return row.person_id == person or (row.company_id is not None and heads.exists())


def answer(operator: UUID, appeal_id: UUID, *, granted: bool, reason: object, now: datetime) -> None:
    """Grant it, which lifts the measure, or refuse it. Raises NotFound, Invalid for `reason`, Refused for one answered before."""
    with transaction.atomic():
        row = Appeal.objects.select_for_update(of=("self",)).select_related("measure").filter(pk=appeal_id).first()
        if row is None:
            raise NotFound
        if row.state != "open":
            raise Refused("answered-already", _("This appeal was answered."))
        act, of = "appeal.grant" if granted else "appeal.refuse", row.measure
        said = operators.note(operator, act, reason=reason, now=now, person=of.person_id, company=of.company_id, about=str(row.id))
        advance(row, to="granted" if granted else "refused", answer=said, answered_by=operator, answered_at=now)
        if granted and not row.measure.lifted_at:
            _lift(row.measure, said, now)


def sign_out(operator: UUID, person: UUID, *, reason: object, now: datetime) -> None:
    """End every session and token of somebody: a lost phone, a stolen account."""
    with transaction.atomic():
        operators.note(operator, "person.sign_out", reason=reason, now=now, person=person)
        devices.end_all(person, now=now)
        tokens.end_all(person, now=now)
