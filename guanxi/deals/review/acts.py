"""Each side says once what it thinks of the other."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case, sided_case
from guanxi.deals.review.table import Review
from guanxi.talk.call import Call
from guanxi.talk.turn import turn

WITHIN = timedelta(days=30)


def review(call: Call, *, order_id: UUID, stars: int, text: str = "") -> dict[str, Any]:
    """One to five stars and words, within 30 days of completion. Raises NotFound, Refused, Invalid."""
    with turn(call) as t:
        case = sided_case(t, order_id)
        case.may("review")
        if case.order.ended_at is None or call.now > case.order.ended_at + WITHIN:
            raise Refused("review-late", _("Reviews are possible for 30 days after completion."))
        given = list(Review.objects.of(t.conversation).filter(order=case.order).values_list("side", flat=True))
        if case.by in given:
            raise Refused("reviewed", _("Your company has reviewed this order already."))
        if stars not in range(1, 6):
            raise Invalid({"stars": _("Choose one to five stars.")})
        row = write(case, stars, text)
        t.add("review.given", {"v": 1, **case.ids(), "number": case.order.number, "title": case.order.title, "side": case.by, "stars": stars, "text": text},
              about=case.deal.id)  # fmt: skip
        panel.refresh(t, case.deal, turn_name="" if given else "review", turn_company=None if given else t.other)
        t.result |= {"review": str(row.id), **case.ids()}
    return t.result


def write(case: Case, stars: int, text: str) -> Review:
    """The row; the other side of the order is who it is about."""
    turn, order = case.turn, case.order
    sides = {"buyer": order.buyer_id, "supplier": order.supplier_id}
    mine = sides.pop(case.by)
    return Review.objects.create(
        id=new_id(), conversation_id=turn.conversation, order=order, side=case.by, by_company=mine, of_company=sides.popitem()[1],
        by_person=turn.call.by, stars=stars, text=text, at=turn.now,
    )  # fmt: skip


def answer(call: Call, *, order_id: UUID, text: str) -> dict[str, Any]:
    """The reviewed side says its word about a review, once; it stands below it for everybody. Raises NotFound, Refused, Invalid."""
    with turn(call) as t:
        case = sided_case(t, order_id)
        row = about_us(case)
        if row.answered_at is not None:
            raise Refused("answered", _("Your company has answered this review already."))
        advance(row, field="answered_at", to=t.now, answer=words(text))
        t.add("review.answered", {"v": 1, **case.ids(), "number": case.order.number, "title": case.order.title, "side": case.by, "stars": row.stars,
                                  "text": text}, about=case.deal.id)  # fmt: skip
        panel.touch(t, case.deal)
        t.result |= {"review": str(row.id), **case.ids()}
    return t.result


def report(call: Call, *, order_id: UUID, text: str) -> dict[str, Any]:
    """The reviewed side tells the operator what is wrong with a review, once; the other side does not see it."""
    with turn(call) as t:
        case = sided_case(t, order_id)
        row = about_us(case)
        if row.reported_at is not None:
            raise Refused("reported", _("Your company has reported this review already."))
        advance(row, field="reported_at", to=t.now, report=words(text))
        t.result |= {"review": str(row.id), **case.ids()}
    return t.result


def about_us(case: Case) -> Review:
    """What the other side said of the caller's company. Raises NotFound."""
    found = Review.objects.of(case.turn.conversation).filter(order=case.order).exclude(side=case.by).first()
    if found is None:
        raise NotFound
    return found


def words(text: str) -> str:
    """Raises Invalid for nothing."""
    if not text.strip():
        raise Invalid({"text": _("Write something here.")})
    return text
