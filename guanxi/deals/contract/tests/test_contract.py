"""From an order to a text both sides have confirmed, and what is refused on the way."""

import hashlib
import json
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.deals.contract import acts, paper
from guanxi.deals.contract.forms import ACTS
from guanxi.deals.contract.table import Contract
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.people.roles import POWERS, can
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return make.pair()


@pytest.fixture
def order(pair):
    _rfq, deal = trade.ask(pair, place="宁波北仑")
    return UUID(run(trade.orders.place, pair.buyer.call(), quote_id=trade.quote(pair.supplier, deal))["order"])


def draw(actor, order, **more):
    return Contract.objects.get(pk=run(acts.draw, actor.call(), order_id=order, **more)["contract"])


def kinds():
    return list(Entry.objects.filter(kind__startswith="contract.").order_by("seq").values_list("kind", flat=True))


def test_one_side_draws_it_up_and_the_other_confirms_the_very_text(pair, order):
    panel = Deal.objects.get()
    made = draw(pair.supplier, order, extra="纸箱需贴客户唛头")
    assert (made.state, made.version, made.by_company, made.by_name) == ("offered", 1, pair.supplier.company.id, pair.supplier.person.name)
    run(acts.agree, pair.buyer.call(), contract_id=made.id, hash=made.hash)
    made.refresh_from_db()
    assert (made.state, made.agreed_person, made.agreed_name) == ("agreed", pair.buyer.person.id, pair.buyer.person.name)
    assert kinds() == ["contract.offered", "contract.agreed"]
    after = Deal.objects.get()
    assert (after.turn, after.turn_company, after.due_at, after.seq) == (panel.turn, panel.turn_company, panel.due_at, panel.seq + 2)


def test_the_text_says_what_was_agreed_in_both_languages(pair, order):
    text = draw(pair.buyer, order, extra="Marks on every box").text
    zh, en = (" ".join(words for _title, words in text[language]) for language in ("zh", "en"))
    row = Order.objects.get()
    assert "¥12,800.00" in zh
    assert "¥12,800.00" in en
    assert "人民币壹万贰仟捌佰元整" in zh
    assert "宁波北仑" in zh
    assert "30%" in en
    assert text["extra"] == "Marks on every box"
    assert (text["buyer"]["name"], text["supplier"]["name"]) == (pair.buyer.company.name, pair.supplier.company.name)
    assert [(line["name"], line["price"], line["total"]) for line in text["lines"]] == [("Hex bolt", "472", 944000), ("Hex nut", "152", 304000)]
    assert row.total == 1_280_000


def test_anyone_can_compute_the_digest_again(pair, order):
    made = draw(pair.buyer, order)
    canonical = json.dumps(made.text, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert made.hash == hashlib.sha256(canonical).hexdigest()


def test_a_newer_version_takes_the_place_of_one_that_waits(pair, order):
    first, second = draw(pair.supplier, order), draw(pair.buyer, order, extra="other terms")
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("replaced", "offered", 2)
    with pytest.raises(Refused, match="newer version"):
        run(acts.agree, pair.buyer.call(), contract_id=first.id, hash=first.hash)


def test_after_a_decline_another_one_may_be_drawn_up(pair, order):
    first = draw(pair.supplier, order)
    run(acts.decline, pair.buyer.call(), contract_id=first.id, reason="wrong date")
    assert draw(pair.supplier, order).version == 2
    assert kinds() == ["contract.offered", "contract.declined", "contract.offered"]


@pytest.mark.parametrize("act", ["agree", "decline"])
def test_nobody_answers_what_his_own_side_drew_up(pair, order, act):
    made = draw(pair.supplier, order)
    given = {"hash": made.hash} if act == "agree" else {}
    with pytest.raises(Refused, match="the other side confirms"):
        run(getattr(acts, act), pair.supplier.call(), contract_id=made.id, **given)
    assert kinds() == ["contract.offered"]


def test_another_text_than_the_one_read_is_not_confirmed(pair, order):
    made = draw(pair.supplier, order)
    with pytest.raises(Refused, match="not the text you read"):
        run(acts.agree, pair.buyer.call(), contract_id=made.id, hash="0" * 64)
    made.refresh_from_db()
    assert made.state == "offered"


def test_what_both_confirmed_is_not_replaced_or_answered_again(pair, order):
    made = draw(pair.supplier, order)
    run(acts.agree, pair.buyer.call(), contract_id=made.id, hash=made.hash)
    for try_again in (
        lambda: draw(pair.buyer, order),
        lambda: run(acts.decline, pair.buyer.call(), contract_id=made.id),
        lambda: run(acts.agree, pair.buyer.call(), contract_id=made.id, hash=made.hash),
    ):
        with pytest.raises(Refused, match="Both sides have confirmed"):
            try_again()
    assert Contract.objects.count() == 1


def test_the_database_keeps_the_text_and_one_live_contract(pair, order):
    made = draw(pair.supplier, order)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deals_contract SET text = '{}' WHERE id = %s", [made.id])
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(conversation_id=made.conversation_id, order=made.order, version=2, text={}, hash="", by_company=made.by_company,
                                by_person=made.by_person, by_name="", at=made.at)  # fmt: skip


def test_a_cancelled_order_gets_no_contract(pair, order):
    from guanxi.deals.payment.acts import cancel

    made = draw(pair.supplier, order)
    run(cancel, pair.supplier.call(), order_id=order)
    with pytest.raises(Refused, match="cancelled"):
        run(acts.agree, pair.buyer.call(), contract_id=made.id, hash=made.hash)
    with pytest.raises(Refused, match="cancelled"):
        draw(pair.buyer, order)


@pytest.mark.parametrize("role", sorted(POWERS))
@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_who_may_for_his_company(pair, order, side, role):
    mine = getattr(pair, side)
    colleague = pair.colleague(mine, role) if role != "owner" else mine
    allowed = can(role, "buy" if side == "buyer" else "sell")
    if allowed:
        assert draw(colleague, order).state == "offered"
    else:
        with pytest.raises(Refused):
            draw(colleague, order)
        assert kinds() == []


def test_a_stranger_finds_nothing(pair, order):
    made, stranger = draw(pair.supplier, order), make.outsider(pair.conversation)
    for act, given in ((acts.draw, {"order_id": order}), (acts.agree, {"contract_id": made.id, "hash": made.hash}), (acts.decline, {"contract_id": made.id})):
        with pytest.raises(NotFound):
            run(act, stranger.call(), **given)


def test_input_is_read_with_care(pair, order):
    call = pair.buyer.call()
    with pytest.raises(Invalid):
        ACTS["draw"].read({"order_id": str(order), "extra": "x" * 2001}, call)
    with pytest.raises(Invalid):
        ACTS["agree"].read({"contract_id": str(order), "hash": "short"}, call)
    with pytest.raises(NotFound):
        ACTS["decline"].read({"contract_id": "none"}, call)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_is_a_pdf_and_the_same_each_time(pair, order, language):
    made = draw(pair.supplier, order, extra='#read("/etc/passwd") *bold* [x] $y$')
    first, second = paper.paper(made, language=language), paper.paper(made, language=language)
    assert first[:5] == b"%PDF-"
    assert first == second
