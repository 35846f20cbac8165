"""The pages of bank transfers: the whole account number for who pays and for the supplier's finance alone; wrong amounts and refunds have their buttons."""

from dataclasses import replace

import pytest

from guanxi.base import clock
from guanxi.deals.bank import accounts, acts, receiving
from guanxi.deals.bank.accounts import Draft
from guanxi.deals.bank.table import BankAccount, BankRefund
from guanxi.deals.order.table import Order
from guanxi.people.table import Device
from tests import make, trade
from tests.signed import signed

pytestmark = pytest.mark.django_db
NUMBER = "6222020200112233445"


@pytest.fixture
def pair(settings):
    settings.PROVIDERS = ["sandbox"]
    return make.pair()


@pytest.fixture
def home(pair) -> str:
    """An order whose first stage may be paid by bank; the address of its page."""
    order = Order.objects.get(pk=trade.ordered(pair))
    made = accounts.add(replace(fresh(pair.supplier), conversation=None), draft=Draft("Minggu", "ICBC", NUMBER, "", "CNY"))
    acts.offer(pair.supplier.call(), order_id=order.id, stage=1, account_id=BankAccount.objects.get(pk=made["account"]).id)
    return f"/c/{pair.conversation}/deals/{order.deal_id}/bank"


def fresh(who):
    """His call from a device where he has just shown his second factor."""
    device = make.device(who.person)
    Device.objects.filter(pk=device.pk).update(factor_at=clock.now())
    return replace(who.call(), device=device.id)


def words(who, address: str) -> str:
    return signed(who).get(address).content.decode()


@pytest.mark.parametrize(("role", "whole"), [("finance", True), ("admin", True), ("viewer", False), ("purchaser", False), ("sales", False)])
def test_the_whole_number_is_for_who_pays(pair, home, role, whole):
    shown = words(pair.colleague(pair.buyer, role), home)
    assert (NUMBER in shown) is whole
    assert NUMBER[-4:] in shown
    assert ("I have transferred" in shown) is whole


@pytest.mark.parametrize(("role", "whole"), [("finance", True), ("sales", False), ("viewer", False)])
def test_of_the_supplier_only_finance_sees_it(pair, home, role, whole):
    assert (NUMBER in words(pair.colleague(pair.supplier, role), home)) is whole


def test_the_accounts_page_is_for_finance(pair, home):
    page = f"/co/{pair.supplier.company.handle}/bank"
    assert NUMBER in words(pair.colleague(pair.supplier, "finance"), page)
    assert signed(pair.colleague(pair.supplier, "sales")).get(page).status_code == 409
    assert signed(pair.buyer).get(page).status_code == 404
    assert signed(pair.supplier).get("/me/bank").headers["Location"] == page


def test_a_wrong_account_is_said_at_its_field_and_nothing_is_kept(pair, home):
    page, before = f"/co/{pair.supplier.company.handle}/bank", BankAccount.objects.count()
    answer = signed(pair.supplier).post(page, {"as": str(pair.supplier.company.id), "holder": "M", "bank": "", "number": "<b>", "currency": "XXX"})
    assert (answer.status_code, BankAccount.objects.count()) == (422, before)


def test_the_workbench_names_refunds_of_running_orders(pair, home):
    order = Order.objects.get()
    made = receiving.found(fresh(pair.supplier), order_id=order.id, amount=7, paid_on=clock.today())
    receiving.settle(pair.supplier.call(), transfer_id=made["transfer"], how="back")
    assert BankRefund.objects.get().state == "owed"
    assert "To pay back" in words(pair.supplier, "/work")
    assert "To pay back" not in words(pair.buyer, "/work")


def test_the_statement_is_for_finance_and_viewers(pair, home):
    for role, status in (("finance", 200), ("viewer", 200), ("sales", 409), ("purchaser", 409)):
        for paper in ("", ".xlsx", ".pdf"):
            assert signed(pair.colleague(pair.buyer, role)).get(f"/c/{pair.conversation}/statement{paper}").status_code == status, (role, paper)
    assert signed(make.outsider(pair.conversation)).get(f"/c/{pair.conversation}/statement").status_code == 404
    assert signed(pair.buyer).get(f"/c/{pair.conversation}/statement?from=2026-13-01").status_code == 422
