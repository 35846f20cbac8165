"""What an operator does, from the console's forms: each hands over a reason, and the act notes it."""

from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.base import clock
from guanxi.base.errors import Invalid
from guanxi.deals.dispute.rules import Plan
from guanxi.operator import acts
from guanxi.people.factor.reset import reset
from guanxi.people.operators.acts import read_reason
from guanxi.people.standing import acts as standing
from guanxi.people.standing.acts import Subject
from guanxi.people.verification import acts as verifications
from guanxi.people.viewer import SignedIn
from guanxi.web.console.door import operators_only


def why(request: SignedIn) -> str:
    """The reason that was typed. Raises Invalid."""
    return read_reason(request.POST.get("reason", ""))


@require_POST
@operators_only
def decide(request: SignedIn, verification: UUID) -> HttpResponse:
    """Pass or refuse papers."""
    passed = request.POST.get("act") == "pass"
    reason = request.POST.get("reason", "") or (_("The licence agrees with what was typed.") if passed else "")
    name = request.POST.get("name") if passed else None
    verifications.decide(request.viewer.person, verification, passed=passed, reason=reason, name=name, now=clock.now())
    return redirect("/console/verifications")


@require_POST
@operators_only
def measure_person(request: SignedIn, person: UUID) -> HttpResponse:
    """Warn, mute, suspend a person."""
    return _measure(request, Subject(person=person), f"/console/people/{person}")


@require_POST
@operators_only
def measure_company(request: SignedIn, company: UUID) -> HttpResponse:
    """Warn, mute, suspend a company."""
    return _measure(request, Subject(company=company), f"/console/companies/{company}")


def _measure(request: SignedIn, subject: Subject, back: str) -> HttpResponse:
    days = request.POST.get("days", "")
    many = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else None
    standing.measure(request.viewer.person, subject, kind=request.POST.get("kind"), reason=why(request), days=many, now=clock.now())
    return redirect(back)


@require_POST
@operators_only
def lift(request: SignedIn, measure: UUID) -> HttpResponse:
    """End a measure."""
    standing.lift(request.viewer.person, measure, reason=why(request), now=clock.now())
    return redirect("/console/subjects")


@require_POST
@operators_only
def answer(request: SignedIn, appeal: UUID) -> HttpResponse:
    """Answer an appeal."""
    granted = request.POST.get("act") == "grant"
    standing.answer(request.viewer.person, appeal, granted=granted, reason=why(request), now=clock.now())
    return redirect("/console/appeals")


@require_POST
@operators_only
def sign_out(request: SignedIn, person: UUID) -> HttpResponse:
    """Everywhere."""
    standing.sign_out(request.viewer.person, person, reason=why(request), now=clock.now())
    return redirect(f"/console/people/{person}")


@require_POST
@operators_only
def reset_factors(request: SignedIn, person: UUID) -> HttpResponse:
    """For one who lost phone and paper."""
    reset(request.viewer.person, person, reason=why(request), now=clock.now())
    return redirect(f"/console/people/{person}")


@require_POST
@operators_only
def revoke(request: SignedIn, company: UUID) -> HttpResponse:
    """Take the badge back."""
    verifications.revoke(request.viewer.person, company, reason=why(request), now=clock.now())
    return redirect(f"/console/companies/{company}")


@require_POST
@operators_only
def retry_job(request: SignedIn, job: int) -> HttpResponse:
    """Work that was given up."""
    acts.retry_job(request.viewer.person, job, reason=why(request), now=clock.now())
    return redirect("/console/work")


@require_POST
@operators_only
def retry_payout(request: SignedIn, payout: UUID) -> HttpResponse:
    """Money on its way."""
    acts.retry_payout(request.viewer.person, payout, reason=why(request), now=clock.now())
    return redirect("/console/work")


@require_POST
@operators_only
def settle(request: SignedIn, suspense: UUID) -> HttpResponse:
    """Unknown money."""
    acts.settle_suspense(request.viewer.person, suspense, reason=why(request), now=clock.now())
    return redirect("/console/reconciliation")


@require_POST
@operators_only
def retry_event(request: SignedIn, event: UUID) -> HttpResponse:
    """A message nobody handled, settled once more."""
    acts.retry_event(request.viewer.person, event, reason=why(request), now=clock.now())
    return redirect("/console/reconciliation")


@require_POST
@operators_only
def look_at_review(request: SignedIn, review: UUID) -> HttpResponse:
    """What the operator says of a reported review."""
    acts.look_at_review(request.viewer.person, review, reason=why(request), now=clock.now())
    return redirect("/console/reviews")


@require_POST
@operators_only
def close_event(request: SignedIn, event: UUID) -> HttpResponse:
    """A message nobody handled."""
    acts.close_event(request.viewer.person, event, reason=why(request), now=clock.now())
    return redirect("/console/reconciliation")


@require_POST
@operators_only
def rule(request: SignedIn, conversation: UUID, dispute: UUID) -> HttpResponse:
    """Decide: so much goes back to the buyer, the rest to the supplier."""
    plan = Plan(str(request.POST.get("kind", "")), minor(request.POST.get("refund", "")))
    acts.rule(request.viewer.person, conversation, dispute, plan=plan, reason=why(request), now=clock.now())
    return redirect("/console/disputes")


def minor(typed: str) -> int:
    """An amount as people write it, in minor units. Raises Invalid for `refund`."""
    plain = typed.strip().replace(",", "")
    whole, _dot, part = plain.partition(".")
    if not (plain.isascii() and whole.isdigit() and len(whole) <= 12 and len(part) <= 2 and (part.isdigit() or not part)):
        raise Invalid({"refund": _("Write an amount, such as 1280.50.")})
    return int(Decimal(plain) * 100)
