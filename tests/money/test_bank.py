"""Bank transfer: to the supplier's own account, received and never held; wrong amounts settled by an act; what is owed back comes from the supplier."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from guanxi.base.errors import AlreadyDone, Conflict, Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.check import differences
from guanxi.deals.bank import accounts, acts, receiving, refunds
from guanxi.deals.bank.accounts import Draft
from guanxi.deals.bank.rules import TRANSFER
from guanxi.deals.bank.table import BankAccount, BankOffer, BankRefund, BankTransfer, BankVoucher
from guanxi.deals.order.rules import LIFE
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment import acts as payments
from guanxi.pay import book
from guanxi.pay.table import Transfer
from guanxi.people.roles import can
from guanxi.people.table import Device
from guanxi.talk.table import Attachment, Entry, Upload
from tests import make
from tests.make import Actor
from tests.money.test_grid import PHASES, in_phase
from tests.money.world import World, world

pytestmark = pytest.mark.django_db
DRAFT = Draft("Minggu Hardware", "ICBC Wenzhou", "6222020200112233445", "102333000012", "CNY")


def shown(who: Actor, w: World, fresh: bool = True):
    """His call from a device on which he showed a second factor a moment ago."""
    device = make.device(who.person)
    if fresh:
        Device.objects.filter(pk=device.pk).update(factor_at=w.now)
    return replace(who.call(now=w.now), device=device.id)


def account(w: World, **more) -> UUID:
    made = accounts.add(replace(shown(w.supplier, w), conversation=None), draft=replace(DRAFT, **more))
    assert made["state"] == "active"
    return UUID(made["account"])


def offered(w: World, stage: int = 1) -> UUID:
    acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=stage, account_id=account(w))
    return w.order


def slip(who: Actor, words: str = "slip") -> UUID:
    """An uploaded PDF of this company."""
    digest = hashlib.sha256(words.encode()).hexdigest()
    row = Upload.objects.create(person_id=who.person.id, company_id=who.company.id, name="slip.pdf", mime="application/pdf", size=9, sha256=digest,
                                path=digest, at=make.NOON)  # fmt: skip
    return row.id


def say(w: World, amount: int, words: str = "slip", who: Actor | None = None, **more) -> UUID:
    who = who or w.buyer
    given = {"amount": amount, "paid_on": w.now.date(), "voucher": slip(who, words)} | more
    return UUID(acts.say(who.call(now=w.now), order_id=w.order, **given)["transfer"])


def receive(w: World, transfer: UUID, amount: int, by: Actor | None = None) -> BankTransfer:
    """Confirmed by one person with a second factor."""
    receiving.receive(shown(by or w.supplier, w), transfer_id=transfer, amount=amount)
    return BankTransfer.objects.get(pk=transfer)


def settle(w: World, transfer: UUID, how: str, who: Actor | None = None) -> None:
    receiving.settle((who or w.supplier).call(now=w.now), transfer_id=transfer, how=how)


def stage(w: World, n: int = 1) -> Stage:
    return Stage.objects.get(order_id=w.order, n=n)


def debt(w: World) -> BankRefund:
    return BankRefund.objects.filter(order_id=w.order).order_by("-n")[0]


def sums(w: World) -> tuple[int, int, int, int]:
    """The supplier's bank, received, unsettled, repayable."""
    codes = (book.bank(w.supplier.company.id), book.received(w.order), book.unsettled(w.order), book.repayable(w.order))
    return tuple(book.balance(w.where, code, "CNY") for code in codes)  # type: ignore[return-value]


def well(w: World) -> None:
    assert w.differences() == []
    assert book.trial_by_balances(w.where) == book.trial_by_transfers(w.where)
    assert all(value == 0 for value in book.trial_by_balances(w.where).values())


