"""A company's receiving accounts: who named each, who stood for it, and a form for another one."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base.errors import Words
from guanxi.base.money import CURRENCIES
from guanxi.deals.bank import accounts
from guanxi.deals.bank.forms import read_account
from guanxi.deals.bank.matter import mask
from guanxi.people.factor.reads import second_factor_fresh
from guanxi.people.middleware import signed_in
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.run import once
from guanxi.web.acts import company_call
from guanxi.web.company.own import mine
from guanxi.web.page import page

STATES: dict[str, tuple[Words, str]] = {
    "proposed": (gettext_lazy("second person needed"), "warn"), "active": (gettext_lazy("in use"), "ok"), "closed": (gettext_lazy("closed"), ""),
}  # fmt: skip


@require_safe
@signed_in
def go(request: SignedIn) -> HttpResponse:
    """To the accounts of the company one acts for."""
    handle = Company.objects.filter(pk=request.viewer.company).values_list("handle", flat=True).first() if request.viewer.company else None
    return redirect(f"/co/{handle}/bank" if handle else "/start")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedIn, handle: str) -> HttpResponse:
    """The list and the form; posted, another account."""
    company = mine(request, handle, power="money")
    if request.method == "POST":
        once(accounts.add, company_call(request), draft=read_account(request.POST.dict()))
        return redirect(f"/co/{handle}/bank")
    rows = accounts.of(company.id)
    context = {
        "company": company, "rows": rows, "states": STATES, "mask": mask, "fresh": second_factor_fresh(request),
        "currencies": [(code, code) for code in CURRENCIES],
        "replaces": [("", "–"), *((str(row.id), f"{row.bank} {mask(row.number)}") for row in rows if row.state == "active")],
    }  # fmt: skip
    return page(request, "web/bank/accounts.html", context)


@require_POST
@signed_in
def confirm(request: SignedIn, handle: str, account: UUID) -> HttpResponse:
    """The second person stands for it."""
    mine(request, handle, power="money")
    once(accounts.confirm, company_call(request), account_id=account)
    return redirect(f"/co/{handle}/bank")


@require_POST
@signed_in
def close(request: SignedIn, handle: str, account: UUID) -> HttpResponse:
    """No more money there."""
    mine(request, handle, power="money")
    once(accounts.close, company_call(request), account_id=account)
    return redirect(f"/co/{handle}/bank")
