"""The workbench: what is due, by clock, and the sums that matter."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.money import show
from guanxi.deals.bank.refunds import waiting
from guanxi.deals.payment.reads import MoneyFigures, figures
from guanxi.notify import work
from guanxi.people.middleware import signed_in
from guanxi.people.roles import can
from guanxi.people.viewer import SignedIn
from guanxi.web.page import page


@require_safe
@signed_in
def bench(request: SignedIn) -> HttpResponse:
    """One column: sums, mine, theirs, doors."""
    viewer = request.viewer
    mine, theirs = work.duties(viewer.company) if viewer.company else ([], [])
    money = figures(viewer.company, clock.now()) if viewer.company and can(viewer.role, "read") else []
    context = {
        "debts": waiting(viewer.company) if viewer.company and can(viewer.role, "money") else [],
        "mine": mine, "theirs": theirs, "sums": [sums(one) for one in money], "may_act": can(viewer.role, "talk"),
    }  # fmt: skip
    return page(request, "web/work/page.html", context)


def sums(one: MoneyFigures) -> list[tuple[str, str]]:
    """The three figures at the head, per currency."""
    parts = ((_("In escrow"), one.held), (_("To pay within 7 days"), one.due_soon), (_("Released this month"), one.released_month))
    return [(words, show(amount, one.currency)) for words, amount in parts]
