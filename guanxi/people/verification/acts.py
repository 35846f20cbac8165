"""A company asks to be verified; an operator passes or refuses it. The badge follows `verified_at`, the code is unique among verified companies."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from guanxi.base import limits, text
from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people.companies.acts import Call, locked, raise_when_held
from guanxi.people.companies.reads import name_key
from guanxi.people.operators import acts as operators
from guanxi.people.table import Company
from guanxi.people.verification.table import Verification

A_DAY = 10


def read_code(given: object) -> str:
    """A unified social credit code with the right check sign (GB 32100-2015). Raises Invalid for `credit_code`."""
    code = "".join(text.clean(given, field="credit_code", most=40, least=1).split()).upper()
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise Invalid({"credit_code": _("This is no valid credit code: 18 signs, the last one checks the others.")}) from None


def ask(call: Call, *, name: object, credit_code: object, legal_person: object, scan: UUID) -> Verification:
    """What stands on the licence, with its scan. Raises Invalid, Refused for a verified company or while one waits, Limited."""
    said = {
        "name": text.clean(name, field="name", most=100, least=2), "credit_code": read_code(credit_code),
        "legal_person": text.clean(legal_person, field="legal_person", most=60, least=2),
    }  # fmt: skip
    limits.hit(f"verify:{call.company}", limit=A_DAY, seconds=86_400, now=call.now)
    with transaction.atomic():
        company = locked(call, power="manage")
        if company.verified_at:
            raise Refused("verified-already", _("Your company is verified."))
        raise_when_held(said["credit_code"], company.id)
        try:
            with transaction.atomic():
                return Verification.objects.create(company=company, scan_id=scan, by_id=call.person or company.id, at=call.now, **said)
        except IntegrityError:
            raise Refused("asked-already", _("Your papers wait for the operator already.")) from None


def withdraw(call: Call) -> None:
    """Take the papers back, to send others. Raises NotFound when none wait."""
    with transaction.atomic():
        company = locked(call, power="manage")
        if not Verification.objects.filter(company=company, state="asked").update(state="withdrawn", decided_at=call.now):
            raise NotFound


def decide(operator: UUID, verification: UUID, *, passed: bool, reason: object, name: object = None, now: datetime) -> None:
    """Pass (the company carries the licence's name and code from now on; `name` corrects a slip of typing) or refuse.

    Raises NotFound, Invalid for `reason` or `name`, Refused for what was decided or a code that another verified company holds.
    """
    with transaction.atomic():
        row = _waiting(verification)
        said = text.clean(name, field="name", most=100, least=2) if name else row.name
        body = {"name": said, "credit_code": row.credit_code} if passed else {}
        act = "verification.pass" if passed else "verification.refuse"
        words = operators.note(operator, act, reason=reason, now=now, company=row.company_id, about=str(row.id), body=body)
        advance(row, to="passed" if passed else "refused", reason=words, decided_by=operator, decided_at=now)
        if passed:
            _verify(row, said, now)


def _waiting(verification: UUID) -> Verification:
    row = Verification.objects.select_for_update().filter(pk=verification).first()
    if row is None:
        raise NotFound
    if row.state != "asked":
        raise Refused("decided-already", _("This was decided already."))
    return row


def _verify(row: Verification, name: str, now: datetime) -> None:
    changed = {"name": name, "name_key": name_key(name), "credit_code": row.credit_code, "verified_at": now}
    try:
        with transaction.atomic():
            Company.objects.filter(pk=row.company_id).update(**changed)
    except IntegrityError:
        raise Refused("code-held", _("Another verified company holds this code. Refuse, or take that verification back first.")) from None


def revoke(operator: UUID, company: UUID, *, reason: object, now: datetime) -> None:
    """Take the badge back. Raises NotFound for a company that has none."""
    with transaction.atomic():
        if not Company.objects.filter(pk=company, verified_at__isnull=False).update(verified_at=None):
            raise NotFound
        operators.note(operator, "verification.revoke", reason=reason, now=now, company=company)