def test_a_deposit_by_bank_the_balance_in_escrow_and_the_goods():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    assert (w.panel().turn, w.panel().turn_company) == ("bank_check", w.supplier.company.id)
    assert sums(w) == (0, 0, 0, 0), "nothing counts before the supplier found it"
    row = receive(w, transfer, amount)
    assert (row.state, row.got, row.counted, row.factor) == ("counted", amount, amount, True)
    assert (stage(w).state, w.row().money, w.row().received) == ("received", "part", amount)
    assert sums(w) == (amount, amount, 0, 0)
    assert w.panel().turn == "pay"
    w.paid()
    assert (w.row().money, w.panel().turn) == ("held", "ship")
    assert w.balance("escrow") == w.row().total - amount
    w.ship()
    w.receive()
    order = w.row()
    assert (order.state, order.money, order.received, order.released) == ("completed", "released", amount, order.total - amount)
    assert [one.state for one in Stage.objects.filter(order_id=w.order).order_by("n")] == ["received", "released"]
    well(w)


def test_everything_by_bank_is_received_and_never_held():
    w = world(percents=(100,))
    offered(w)
    total = w.row().total
    receive(w, say(w, total), total)
    assert (w.row().money, w.panel().turn, w.balance("escrow")) == ("received", "ship", 0)
    w.ship()
    w.receive()
    assert (w.row().state, w.row().money, w.row().released, w.row().received) == ("completed", "received", 0, total)
    well(w)


def test_what_came_by_bank_counts_first_when_goods_arrive_in_part():
    w = world(freight=0)
    offered(w)
    amount = stage(w).amount
    receive(w, say(w, amount), amount)
    w.paid()
    w.ship(lines={1: Decimal(2)})
    w.receive()
    assert w.row().released == 0, "the supplier has more on his account than this part is worth"
    w.ship(lines={1: Decimal(18)})
    w.receive()
    assert 0 < w.row().released < w.row().total - amount
    well(w)


def test_two_people_confirm_or_one_with_a_second_factor():
    w = world()
    offered(w)
    amount = stage(w).amount
    first, second = w.pair.colleague(w.supplier, "finance", "Fan"), w.pair.colleague(w.supplier, "admin", "Ada")
    transfer = say(w, amount)
    receiving.receive(first.call(now=w.now), transfer_id=transfer, amount=amount)
    half = BankTransfer.objects.get(pk=transfer)
    assert (half.state, half.first_by, half.got, sums(w)) == ("half", first.person.id, 0, (0, 0, 0, 0))
    with pytest.raises(Refused) as alone:
        receiving.receive(first.call(now=w.now), transfer_id=transfer, amount=amount)
    assert alone.value.code == "second-person"
    with pytest.raises(Refused) as differing:
        receiving.receive(second.call(now=w.now), transfer_id=transfer, amount=amount - 1)
    assert differing.value.code == "amounts-differ"
    receiving.receive(second.call(now=w.now), transfer_id=transfer, amount=amount)
    row = BankTransfer.objects.get(pk=transfer)
    assert (row.state, row.received_by, row.factor) == ("counted", second.person.id, False)
    assert w.said()[-2:] == ["bank.half", "bank.received"]
    body = w.last()
    assert (body["by"], body["factor"]) == (["Fan", "Ada"], False)
    well(w)


def test_a_stale_second_factor_is_none_and_the_buyer_is_told_of_a_fresh_one():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    receiving.receive(shown(w.supplier, w, fresh=False), transfer_id=transfer, amount=amount)
    assert BankTransfer.objects.get(pk=transfer).state == "half"
    receiving.receive(shown(w.supplier, w), transfer_id=transfer, amount=amount)
    assert w.last()["factor"] is True
    well(w)


def test_less_than_asked_for_counts_as_a_part_and_the_rest_follows():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    row = receive(w, transfer, amount - 50_000)
    assert (row.state, row.counted, stage(w).received, w.row().money) == ("short", 0, 0, "none")
    assert (w.panel().turn, w.panel().turn_company) == ("bank_settle", w.supplier.company.id)
    assert sums(w) == (amount - 50_000, 0, amount - 50_000, 0)
    with pytest.raises(Refused) as under_way:
        payments.pay(w.buyer.call(now=w.now), order_id=w.order)
    assert under_way.value.code == "transfer-under-way"
    settle(w, transfer, "count")
    assert (stage(w).state, stage(w).received, w.row().money, w.panel().turn) == ("due", amount - 50_000, "part", "pay")
    with pytest.raises(Refused) as in_part:
        payments.pay(w.buyer.call(now=w.now), order_id=w.order)
    assert in_part.value.code == "paid-in-part"
    receive(w, say(w, 50_000, "second slip"), 50_000)
    assert (stage(w).state, w.row().received) == ("received", amount)
    well(w)


