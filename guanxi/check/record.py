"""The entries of every deal, folded, beside its rows (quality.md D1, D4, M20)."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from guanxi.base.errors import Refused
from guanxi.check.fold import Folded, fold
from guanxi.deals.bank.table import BankRefund, BankTransfer
from guanxi.deals.change.table import Change
from guanxi.deals.deal.table import Deal
from guanxi.deals.dispute.table import Dispute
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.quote.table import Quote
from guanxi.deals.review.table import Review
from guanxi.deals.rfq.table import Invite
from guanxi.talk.table import Entry

AT_ONCE = 200  # deals read together; the check's memory stays small


def differences(conversations: list[UUID] | None) -> list[str]:
    """In words, for the deals of these conversations or of all."""
    deals = Deal.objects.order_by("id")
    if conversations is not None:
        deals = deals.filter(conversation_id__in=conversations)
    return [found for some in chunks(list(deals)) for found in of(some)]


def chunks(deals: list[Deal]) -> Iterator[list[Deal]]:
    for n in range(0, len(deals), AT_ONCE):
        yield deals[n : n + AT_ONCE]


def of(deals: list[Deal]) -> Iterator[str]:
    """Each deal's entries against its rows; a constant number of queries for all of them."""
    entries, rows = entries_of(deals), rows_of(deals)
    for deal in deals:
        try:
            folded = fold(entries[deal.id])
        except (Refused, KeyError, TypeError, ValueError) as error:
            yield f"deal {deal.id}: its log does what its rules forbid: {error!r}"
            continue
        yield from compare(deal, folded, rows[deal.id])


def compare(deal: Deal, folded: Folded, says: Folded) -> Iterator[str]:
    """Every field that differs."""
    for name in ("invite", "quotes", "order", "life", "money", "goods", "released", "returned", "stages", "shipped", "received", "lost", "back",
                 "disputes", "changes", "bank", "transfers", "refunds", "reviews", "seq"):  # fmt: skip
        log, row = getattr(folded, name), getattr(says, name)
        if log != row:
            yield f"deal {deal.id}: {name}: the log says {log!r}, the rows say {row!r}"


def entries_of(deals: list[Deal]) -> dict[UUID, list[tuple[int, str, dict]]]:
    """Entries about each deal, by seq."""
    found: dict[UUID, list[tuple[int, str, dict]]] = defaultdict(list)
    rows = Entry.objects.filter(conversation_id__in={deal.conversation_id for deal in deals}, about__in=[deal.id for deal in deals])
    for about, seq, kind, body in rows.order_by("conversation_id", "seq").values_list("about", "seq", "kind", "body"):
        if about:
            found[about].append((seq, kind, body))
    return found


def rows_of(deals: list[Deal]) -> dict[UUID, Folded]:
    """What the tables say of each deal."""
    says = {deal.id: Folded(seq=deal.seq) for deal in deals}
    here = {"conversation_id__in": {deal.conversation_id for deal in deals}}
    for own, state in Invite.objects.filter(**here, id__in=says).values_list("id", "state"):
        says[own].invite = state
    for deal, own, state in Quote.objects.filter(**here, deal_id__in=says).order_by("version").values_list("deal_id", "id", "state"):
        says[deal].quotes[str(own)] = state
    orders = {order.id: order for order in Order.objects.filter(**here, deal_id__in=says)}
    for order in orders.values():
        put_order(says[order.deal_id], order)
    put_parts(says, orders, here)
    return says


def put_order(row: Folded, order: Order) -> None:
    row.order, row.life = str(order.id), order.state
    row.money, row.goods, row.released, row.returned, row.bank = order.money, order.goods_state, order.released, order.returned, order.received


def put_parts(says: dict[UUID, Folded], orders: dict[UUID, Order], here: dict) -> None:
    """Lines, stages and reviews; quantities that are zero stand in no entry."""
    about = here | {"order_id__in": orders}
    for order, n, *sums in OrderLine.objects.filter(**about).values_list("order_id", "n", "shipped", "received", "lost", "returned"):
        row = says[orders[order].deal_id]
        for kept, quantity in zip((row.shipped, row.received, row.lost, row.back), sums, strict=True):
            kept |= {n: quantity} if quantity else {}
    for order, own, state in Dispute.objects.filter(**about).order_by("n").values_list("order_id", "id", "state"):
        says[orders[order].deal_id].disputes[str(own)] = state
    for order, own, state in BankTransfer.objects.filter(**about).order_by("n").values_list("order_id", "id", "state"):
        says[orders[order].deal_id].transfers[str(own)] = state
    for order, own, state in BankRefund.objects.filter(**about).order_by("n").values_list("order_id", "id", "state"):
        says[orders[order].deal_id].refunds[str(own)] = state
    for order, own, state in Change.objects.filter(**about).order_by("n").values_list("order_id", "id", "state"):
        says[orders[order].deal_id].changes[str(own)] = state
    for order, n, state in Stage.objects.filter(**about).order_by("n").values_list("order_id", "n", "state"):
        says[orders[order].deal_id].stages[n] = state
    for order in Review.objects.filter(**about).values_list("order_id", flat=True):
        says[orders[order].deal_id].reviews += 1
