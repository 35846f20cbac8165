"""Bank transfer and the statement of account by programs: two people confirm, every act is one commit and few statements."""

import hashlib
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from guanxi.api import door
from guanxi.base import clock
from guanxi.base.limits import Allowance
from guanxi.deals.bank import sheet, statement
from guanxi.talk.table import Upload
from tests.api import caller
from tests.api.test_cost import Meter

pytestmark = pytest.mark.django_db(transaction=True)
ACCOUNT = {"holder": "=cmd|'/c calc'!A1", "bank": "ICBC", "number": "6222 0202 0011 2233", "currency": "CNY"}


@pytest.fixture(autouse=True)
def _fresh_rates(settings, monkeypatch):
    settings.PROVIDERS = ("sandbox",)
    monkeypatch.setattr(door, "USUAL", Allowance(limit=1200, seconds=60, handful=1))


def slip(actor, words="slip") -> str:
    digest = hashlib.sha256(words.encode()).hexdigest()
    row = Upload.objects.create(person_id=actor.person.id, company_id=actor.company.id, name="slip.pdf", mime="application/pdf", size=9, sha256=digest,
                                path=digest, at=clock.now())  # fmt: skip
    return str(row.id)


def test_a_stage_by_bank_from_the_account_to_the_refund():
    meter, deal = Meter(), caller.trade(2)
    pair = deal.pair
    fan = caller.caller(pair.colleague(pair.supplier, "finance"))
    deal.ask().offer().accept()
    boss, ana, order = deal.supplier, deal.buyer, deal.order

    def look():
        return ana.get(f"/orders/{order}/bank")

    account = meter.post(fan, "/bank/accounts", ACCOUNT)
    assert account["state"] == "proposed"
    assert fan.send("POST", f"/bank/accounts/{account['id']}/confirm", None).json()["code"] == "second-person"
    assert meter.post(boss, f"/bank/accounts/{account['id']}/confirm", None)["state"] == "active"
    meter.post(boss, f"/orders/{order}/bank/offer", {"stage": 1, "account_id": account["id"]})
    due = look()["instructions"][0]["amount"]
    assert ana.get(f"/orders/{order}/bank")["instructions"][0]["number"] == "6222020200112233"
    purchaser = caller.caller(pair.colleague(pair.buyer, "purchaser"))
    assert purchaser.get(f"/orders/{order}/bank")["instructions"][0]["number"] == "···· 2233"
    today = clock.now().astimezone(clock.HOME).date().isoformat()
    short = due | {"amount": due["amount"] - 5}
    told = meter.post(ana, f"/orders/{order}/bank/say", {"amount": short, "paid_on": today, "voucher": slip(pair.buyer)})
    transfer = told["transfer"]
    meter.post(fan, f"/orders/{order}/bank/receive", {"transfer_id": transfer, "amount": short})
    assert look()["transfers"][0]["state"] == "half"
    meter.post(boss, f"/orders/{order}/bank/receive", {"transfer_id": transfer, "amount": short})
    assert look()["transfers"][0]["state"] == "short"
    meter.post(boss, f"/orders/{order}/bank/settle", {"transfer_id": transfer, "how": "count"})
    settled = look()
    assert (settled["received"]["amount"], settled["instructions"][0]["amount"]["amount"]) == (short["amount"], 5)
    more = meter.post(ana, f"/orders/{order}/bank/say", {"amount": due | {"amount": 9}, "paid_on": today, "voucher": slip(pair.buyer, "two")})
    transfer = more["transfer"]
    for who in (fan, boss):
        meter.post(who, f"/orders/{order}/bank/receive", {"transfer_id": transfer, "amount": due | {"amount": 9}})
    meter.post(ana, f"/orders/{order}/bank/settle", {"transfer_id": transfer, "how": "surplus"})
    owed = look()["refunds"][0]
    assert owed["amount"]["amount"] == 4
    meter.post(fan, f"/orders/{order}/bank/repay", {"refund_id": owed["id"]})
    meter.post(ana, f"/orders/{order}/bank/got", {"refund_id": owed["id"]})
    assert look()["refunds"][0]["state"] == "closed"
    meter.post(boss, f"/orders/{order}/cancel", {"reason": "no steel"})
    found = ana.get(f"/conversations/{pair.conversation}/statement")["accounts"]
    kinds = [row["kind"] for row in found[0]["rows"]]
    assert kinds == ["ordered", "received", "received", "refunded", "credited"]
    assert found[0]["closing"] == -due["amount"], "the supplier owes what he has on his account"
    assert boss.get(f"/conversations/{pair.conversation}/statement")["accounts"][0]["side"] == "supplier"
    meter.post(boss, f"/bank/accounts/{account['id']}/close", None)


def test_the_statement_opens_with_what_was_before_and_every_period_adds_up():
    deal = caller.trade(2)
    deal.ask().offer().accept().pay().ship().receive()
    where, company = deal.pair.conversation, deal.pair.buyer.company.id
    today = clock.now().astimezone(clock.HOME).date()
    now = statement.draw(where, company, today, today).accounts[0]
    later = statement.draw(where, company, today + timedelta(days=1), today + timedelta(days=9)).accounts[0]
    assert (now.opening, now.closing, now.held) == (0, 0, 0)
    assert now.sums["ordered"] == now.sums["held"] == now.sums["released"]
    assert (later.opening, later.rows) == (now.closing, [])
    assert [row.balance for row in now.rows][-1] == now.opening + sum(row.change for row in now.rows) == now.closing


def test_who_may_read_a_statement_and_for_which_period():
    deal = caller.trade(2)
    deal.ask().offer().accept()
    pair, path = deal.pair, f"/conversations/{deal.pair.conversation}/statement"
    for role, status in (("finance", 200), ("viewer", 200), ("admin", 200), ("sales", 409), ("purchaser", 409)):
        assert caller.caller(pair.colleague(pair.buyer, role)).send("GET", path).status_code == status, role
    for wrong in ("?first=x", "?first=2026-02-30", "?first=2026-03-01&last=2026-02-01", "?first=2020-01-01&last=2026-01-01", "?last=0001-01-01"):
        assert deal.buyer.send("GET", path + wrong).status_code == 422, wrong


def test_no_cell_of_the_workbook_is_a_formula_and_amounts_are_numbers():
    deal = caller.trade(2)
    deal.ask().offer().accept()
    today = clock.now().astimezone(clock.HOME).date()
    found = statement.draw(deal.pair.conversation, deal.pair.buyer.company.id, today, today)
    content = sheet.xlsx(found, ours="=1+1", theirs="@SUM(A1)")
    page = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert page["A2"].value == "=1+1 – @SUM(A1)"
    assert any(cell.data_type == "n" for cell in cells)
    assert sheet.paper(found, ours="#eval", theirs="$x$", at=clock.now()).startswith(b"%PDF")
