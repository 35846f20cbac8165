"""Disputes: frozen at once, talked about, agreed or ruled; the money moves exactly so, and the book agrees (M9, M14, M16, M18, M20)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from guanxi.base import milestones
from guanxi.base.errors import AlreadyDone, Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.check import record
from guanxi.check.fold import fold
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute import following, reads
from guanxi.deals.dispute.rules import Plan
from guanxi.deals.dispute.table import Dispute, Evidence, Proposal
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Stage
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import escrow, events
from guanxi.deals.payment import provider as money_out
from guanxi.deals.payment.table import Payment, Payout
from guanxi.deals.review import acts as reviews
from guanxi.deals.shipment import acts as goods
from guanxi.pay.port import Final, Outgoing
from guanxi.pay.providers.sandbox import notice
from guanxi.pay.providers.sandbox.provider import Sandbox, provider
from guanxi.pay.providers.sandbox.table import SandboxCharge
from guanxi.pay.table import Suspense
from guanxi.talk.call import by_actor
from guanxi.talk.table import Attachment, Entry, Upload
from tests import make
from tests.money.test_grid import everything
from tests.money.world import World, world

pytestmark = pytest.mark.django_db


def shipped() -> World:
    """Paid and shipped whole."""
    w = world().paid()
    w.ship()
    return w


def agrees(w: World) -> None:
    """The book, the rows and the log say the same. (The world's order was not placed by acts: the fold starts at the order.)"""
    assert w.differences() == []
    entries = list(Entry.objects.filter(conversation_id=w.where, about=w.deal).order_by("seq").values_list("seq", "kind", "body"))
    stages = [{"n": n} for n in Stage.objects.filter(order_id=w.order).values_list("n", flat=True)]
    start = (0, "quote.sent", {"quote": "q"}), (1, "order.placed", {"quote": "q", "order": str(w.order), "stages": stages})
    folded = fold([(0, "rfq.sent", {}), *start, *(one for one in entries if one[1] != "order.placed")])
    row = w.row()
    says = record.rows_of([w.panel()])[w.deal]
    for name in ("life", "money", "goods", "released", "returned", "stages", "shipped", "received", "lost", "back", "disputes"):
        assert getattr(folded, name) == getattr(says, name), name
    assert folded.seq == w.panel().seq
    assert row.released + row.returned + w.balance("escrow") == sum(Payment.objects.filter(order_id=w.order, state__in=("held", "closed")).exclude(
        returned=0, released=0, state="closed").values_list("paid", flat=True)) - late(w)  # fmt: skip


def late(w: World) -> int:
    """Payments that came unwanted and went back whole."""
    stages = Stage.objects.filter(order_id=w.order, state__in=("due", "cancelled"))
    return sum(Payment.objects.filter(stage__in=stages).values_list("returned", flat=True))


def test_opening_freezes_everything_in_the_same_act():
    w = shipped()
    until = w.row().release_at
    w.later(days=2)
    dispute = w.dispute(kind="refund", refund=100_000)
    row, found = w.row(), w.matter()
    assert (row.dispute_id, row.release_at, row.state) == (dispute, None, "placed")
    assert (found.state, found.frozen, found.turn) == ("open", row.total, "supplier")
    assert found.clock_left == int((until - w.now).total_seconds())
    panel = w.panel()
    assert (panel.turn, panel.turn_company, panel.due_at) == ("dispute", w.supplier.company.id, w.now + timedelta(days=3))
    assert w.said()[-1] == "dispute.opened"
    assert w.last()["plan"] == {"kind": "refund", "refund": 100_000, "lines": [], "frozen": row.total}
    before = everything(w)
    for act, who, more in [
        (goods.receive, w.buyer, {}), (goods.extend, w.buyer, {}), (goods.ship, w.supplier, {"carrier": "SF"}), (payments.cancel, w.supplier, {}),
        (orders.cancel_ask, w.buyer, {}), (payments.pay, w.buyer, {}),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            act(who.call(now=w.now), order_id=w.order, **more)
        assert refused.value.code == "order-disputed"
    with pytest.raises(Refused, match="dispute"):
        w.dispute()
    assert everything(w) == before
    agrees(w)


def test_the_clock_releases_nothing_that_is_frozen():
    w = shipped()
    w.dispute()
    w.later(days=2).drain()
    goods.confirm(by_actor("clock", w.where, now=w.now + timedelta(days=90)), order_id=w.order)
    assert (w.row().released, w.said().count("receipt.confirmed")) == (0, 0)
    assert w.balance("escrow") == w.row().total
    order = w.row()
    turn = type("T", (), {"conversation": w.where})()
    for function in (escrow.release, escrow.refund):
        with pytest.raises(Refused, match="dispute"):
            function(turn, order, 1, cause=escrow.Cause(new_id(), "x", "staff"))
    with pytest.raises(Refused, match="dispute"):
        escrow.settle(turn, order, release=1, refund=1, cause=escrow.Cause(new_id(), "x", "clock"))
    with pytest.raises(Refused, match="dispute"):
        escrow.return_all(turn, order, cause=escrow.Cause(new_id(), "x", "supplier"))


def test_an_agreed_part_goes_back_and_the_rest_is_released():
    w = shipped()
    w.dispute(kind="refund", refund=200_000)
    w.propose(w.supplier, 50_000)
    w.propose(w.buyer, 120_000)
    w.about(disputes.accept, w.supplier)
    row, total = w.row(), w.row().total
    assert (row.state, row.money, row.released, row.returned, row.dispute_id) == ("completed", "settled", total - 120_000, 120_000, None)
    assert {one.state for one in Payment.objects.filter(order_id=w.order)} == {"closed"}
    assert set(Stage.objects.filter(order_id=w.order).values_list("state", flat=True)) == {"settled"}
    assert (w.balance("escrow"), w.balance("clearing"), w.balance("payable"), w.balance("refundable")) == (0, 0, 0, 0)
    ours = SandboxCharge.objects.all()
    assert (sum(one.released for one in ours), sum(one.refunded for one in ours)) == (total - 120_000, 120_000)
    assert [one.state for one in Proposal.objects.order_by("n")] == ["replaced", "replaced", "accepted"]
    panel = w.panel()
    assert (panel.state, panel.turn, panel.turn_company) == ("done", "review", None)
    reviews.review(w.buyer.call(now=w.now), order_id=w.order, stars=3)
    agrees(w)


@pytest.mark.parametrize(("refund", "state", "money"), [(0, "completed", "released"), (None, "cancelled", "refunded")])
def test_nothing_or_everything_goes_back(refund, state, money):
    w = shipped()
    w.dispute(kind="refund")
    w.propose(w.supplier, w.row().total if refund is None else refund)
    w.about(disputes.accept, w.buyer)
    row = w.row()
    assert (row.state, row.money, row.released + row.returned) == (state, money, row.total)
    assert w.panel().state == ("done" if state == "completed" else "lapsed")
    agrees(w)


def test_the_operator_rules_after_a_receipt_and_only_over_what_is_held():
    w = world().paid()
    w.ship(lines={1: Decimal(10)})
    w.receive()
    released = w.row().released
    assert released > 0
    w.ship()
    w.dispute(kind="refund")
    frozen = w.matter().frozen
    assert frozen == w.row().total - released
    w.about(disputes.escalate, w.supplier, text="We shipped what was agreed.")
    assert (w.panel().turn, w.panel().turn_company) == ("ruling", None)
    for refund, release in ((frozen + 1, None), (-1, None), (10, frozen - 11), (10, frozen)):
        with pytest.raises(Invalid):
            w.rule(refund, release=release)
    with pytest.raises(Invalid):
        w.rule(10, reason="  ")
    with pytest.raises(NotFound):
        following.rule(w.buyer.call(now=w.now), dispute_id=w.matter().id, plan=Plan("refund", frozen), reason="me")
    assert [one.id for one in reads.waiting()] == [w.matter().id]
    w.rule(7_777, release=frozen - 7_777)
    row = w.row()
    assert (row.released, row.returned, row.money) == (released + frozen - 7_777, 7_777, "settled")
    assert (w.matter().refunded, w.matter().released, w.matter().outcome) == (7_777, frozen - 7_777, "ruled")
    with pytest.raises(Refused, match="closed"):
        w.rule(1)
    agrees(w)


def test_who_does_not_answer_finds_it_with_the_operator():
    w = shipped()
    w.dispute()
    w.later(days=2, hours=23).drain()
    assert w.matter().state == "open"
    w.later(hours=2).drain()
    assert (w.matter().state, w.panel().turn) == ("escalated", "ruling")
    entry = Entry.objects.get(conversation_id=w.where, kind="dispute.escalated")
    assert (entry.body["side"], entry.body["why"], entry.by_company) == ("clock", "open", None)
    w.later(days=400).drain()
    assert w.matter().state == "escalated"
    following.lapse(by_actor("clock", w.where, now=w.now), dispute_id=w.matter().id)
    assert w.said().count("dispute.escalated") == 1
    assert not Proposal.objects.filter(state="open").exists()
    agrees(w)


def test_an_answer_starts_the_clock_of_the_other_and_the_old_alarm_does_nothing():
    w = shipped()
    w.dispute()
    w.later(days=2)
    w.propose(w.supplier, 5)
    w.later(days=2).drain()
    assert w.matter().state == "answered"
    w.about(disputes.refuse, w.buyer, text="Too little")
    assert (w.panel().turn, w.panel().turn_company) == ("propose", w.supplier.company.id)
    w.later(days=2).drain()
    assert w.matter().state == "answered"
    w.later(days=1, seconds=1).drain()
    assert w.matter().state == "escalated"
    agrees(w)


def test_taken_back_the_release_clock_runs_on_with_what_it_had_left():
    w = shipped()
    w.later(days=4)
    w.dispute()
    w.later(days=2)
    w.about(disputes.withdraw, w.buyer)
    assert w.row().release_at == w.now + timedelta(days=6)
    assert (w.panel().turn, w.panel().due_at) == ("receive", w.now + timedelta(days=6))
    w.later(days=6).drain()
    assert (w.row().state, w.row().released) == ("completed", w.row().total)
    agrees(w)


def test_paid_and_never_shipped_is_a_dispute_of_the_buyer_alone():
    w = world().paid()
    with pytest.raises(Refused):
        w.dispute(who=w.supplier)
    w.dispute(reason="not-arrived")
    w.about(disputes.withdraw, w.buyer)
    assert (w.panel().turn, w.row().release_at) == ("ship", None)
    w.dispute(reason="not-arrived")
    assert w.matter().n == 2
    w.about(disputes.accept, w.supplier)
    assert (w.row().state, w.row().money, w.row().returned) == ("cancelled", "refunded", w.row().total)
    agrees(w)


def test_a_partly_paid_order_gives_back_what_came_and_asks_for_no_more():
    w = world()
    w.play(w.pay(), "approve")
    waits = w.pay()
    w.dispute(reason="late", kind="refund")
    w.play(waits, "approve")
    assert w.said()[-1] == "payment.returned"
    assert w.last()["reason"] == "disputed"
    assert w.balance("escrow") == w.matter().frozen
    w.about(disputes.accept, w.supplier)
    assert sorted(Stage.objects.filter(order_id=w.order).values_list("state", flat=True)) == ["cancelled", "refunded"]
    assert (w.row().state, w.balance("clearing")) == ("cancelled", 0)
    agrees(w)


def test_goods_go_back_before_the_money_does():
    w = shipped()
    w.dispute(kind="return")
    w.about(disputes.accept, w.supplier)
    assert (w.matter().state, w.panel().turn, w.panel().turn_company) == ("returning", "send_back", w.buyer.company.id)
    assert w.balance("escrow") == w.row().total
    w.about(following.send_back, w.buyer, carrier="SF", waybill="1")
    assert (w.panel().turn, w.panel().turn_company) == ("take_back", w.supplier.company.id)
    w.about(following.take_back, w.supplier)
    row = w.row()
    assert (row.state, row.returned, w.balance("clearing")) == ("cancelled", row.total, 0)
    assert all(line.returned == line.shipped for line in row.lines.all())
    agrees(w)


def test_goods_nobody_confirms_are_back_by_the_clock_and_other_goods_go_to_the_operator():
    w = shipped()
    w.dispute(kind="return", refund=5_000, lines={1: Decimal(2)})
    w.about(disputes.accept, w.supplier)
    w.about(following.send_back, w.buyer, carrier="SF")
    w.about(following.contest, w.supplier, text="Stones in the box.")
    assert w.matter().state == "escalated"
    w.rule(5_000, kind="return")
    w.about(following.send_back, w.buyer, carrier="SF")
    w.later(days=10, seconds=1).drain()
    assert (w.matter().state, w.row().state, w.row().returned) == ("closed", "completed", 5_000)
    agrees(w)


def test_goods_not_sent_back_in_time_go_to_the_operator():
    w = shipped()
    w.dispute(kind="return")
    w.about(disputes.accept, w.supplier)
    w.later(days=10, seconds=1).drain()
    assert w.matter().state == "escalated"
    assert w.last()["why"] == "returning"
    agrees(w)


def test_goods_are_sent_again_and_the_order_goes_on():
    w = shipped()
    w.dispute(kind="go_on", refund=1_000, lines={1: Decimal(4)})
    w.about(disputes.accept, w.supplier)
    row = w.row()
    assert (row.state, row.money, row.goods_state, row.returned) == ("placed", "held", "part", 1_000)
    assert (w.panel().turn, w.panel().turn_company) == ("ship", w.supplier.company.id)
    w.ship()
    w.receive()
    row = w.row()
    assert (row.state, row.money, row.released) == ("completed", "settled", row.total - 1_000)
    assert (w.balance("escrow"), w.balance("clearing")) == (0, 0)
    agrees(w)


def test_after_completion_the_supplier_pays_back_himself():
    w = shipped()
    w.receive()
    w.later(days=15)
    w.dispute(kind="refund", refund=30_000)
    assert (w.matter().frozen, w.row().state, w.panel().state) == (0, "completed", "live")
    w.about(disputes.accept, w.supplier)
    assert (w.matter().state, w.panel().turn, w.panel().turn_company) == ("owing", "repay", w.supplier.company.id)
    w.about(following.repay, w.supplier)
    w.about(following.got_back, w.buyer)
    assert (w.matter().state, w.row().released, w.row().returned) == ("closed", w.row().total, 0)
    assert (w.panel().state, w.panel().turn) == ("done", "review")
    with pytest.raises(Refused, match="settled before"):
        w.dispute()
    agrees(w)


def test_the_window_after_completion_closes():
    w = shipped()
    w.receive()
    with pytest.raises(Refused):
        w.dispute(who=w.supplier)
    w.later(days=15, seconds=1)
    with pytest.raises(Refused, match="15 days"):
        w.dispute()
    assert not Dispute.objects.exists()


def test_a_debt_nobody_pays_goes_to_the_operator_and_a_repayment_nobody_denies_counts():
    w = shipped()
    w.receive()
    w.dispute(kind="return", refund=30_000)
    w.about(disputes.accept, w.supplier)
    w.about(following.send_back, w.buyer, carrier="SF")
    w.about(following.take_back, w.supplier)
    assert w.matter().state == "owing"
    w.later(days=7, seconds=1).drain()
    assert w.matter().state == "escalated"
    w.rule(20_000)
    assert w.matter().state == "owing"
    w.about(following.repay, w.supplier)
    w.later(days=7, seconds=1).drain()
    assert w.matter().state == "closed"
    agrees(w)


def test_evidence_is_kept_with_its_hash_and_stays():
    w = shipped()
    mine = upload(w.buyer)
    w.dispute(files=[mine.id])
    w.about(disputes.show, w.supplier, text="Packed well.")
    first, second = Evidence.objects.order_by("n")
    assert first.files == [{"upload": str(mine.id), "name": "torn.pdf", "mime": "application/pdf", "size": 3, "sha256": "a" * 64, "picture": False}]
    assert (first.side, second.side, second.text) == ("buyer", "supplier", "Packed well.")
    assert Attachment.objects.filter(conversation_id=w.where, upload_id=mine.id).exists()
    assert w.panel().turn == "dispute"
    with pytest.raises(Invalid):
        w.about(disputes.show, w.supplier, files=[mine.id])
    with pytest.raises(Invalid):
        w.about(disputes.show, w.supplier)
    w.about(disputes.escalate, w.supplier)
    disputes.show(by_actor("staff", w.where, now=w.now), dispute_id=w.matter().id, text="Please send the packing list.")
    w.rule(0)
    with pytest.raises(Refused, match="closed"):
        w.about(disputes.show, w.supplier, text="More")
    agrees(w)


def upload(who: make.Actor) -> Upload:
    return Upload.objects.create(person_id=who.person.id, company_id=who.company.id, name="torn.pdf", mime="application/pdf", size=3, sha256="a" * 64,
                                 path="x", at=make.NOON)  # fmt: skip


def test_a_proposal_must_be_possible():
    w = shipped()
    total = w.row().total
    for plan in (
        {"refund": total + 1}, {"refund": -1}, {"kind": "gift"}, {"kind": "go_on", "refund": total}, {"kind": "return", "lines": {9: Decimal(1)}},
        {"kind": "go_on", "refund": 0, "lines": {1: Decimal(21)}}, {"kind": "return", "lines": {1: Decimal(0)}},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            w.dispute(**({"refund": 1} | plan))
    assert (w.row().dispute_id, Dispute.objects.count()) == (None, 0)
    w.dispute()
    with pytest.raises(Refused, match="other side"):
        w.propose(w.buyer, 1)
    with pytest.raises(Refused, match="other side"):
        w.about(disputes.accept, w.buyer)
    first = Proposal.objects.get().id
    w.propose(w.supplier, 1)
    with pytest.raises(Refused, match="your own"):
        w.about(disputes.accept, w.supplier)
    with pytest.raises(Refused) as refused:
        w.about(disputes.accept, w.buyer, proposal_id=first)
    assert refused.value.code == "stale"
    with pytest.raises(Refused):
        w.about(disputes.withdraw, w.supplier)
    with pytest.raises(Refused):
        w.rule(1)
    unpaid = world(pair=w.pair)
    with pytest.raises(Refused, match="not been paid"):
        unpaid.dispute()
    agrees(w)


def test_a_key_opens_one_dispute():
    w = shipped()
    call = w.buyer.call("open-it-once", 1, now=w.now)
    how = {"reason": "short", "text": "One is missing.", "wish": disputes.Wish()}
    made = disputes.begin(call, order_id=w.order, **how)
    with pytest.raises(AlreadyDone) as done:
        disputes.begin(call, order_id=w.order, **how)
    assert done.value.result["dispute"] == made["dispute"]
    assert w.said().count("dispute.opened") == 1


def test_refunds_told_late_and_twice_change_the_book_once_and_a_wrong_one_is_kept_apart():
    w = shipped()
    w.dispute(kind="refund", refund=120_000)
    disputes.accept(w.supplier.call(now=w.now), dispute_id=w.matter().id)
    refund = Payout.objects.get(kind="refund")
    said = provider().refund(Outgoing(refund.id.hex, refund.payment_id.hex, w.where.hex, refund.amount, "CNY"), now=w.now)
    for number, amount in enumerate((refund.amount + 1, refund.amount, refund.amount)):
        one = notice.write(replace(said, id=f"e{number}", amount=amount), now=w.now)
        assert events.receive("sandbox", one.raw, one.headers, now=w.now).status == 200
    refund.refresh_from_db()
    assert (refund.state, w.balance("refundable")) == ("done", 0)
    assert Suspense.objects.get().reason == "amount"
    w.drain()
    assert w.balance("clearing") == 0
    agrees(w)


def test_a_provider_that_refuses_for_good_leaves_the_refund_asked_and_the_book_right(monkeypatch):
    w = shipped()
    w.dispute(kind="refund", refund=120_000)
    disputes.accept(w.supplier.call(now=w.now), dispute_id=w.matter().id)

    def no(*_args, **_kw):
        raise Final("account-closed")

    monkeypatch.setattr(Sandbox, "refund", no)
    refund = Payout.objects.get(kind="refund")
    money_out.refund(w.where, {"payout": str(refund.id)}, key="", now=w.now)
    refund.refresh_from_db()
    assert milestones.find(money_out.refusal(refund.id)) is not None, "the operator is told of it"
    assert (refund.state, w.balance("refundable")) == ("asked", 120_000)
    agrees(w)