def test_more_than_asked_for_is_the_buyers_to_credit_or_to_have_back():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount + 30_000)
    assert receive(w, transfer, amount + 30_000).state == "over"
    assert w.panel().turn_company == w.buyer.company.id
    with pytest.raises(Refused):
        settle(w, transfer, "credit", w.supplier)
    settle(w, transfer, "credit", w.buyer)
    assert (stage(w).state, stage(w, 2).received, w.row().received) == ("received", 30_000, amount + 30_000)
    well(w)
    other = world(pair=w.pair)
    acts.offer(other.supplier.call(now=w.now), order_id=other.order, stage=1, account_id=BankAccount.objects.get().id)
    transfer = say(other, amount, "third slip")
    receive(other, transfer, amount + 9)
    settle(other, transfer, "surplus", other.buyer)
    assert (stage(other).state, other.row().received, debt(other).amount, debt(other).why) == ("received", amount, 9, "surplus")
    refunds.repay(other.supplier.call(now=w.now), refund_id=debt(other).id)
    refunds.got(other.buyer.call(now=w.now), refund_id=debt(other).id)
    assert debt(other).state == "closed"
    well(other)


def test_a_credit_beyond_what_the_order_asks_for_is_refused_and_changes_nothing():
    w = world(percents=(100,))
    offered(w)
    total = w.row().total
    transfer = say(w, total + 1)
    receive(w, transfer, total + 1)
    before = picture(w)
    with pytest.raises(Refused) as much:
        attempt(w, transfer, "credit", w.buyer)
    assert much.value.code == "too-much"
    assert picture(w) == before
    settle(w, transfer, "surplus", w.supplier)
    assert (w.row().money, debt(w).amount) == ("received", 1)
    well(w)


def attempt(w: World, transfer: UUID, how: str, who: Actor) -> None:
    """As a request does: what is refused leaves nothing."""
    from django.db import transaction

    with transaction.atomic():
        settle(w, transfer, how, who)


def test_the_supplier_may_turn_a_wrong_amount_down_and_pays_it_back_in_parts():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    receive(w, transfer, amount - 1)
    settle(w, transfer, "back")
    assert (stage(w).received, w.row().received, debt(w).amount, sums(w)[3]) == (0, 0, amount - 1, amount - 1)
    owed, boss = debt(w), w.supplier
    with pytest.raises(Invalid):
        refunds.repay(boss.call(now=w.now), refund_id=owed.id, amount=amount)
    refunds.repay(boss.call(now=w.now), refund_id=owed.id, amount=100)
    with pytest.raises(Refused):
        refunds.got(boss.call(now=w.now), refund_id=owed.id)
    refunds.got(w.buyer.call(now=w.now), refund_id=owed.id)
    assert (debt(w).state, debt(w).done) == ("owed", 100)
    refunds.repay(boss.call(now=w.now), refund_id=owed.id)
    refunds.miss(w.buyer.call(now=w.now), refund_id=owed.id, reason="not there")
    assert (debt(w).state, debt(w).claimed, sums(w)[3]) == ("owed", 0, amount - 101)
    refunds.repay(boss.call(now=w.now), refund_id=owed.id)
    refunds.got(w.buyer.call(now=w.now), refund_id=owed.id)
    assert (debt(w).state, sums(w)) == ("closed", (0, 0, 0, 0))
    well(w)


def test_money_nobody_told_of_is_laid_to_an_order_and_settled():
    w = world()
    offered(w)
    amount = stage(w).amount
    made = receiving.found(shown(w.supplier, w), order_id=w.order, amount=amount - 7, paid_on=w.now.date(), payer="Haichuan")
    row = BankTransfer.objects.get(pk=made["transfer"])
    assert (row.side, row.state, row.got) == ("supplier", "short", amount - 7)
    settle(w, row.id, "count")
    assert stage(w).received == amount - 7
    with pytest.raises(Refused):
        receiving.found(w.buyer.call(now=w.now), order_id=w.order, amount=7, paid_on=w.now.date())
    well(w)


