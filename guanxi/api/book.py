"""The money book of one's own deals, and the check that everything agrees."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from guanxi import check
from guanxi.api.door import company_of, need_scope, viewer_of
from guanxi.api.paging import limit_of
from guanxi.api.shape import Amount, Problem, amount, public, when
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.deals.deal.reads import conversations_of
from guanxi.deals.payment.reads import book_of_company
from guanxi.pay.table import Transfer
from guanxi.people.roles import require

router = Router(tags=["book"])


class TransferShown(Schema):
    """One movement between two accounts of a conversation."""

    id: str
    movement: str
    debit: str
    credit: str
    amount: Amount
    act: str
    order: str
    at: str


class TransfersShown(Schema):
    items: list[TransferShown]
    next: str | None


class CheckShown(Schema):
    """`count` differences between what the log says, what the rows say and what the book says."""

    count: int
    differences: list[str]


@router.get("/book/entries", response={200: TransfersShown, 409: Problem}, summary="Transfers of your company's deals")
def entries(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    """Newest first. For finance, admins and the owner."""
    need_scope(request, "read")
    company = company_of(request)
    require(viewer_of(request).role, "money")
    found = book_of_company(company, after=after_of(cursor), limit=limit_of(limit) + 1)
    more, found = len(found) > limit_of(limit), found[: limit_of(limit)]
    return {"items": [shown(one) for one in found], "next": str(found[-1].id) if more else None}


def after_of(cursor: str) -> UUID | None:
    """The transfer the last page ended with. Raises Invalid for a cursor that is none."""
    found = find_id(cursor)
    if cursor and found is None:
        raise Invalid({"cursor": _("This cursor is not one of ours.")})
    return found


def shown(one: Transfer) -> dict:
    return {
        "id": public(one.conversation_id, one.id), "movement": str(one.movement_id), "debit": one.debit, "credit": one.credit,
        "amount": amount(one.amount, one.currency), "act": one.act, "order": public(one.conversation_id, one.about), "at": when(one.at),
    }  # fmt: skip


@router.get("/check", response=CheckShown, summary="Differences in the deals of your companies")
def differences(request: HttpRequest) -> dict:
    """What `guanxi check` would report for the deals of the caller's company."""
    need_scope(request, "read")
    found = check.differences(conversations=conversations_of(company_of(request)))
    return {"count": len(found), "differences": [str(one) for one in found[:100]]}
