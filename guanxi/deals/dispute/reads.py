"""A dispute as pages, programs and the operator read it. Amounts in minor units."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guanxi.base.errors import NotFound
from guanxi.deals.deal.timeline import of_deal
from guanxi.deals.dispute.table import Dispute, Evidence, Proposal
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.payment.reads import OrderMoney
from guanxi.deals.payment.reads import of_order as money_of
from guanxi.deals.shipment.reads import Goods
from guanxi.deals.shipment.reads import of_order as goods_of
from guanxi.talk.table import Entry


@dataclass(frozen=True, slots=True)
class Told:
    """One dispute with what was proposed and shown, oldest first."""

    dispute: Dispute
    order: Order
    lines: list[OrderLine]
    proposals: list[Proposal]
    evidence: list[Evidence]

    @property
    def standing(self) -> Proposal | None:
        """The proposal that waits for an answer."""
        return next((one for one in self.proposals if one.state == "open"), None)


@dataclass(frozen=True, slots=True)
class File:
    """Everything the operator needs to decide: the dispute, the whole deal's money, goods and log."""

    told: Told
    money: OrderMoney
    goods: Goods
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the operator's queue."""

    id: UUID
    conversation: UUID
    number: str
    title: str
    buyer_id: UUID
    supplier_id: UUID
    currency: str
    frozen: int
    opened_at: datetime
    due_at: datetime | None


def newest(conversation: UUID, order_id: UUID) -> Told:
    """The last dispute of an order. Raises NotFound. Four queries."""
    return tell(Dispute.objects.of(conversation).filter(order_id=order_id).select_related("order").order_by("-n").first())


def one(conversation: UUID, dispute_id: UUID) -> Told:
    """Raises NotFound. Four queries."""
    return tell(Dispute.objects.of(conversation).filter(pk=dispute_id).select_related("order").first())


def tell(found: Dispute | None) -> Told:
    """The dispute with its rows. Raises NotFound."""
    if found is None:
        raise NotFound
    here = found.conversation_id
    lines = list(OrderLine.objects.of(here).filter(order_id=found.order_id).order_by("n"))
    proposals = list(Proposal.objects.of(here).filter(dispute=found).order_by("n"))
    return Told(found, found.order, lines, proposals, list(Evidence.objects.of(here).filter(dispute=found).order_by("n")))


def file_of(conversation: UUID, dispute_id: UUID) -> File:
    """The whole file, for the operator's console; the caller has made sure he may read it. Raises NotFound. Eleven queries."""
    told = one(conversation, dispute_id)
    order = told.order
    return File(told, money_of(conversation, order.id), goods_of(conversation, order.id), of_deal(conversation, told.dispute.deal_id))


def shown(conversation: UUID, dispute_id: UUID) -> set[str]:
    """Ids of the uploads an operator may open: evidence, and the photos of its order's shipments and receipts. Raises NotFound. Seven queries."""
    told = one(conversation, dispute_id)
    goods = goods_of(conversation, told.order.id)
    photos = [photo for load in goods.shipments for photo in load.photos] + [photo for receipt in goods.receipts for photo in receipt.photos]
    return {str(photo) for photo in photos} | {str(file["upload"]) for row in told.evidence for file in row.files}


def waiting(*, limit: int = 100) -> list[Waiting]:
    """What lies with the operator, the most urgent first, over all conversations: one query by its own index."""
    rows = Dispute.objects.filter(state="escalated").select_related("order").order_by("due_at")[:limit]
    return [
        Waiting(row.id, row.conversation_id, row.order.number, row.order.title, row.order.buyer_id, row.order.supplier_id, row.currency, row.frozen,
                row.opened_at, row.due_at)
        for row in rows
    ]  # fmt: skip