def test_a_slip_counts_once_among_all_orders_until_it_is_taken_back():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    assert Attachment.objects.filter(conversation_id=w.where).exists(), "the supplier can open it"
    other = world(pair=w.pair)
    acts.offer(other.supplier.call(now=w.now), order_id=other.order, stage=1, account_id=BankAccount.objects.get().id)
    with pytest.raises(Refused) as used:
        say_again(other, amount)
    assert used.value.code == "voucher-used"
    acts.withdraw(w.buyer.call(now=w.now), transfer_id=transfer)
    assert not BankVoucher.objects.exists()
    say(other, amount)
    assert (BankTransfer.objects.get(pk=transfer).state, w.panel().turn) == ("withdrawn", "pay")
    with pytest.raises(Refused) as gone:
        receive(w, transfer, amount)
    assert gone.value.code == "transfer-withdrawn"


def say_again(w: World, amount: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        say(w, amount)


def test_what_did_not_arrive_is_denied_and_the_slip_stays_used():
    w = world()
    offered(w)
    transfer = say(w, stage(w).amount)
    acts.deny(w.supplier.call(now=w.now), transfer_id=transfer, reason="nothing there")
    assert (BankTransfer.objects.get(pk=transfer).state, w.panel().turn, BankVoucher.objects.count()) == ("absent", "pay", 1)
    say(w, stage(w).amount, "a new slip")
    well(w)


def test_cancelling_leaves_the_supplier_owing_what_he_received():
    w = world()
    offered(w)
    amount = stage(w).amount
    receive(w, say(w, amount), amount)
    with pytest.raises(Refused) as consent:
        w.cancel(w.buyer)
    assert consent.value.code == "consent-needed"
    w.cancel(w.supplier)
    assert (w.row().state, w.row().received, debt(w).amount, debt(w).why) == ("cancelled", 0, amount, "cancelled")
    assert (w.panel().state, w.panel().turn, w.panel().turn_company) == ("live", "bank_repay", w.supplier.company.id)
    assert stage(w).state == "received"
    well(w)
    refunds.repay(w.supplier.call(now=w.now), refund_id=debt(w).id)
    assert (w.panel().turn, w.panel().turn_company) == ("bank_got", w.buyer.company.id)
    refunds.got(w.buyer.call(now=w.now), refund_id=debt(w).id)
    assert (w.panel().state, stage(w).state, sums(w)) == ("lapsed", "refunded", (0, 0, 0, 0))
    well(w)


def test_a_transfer_after_the_end_goes_back():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    w.cancel(w.buyer)
    assert receive(w, transfer, amount).state == "back"
    assert (debt(w).why, debt(w).amount, sums(w)) == ("late", amount, (amount, 0, 0, amount))
    assert w.panel().turn == "bank_repay"
    well(w)


def test_a_dispute_divides_escrow_first_and_the_rest_is_owed():
    w = world()
    offered(w)
    amount = stage(w).amount
    receive(w, say(w, amount), amount)
    w.paid()
    w.ship()
    total = w.row().total
    w.dispute(refund=total)
    from guanxi.deals.dispute import acts as disputes

    w.about(disputes.accept, w.supplier)
    order = w.row()
    assert (order.state, order.returned, order.received, debt(w).amount, debt(w).why) == ("cancelled", total - amount, 0, amount, "dispute")
    assert (w.panel().turn, w.panel().state) == ("bank_repay", "live")
    well(w)


def test_a_dispute_about_a_completed_order_may_ask_for_money_that_came_by_bank():
    w = world(percents=(100,))
    offered(w)
    total = w.row().total
    receive(w, say(w, total), total)
    w.ship()
    w.receive()
    w.dispute(refund=total)
    assert w.matter().frozen == 0
    well(w)


def test_nothing_counts_while_a_dispute_freezes_the_order():
    w = world()
    offered(w)
    amount = stage(w).amount
    receive(w, say(w, amount), amount)
    acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=2, account_id=BankAccount.objects.get().id)
    transfer = say(w, stage(w, 2).amount, "two")
    w.dispute(refund=0)
    row = receive(w, transfer, stage(w, 2).amount)
    assert row.state == "short"
    with pytest.raises(Refused) as frozen:
        settle(w, transfer, "count")
    assert frozen.value.code == "order-disputed"
    well(w)


