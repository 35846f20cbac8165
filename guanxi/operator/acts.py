"""An operator's acts on work, money on its way and disputes. Each notes itself in the transaction that does it (quality.md A56)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.base.table import Milestone, Outbox
from guanxi.deals.dispute import following
from guanxi.deals.dispute.rules import Plan
from guanxi.deals.dispute.table import Dispute
from guanxi.deals.payment import events
from guanxi.deals.payment.provider import refusal
from guanxi.deals.payment.table import Payout
from guanxi.deals.review.table import Review
from guanxi.operator import money
from guanxi.pay.table import ProviderEvent, Suspense
from guanxi.people.operators import acts as operators
from guanxi.talk import hints
from guanxi.talk.call import by_actor

EFFECTS = {"release": "payment.payout", "refund": "payment.refund"}


def retry_job(operator: UUID, job_id: int, *, reason: object, now: datetime) -> None:
    """Try work again that was given up; it does nothing new when it was done after all. Raises NotFound for what has not failed."""
    with transaction.atomic():
        job = ProcrastinateJob.objects.filter(pk=job_id, status="failed").first()
        if job is None:
            raise NotFound
        conversation = UUID(job.args["conversation"]) if "conversation" in job.args else None
        body = {"effect": str(job.args.get("name", "")), "tries": job.attempts}
        operators.note(operator, "job.retry", reason=reason, now=now, conversation=conversation, about=str(job_id), body=body)
        queue.job_manager.retry_job_by_id(job_id, retry_at=now)


def retry_payout(operator: UUID, payout_id: UUID, *, reason: object, now: datetime) -> None:
    """Ask the provider once more, under the same number. Raises NotFound for what was confirmed."""
    with transaction.atomic():
        row = Payout.objects.filter(pk=payout_id, state="asked").first()
        if row is None:
            raise NotFound
        Milestone.objects.filter(name=refusal(row.id)).delete()
        body = {"kind": row.kind, "amount": row.amount, "currency": row.currency}
        operators.note(
            operator, "payout.retry", reason=reason, now=now, company=row.company_id, conversation=row.conversation_id, about=str(row.id), body=body
        )
        Outbox.objects.create(
            id=new_id(), conversation_id=row.conversation_id, n=0, effect=EFFECTS[row.kind], body={"payout": str(row.id)}, due_at=now
        )
        transaction.on_commit(hints.work_waits)


def settle_suspense(operator: UUID, suspense_id: UUID, *, reason: object, now: datetime) -> None:
    """A person looked, and says what became of this money. The book is not touched: it was never in it. Raises NotFound."""
    with transaction.atomic():
        row = Suspense.objects.select_for_update().filter(pk=suspense_id, settled_at=None).first()
        if row is None:
            raise NotFound
        body = {"provider": row.provider, "why": row.reason, "amount": row.amount, "currency": row.currency}
        operators.note(operator, "suspense.settle", reason=reason, now=now, about=str(row.id), body=body)
        Suspense.objects.filter(pk=row.pk).update(settled_at=now)


def retry_event(operator: UUID, event_id: UUID, *, reason: object, now: datetime) -> str:
    """A provider's message that nothing handled is settled once more; what came of it. Raises NotFound, Refused, Busy."""
    with transaction.atomic():
        row = ProviderEvent.objects.select_for_update().filter(pk=event_id, handled_at=None).first()
        if row is None:
            raise NotFound
        event = money.parse_again(row)
        operators.note(operator, "event.retry", reason=reason, now=now, about=str(row.id), body={"provider": row.provider, "event": row.event_id})
    return events.settle(event, row.id, now=now)


def look_at_review(operator: UUID, review: UUID, *, reason: object, now: datetime) -> None:
    """A reported review was looked at; both companies read what the operator says of it. Raises NotFound."""
    with transaction.atomic():
        row = Review.objects.filter(pk=review, reported_at__isnull=False).first()
        if row is None:
            raise NotFound
        said = operators.read_reason(reason)
        for company in (row.by_company, row.of_company):
            operators.note(operator, "review.look", reason=said, now=now, company=company, conversation=row.conversation_id, about=str(row.id))


def close_event(operator: UUID, event_id: UUID, *, reason: object, now: datetime) -> None:
    """A provider's message that nothing handled: looked at, and put aside. Raises NotFound."""
    with transaction.atomic():
        row = ProviderEvent.objects.select_for_update().filter(pk=event_id, handled_at=None).first()
        if row is None:
            raise NotFound
        operators.note(operator, "event.settle", reason=reason, now=now, about=str(row.id), body={"provider": row.provider, "event": row.event_id})
        ProviderEvent.objects.filter(pk=row.pk).update(handled_at=now, outcome="closed")


def rule(operator: UUID, conversation: UUID, dispute_id: UUID, *, plan: Plan, reason: object, now: datetime) -> dict[str, Any]:
    """Decide a dispute that was brought to the operator; both companies read the reason. Raises what `dispute.following.rule` raises."""
    with transaction.atomic():
        row = Dispute.objects.of(conversation).filter(pk=dispute_id).select_related("order").first()
        if row is None:
            raise NotFound
        if row.state != "escalated":
            raise Refused("not-escalated", _("This dispute does not wait for a ruling."))
        said = operators.read_reason(reason)
        for company in (row.order.buyer_id, row.order.supplier_id):
            operators.note(
                operator, "dispute.rule", reason=said, now=now, company=company, conversation=conversation, about=row.order.number, body=plan.body()
            )
        return following.rule(by_actor("staff", conversation, now=now), dispute_id=dispute_id, plan=plan, reason=said)
