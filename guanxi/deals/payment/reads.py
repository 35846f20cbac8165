"""The money of orders, companies and conversations, as pages and programs show it. Amounts in minor units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from guanxi.base.clock import HOME
from guanxi.base.errors import NotFound
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment.table import Payment
from guanxi.pay.table import Transfer

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One try to pay a stage. `next_step` {kind, ...}: where the payer goes."""

    id: UUID
    order_id: UUID
    stage: int
    provider: str
    reference: str
    amount: int
    currency: str
    state: str
    paid: int
    released: int
    returned: int
    next_step: dict[str, Any]
    payer_name: str
    started_at: datetime
    expires_at: datetime
    paid_at: datetime | None

    @property
    def held(self) -> int:
        return self.paid - self.released - self.returned


@dataclass(frozen=True, slots=True)
class StageView:
    """`payment`: the one that holds, or the newest try."""

    n: int
    name: str
    percent: str
    amount: int
    due_at: datetime
    state: str
    payment: PaymentView | None


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """paid = held + released + returned, at every moment."""

    order_id: UUID
    currency: str
    total: int
    paid: int
    held: int
    released: int
    returned: int
    stages: list[StageView]
    payments: list[PaymentView]


def of_order(conversation: UUID, order_id: UUID) -> OrderMoney:
    """Stages and payments of one order. Raises NotFound. Three queries."""
    order = Order.objects.of(conversation).filter(pk=order_id).values("currency", "total").first()
    if order is None:
        raise NotFound
    stages = list(Stage.objects.of(conversation).filter(order_id=order_id).order_by("n"))
    numbers = {stage.id: stage.n for stage in stages}
    payments = [view(row, numbers[row.stage_id]) for row in Payment.objects.of(conversation).filter(order_id=order_id).order_by("started_at", "id")]
    sums = {name: sum(getattr(one, name) for one in payments) for name in ("paid", "held", "released", "returned")}
    return OrderMoney(order_id, order["currency"], order["total"], **sums, stages=[stage_view(stage, payments) for stage in stages], payments=payments)


def stage_view(stage: Stage, payments: list[PaymentView]) -> StageView:
    """A stage with the payment that matters."""
    tries = [one for one in payments if one.stage == stage.n]
    shown = next((one for one in tries if one.paid and not (one.returned and stage.state == "due")), tries[-1] if tries else None)
    return StageView(stage.n, stage.name, f"{stage.percent.normalize():f}", stage.amount, stage.due_at, stage.state, shown)


def view(row: Payment, stage: int) -> PaymentView:
    """The row as it is shown."""
    return PaymentView(
        row.id, row.order_id, stage, row.provider, row.reference, row.amount, row.currency, row.state, row.paid, row.released, row.returned,
        row.next_step, row.payer_name, row.started_at, row.expires_at, row.paid_at,
    )  # fmt: skip


def of_payment(conversation: UUID, payment_id: UUID) -> PaymentView:
    """One payment. Raises NotFound. One query."""
    row = Payment.objects.of(conversation).filter(pk=payment_id).select_related("stage").first()
    if row is None:
        raise NotFound
    return view(row, row.stage.n)


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """A company's money in one currency: held in all, paid by us, meant for us; still to pay, of it within seven days; released to us this month."""

    currency: str
    held: int = 0
    held_by_us: int = 0
    held_for_us: int = 0
    to_pay: int = 0
    due_soon: int = 0
    released_month: int = 0


FIGURES = """
    SELECT currency, sum(by_us)::bigint, sum(for_us)::bigint, sum(to_pay)::bigint, sum(soon)::bigint, sum(month)::bigint FROM (
        SELECT p.currency, CASE WHEN o.buyer_id = %(company)s THEN p.paid - p.released - p.returned ELSE 0 END AS by_us,
               CASE WHEN o.supplier_id = %(company)s THEN p.paid - p.released - p.returned ELSE 0 END AS for_us, 0 AS to_pay, 0 AS soon, 0 AS month
        FROM deals_payment p JOIN deals_order o ON o.id = p.order_id AND o.conversation_id = p.conversation_id
        WHERE p.state = 'held' AND (o.buyer_id = %(company)s OR o.supplier_id = %(company)s) AND o.state = 'placed'
        UNION ALL
        SELECT o.currency, 0, 0, s.amount, CASE WHEN s.due_at <= %(soon)s THEN s.amount ELSE 0 END, 0
        FROM deals_stage s JOIN deals_order o ON o.id = s.order_id AND o.conversation_id = s.conversation_id
        WHERE s.state = 'due' AND o.buyer_id = %(company)s AND o.state = 'placed'
        UNION ALL
        SELECT currency, 0, 0, 0, 0, amount FROM deals_payout WHERE company_id = %(company)s AND kind = 'release' AND asked_at >= %(month)s
    ) parts GROUP BY currency ORDER BY currency
"""


def figures(company: UUID, now: datetime) -> list[MoneyFigures]:
    """Sums over rows, one line a currency, in one query. No company-wide balance is stored (design.md section 6)."""
    month = now.astimezone(HOME).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"company": company, "soon": now + SOON, "month": month})
        return [MoneyFigures(row[0], row[1] + row[2], *row[1:]) for row in cursor.fetchall()]


def book_entries(conversations: Iterable[UUID], *, after: UUID | None = None, limit: int = 50) -> list[Transfer]:
    """Transfers of these conversations, newest first; `after`: the id of the last one seen."""
    rows = Transfer.objects.filter(conversation_id__in=list(conversations))
    return list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:limit])


def book_of_company(company: UUID, *, after: UUID | None = None, limit: int = 50) -> list[Transfer]:
    """Transfers about the orders a company bought or supplied, newest first."""
    mine = Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company))
    rows = Transfer.objects.filter(conversation_id__in=mine.values("conversation_id"), about__in=mine.values("order_id"))
    return list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:limit])