def test_an_escrow_payment_that_arrives_beside_a_part_by_bank_goes_back():
    w = world()
    offered(w)
    payment = w.pay()
    with pytest.raises(Refused) as under_way:
        say(w, stage(w).amount)
    assert under_way.value.code == "payment-under-way"
    made = receiving.found(shown(w.supplier, w), order_id=w.order, amount=5, paid_on=w.now.date())
    settle(w, UUID(made["transfer"]), "count")
    w.play(payment, "approve")
    assert (w.payment(payment).state, w.balance("escrow"), stage(w).state) == ("closed", 0, "due")
    well(w)


def test_an_instruction_is_frozen_when_the_account_changes_and_the_buyer_is_told():
    w = world()
    old = account(w)
    acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=1, account_id=old)
    row = BankOffer.objects.get()
    boss = replace(shown(w.supplier, w), conversation=None)
    accounts.add(boss, draft=replace(DRAFT, number="622202999999", replaces=old))
    w.drain()
    w.drain()
    assert BankAccount.objects.get(pk=old).state == "closed"
    assert w.said().count("bank.changed") == 1
    assert BankOffer.objects.get().number == row.number == DRAFT.number
    with pytest.raises(Invalid):
        acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=1, account_id=old)
    new = BankAccount.objects.get(state="active")
    acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=1, account_id=new.id)
    again = BankOffer.objects.get(state="open")
    assert (again.number, again.code) == ("622202999999", row.code)
    assert all(DRAFT.number not in str(body) for body in Entry.objects.values_list("body", flat=True)), "entries show no whole number"


def test_an_account_comes_into_force_by_two_people_or_a_second_factor():
    w = world()
    fan, sam = w.pair.colleague(w.supplier, "finance", "Fan"), w.pair.colleague(w.supplier, "sales", "Sam")
    one = replace(fan.call(now=w.now), conversation=None)
    made = accounts.add(one, draft=DRAFT)
    assert made["state"] == "proposed"
    with pytest.raises(Invalid):
        acts.offer(w.supplier.call(now=w.now), order_id=w.order, stage=1, account_id=UUID(made["account"]))
    with pytest.raises(Refused) as alone:
        accounts.confirm(one, account_id=UUID(made["account"]))
    assert alone.value.code == "second-person"
    for who, error in ((sam, Refused), (w.buyer, NotFound), (make.outsider(w.where), NotFound)):
        for act in (accounts.confirm, accounts.close):
            with pytest.raises(error):
                act(replace(who.call(now=w.now), conversation=None), account_id=UUID(made["account"]))
    with pytest.raises(Refused):
        accounts.add(replace(sam.call(now=w.now), conversation=None), draft=DRAFT)
    accounts.confirm(replace(w.supplier.call(now=w.now), conversation=None), account_id=UUID(made["account"]))
    row = BankAccount.objects.get()
    assert (row.state, row.proposed_name, row.confirmed_name, row.factor) == ("active", "Fan", "Bo", False)


def picture(w: World) -> tuple:
    """All rows an act about bank transfer could change."""
    kept = (Order, Stage, BankOffer, BankTransfer, BankRefund, Transfer)
    rows = tuple(tuple(table.objects.filter(conversation_id=w.where).order_by("pk").values_list()) for table in kept)
    return (*rows, tuple(BankVoucher.objects.values_list()), w.said(), w.panel().seq)


def test_reach_role_key_twice_and_stale():
    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    boss, ana = w.supplier, w.buyer
    day = w.now.date()
    table = {  # the act, its words, whose it is and the power it needs
        "offer": (acts.offer, {"order_id": w.order, "stage": 2, "account_id": BankAccount.objects.get().id}, boss, "sell"),
        "say": (acts.say, {"order_id": w.order, "amount": 5, "paid_on": day, "voucher": slip(ana, "x")}, ana, "pay"),
        "withdraw": (acts.withdraw, {"transfer_id": transfer}, ana, "pay"),
        "deny": (acts.deny, {"transfer_id": transfer}, boss, "money"),
        "receive": (receiving.receive, {"transfer_id": transfer, "amount": amount}, boss, "money"),
        "found": (receiving.found, {"order_id": w.order, "amount": 5, "paid_on": day}, boss, "money"),
        "settle": (receiving.settle, {"transfer_id": transfer, "how": "count"}, boss, "money"),
        "repay": (refunds.repay, {"refund_id": new_id()}, boss, "money"),
        "got": (refunds.got, {"refund_id": new_id()}, ana, "money"),
        "miss": (refunds.miss, {"refund_id": new_id()}, ana, "money"),
    }
    before = picture(w)
    lacking = {"sell": "purchaser", "pay": "purchaser", "money": "sales"}
    for name, (act, words, who, power) in table.items():
        tries = [(make.outsider(w.where).call(now=w.now), NotFound), (w.pair.colleague(who, lacking[power]).call(now=w.now), Refused),
                 (w.pair.colleague(who, "viewer").call(now=w.now), Refused)]  # fmt: skip
        if name not in ("repay", "got", "miss"):
            tries.append((who.call(seen=1, now=w.now), Refused))
            other = boss if who is ana else ana
            tries.append((other.call(now=w.now), (Refused, Invalid)))
        for call, error in tries:
            with pytest.raises(error):
                act(call, **words)
        for one in ("order_id", "transfer_id", "refund_id"):
            if one in words:
                with pytest.raises(NotFound):
                    act(who.call(now=w.now), **words | {one: new_id()})
        assert picture(w) == before, name
    receiving.receive(boss.call("k-1", {"a": 1}, now=w.now), transfer_id=transfer, amount=amount)
    with pytest.raises(AlreadyDone):
        receiving.receive(boss.call("k-1", {"a": 1}, now=w.now), transfer_id=transfer, amount=amount)
    with pytest.raises(Conflict):
        receiving.receive(boss.call("k-1", {"a": 2}, now=w.now), transfer_id=transfer, amount=amount)
    assert BankTransfer.objects.get(pk=transfer).state == "half"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"paid_on": timedelta(days=2)}, Invalid), ({"paid_on": timedelta(days=-400)}, Invalid), ({"currency": "USD"}, Invalid), ({"stage": 2}, Refused),
     ({"voucher": new_id()}, Invalid)],
)  # fmt: skip
def test_what_is_said_must_be_possible(wrong, error):
    w = world()
    offered(w)
    if "paid_on" in wrong:
        wrong = {"paid_on": (w.now + wrong["paid_on"]).date()}
    with pytest.raises(error):
        say(w, 5, **wrong)
    assert not BankTransfer.objects.exists()


def test_the_log_folds_into_the_rows_through_a_whole_life():
    """By the acts from the enquiry on: what `guanxi check` looks at."""
    from tests import trade

    pair = make.pair()
    order = Order.objects.get(pk=trade.ordered(pair))
    w = World(pair, order.id, order.deal_id)
    from guanxi.base import clock

    w.now = clock.now()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    receive(w, transfer, amount - 10)
    settle(w, transfer, "count")
    transfer = say(w, 20, "two")
    receive(w, transfer, 20)
    settle(w, transfer, "surplus")
    refunds.repay(w.supplier.call(now=w.now), refund_id=debt(w).id, amount=3)
    refunds.got(w.buyer.call(now=w.now), refund_id=debt(w).id)
    refunds.repay(w.supplier.call(now=w.now), refund_id=debt(w).id)
    refunds.miss(w.buyer.call(now=w.now), refund_id=debt(w).id)
    assert differences([w.where]) == []
    w.cancel(w.supplier)
    assert differences([w.where]) == []
    for _one in BankRefund.objects.exclude(state="closed"):
        refunds.repay(w.supplier.call(now=w.now), refund_id=_one.id)
        refunds.got(w.buyer.call(now=w.now), refund_id=_one.id)
    assert differences([w.where]) == []
    assert [one.state for one in Stage.objects.filter(order_id=w.order).order_by("n")] == ["refunded", "cancelled"]


def test_the_database_refuses_what_the_acts_never_do():
    """Raw SQL against the constraints and the frozen rows (quality.md M4, M16)."""
    from django.db import Error, connection, transaction

    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    receive(w, transfer, amount)
    w.cancel(w.supplier)
    for sql in (
        "UPDATE deals_bankoffer SET number = '1'", "UPDATE deals_bankoffer SET amount = 1", "UPDATE deals_bankaccount SET number = '1'",
        "UPDATE deals_banktransfer SET got = 1", "UPDATE deals_banktransfer SET claimed = 1", "UPDATE deals_banktransfer SET sha256 = 'x'",
        "UPDATE deals_banktransfer SET factor = false", "UPDATE deals_bankrefund SET amount = 1", "UPDATE deals_bankrefund SET done = amount + 1",
        "UPDATE deals_stage SET received = amount + 1", "UPDATE deals_stage SET received = 0 WHERE state = 'received'", "UPDATE deals_order SET received = -1",
    ):  # fmt: skip
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    well(w)


@pytest.mark.parametrize("where", PHASES)
def test_each_role_of_each_side_may_offer_and_tell_exactly_where_the_rules_say(where):
    """(act x phase x side x role), D6: the rows of LIFE decide, and a no changes nothing."""
    from django.db import transaction

    w = in_phase(where)
    chosen = account(w)
    due = Stage.objects.filter(order_id=w.order, state="due").order_by("n").first() or stage(w, 2)
    BankOffer.objects.create(
        conversation_id=w.where, order_id=w.order, stage=due, account_id=chosen, code=f"T{where[:4]}", holder="M", bank="B", number="1", amount=due.amount,
        currency="CNY", by_person=w.supplier.person.id, by_name="Bo", at=w.now,
    )  # fmt: skip
    tries = {
        "offer": (acts.offer, "sell", lambda who: {"stage": due.n, "account_id": chosen}),
        "transfer": (acts.say, "pay", lambda who: {"amount": 5, "paid_on": w.now.date(), "voucher": slip(who, who.role)}),
    }
    for side, boss in (("buyer", w.buyer), ("supplier", w.supplier)):
        for who in (boss, *(w.pair.colleague(boss, role) for role in ("admin", "sales", "purchaser", "finance", "viewer"))):
            for name, (act, power, words) in tries.items():
                allowed, given, before = can(who.role, power) and LIFE.find(where, name, side) is not None, words(who), picture(w)
                with transaction.atomic():
                    try:
                        act(who.call(now=w.now), order_id=w.order, **given)
                        done = True
                    except (Refused, Invalid):
                        done = False
                        assert picture(w) == before, f"a refused {name} changed something"
                    assert done is allowed, f"{name} of {where} by {who.role} of the {side}"
                    transaction.set_rollback(True)


MOVES = {
    "deny": (acts.deny, {}), "receive": (receiving.receive, {"amount": 5}), "withdraw": (acts.withdraw, {}),
    **{how: (receiving.settle, {"how": how}) for how in ("count", "credit", "surplus", "back")},
}  # fmt: skip


@pytest.mark.parametrize("state", ["sent", "half", "short", "over", "counted", "back", "absent", "withdrawn"])
def test_each_side_may_move_a_transfer_exactly_where_the_rules_say(state):
    from django.db import transaction

    w = world()
    offered(w)
    amount = stage(w).amount
    transfer = say(w, amount)
    row = BankTransfer.objects.get(pk=transfer)
    if state in ("short", "over", "counted", "back"):
        receive(w, transfer, {"short": amount - 5, "over": amount + 5, "counted": amount, "back": amount - 5}[state])
    if state == "half":
        receiving.receive(w.pair.colleague(w.supplier, "finance").call(now=w.now), transfer_id=transfer, amount=5)
    elif state == "back":
        settle(w, transfer, "back")
    elif state == "absent":
        acts.deny(w.supplier.call(now=w.now), transfer_id=transfer)
    elif state == "withdrawn":
        acts.withdraw(w.buyer.call(now=w.now), transfer_id=transfer)
    row.refresh_from_db()
    assert row.state == state
    names = {"receive": "match"}
    for side, who in (("buyer", w.buyer), ("supplier", w.supplier)):
        for name, (act, words) in MOVES.items():
            before = picture(w)
            with transaction.atomic():
                try:
                    act(who.call(now=w.now), transfer_id=transfer, **words)
                    done = True
                except Refused:
                    done = False
                    assert picture(w) == before, name
                assert done is (TRANSFER.find(state, names.get(name, name), side) is not None), f"{name} of {state} by the {side}"
                transaction.set_rollback(True)
