"""The door of providers: what is unsigned, old, changed, repeated or about somebody else's order moves nothing and is kept (A16-A18, A48)."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.deals.payment import events
from guanxi.deals.payment.table import Payment
from guanxi.pay.port import number_of
from guanxi.pay.providers.sandbox import notice, payer
from guanxi.pay.table import ProviderEvent, Suspense, Transfer
from tests.money.world import World, world

pytestmark = pytest.mark.django_db


def noticed(w: World, **changes) -> tuple[bytes, dict[str, str]]:
    """A payment somebody really made, and the notice of it with `changes`, properly signed."""
    payment = w.pay()
    w.play(payment, "delay")
    raw = json.dumps(json.loads(payer.tell(number_of(payment), now=w.now).raw) | changes).encode()
    stamp = str(int(w.now.timestamp()))
    return raw, {notice.TIMESTAMP: stamp, notice.SIGNATURE: notice.sign(raw, stamp)}


def test_a_signed_notice_posted_to_the_door_holds_the_money_once():
    w = world()
    raw, headers = noticed(w)
    with clock.use(w.now):
        for _again in range(3):
            answer = Client(enforce_csrf_checks=True).post("/hooks/sandbox", raw, content_type="application/json", headers=headers)
            assert (answer.status_code, answer.content) == (200, b"ok")
    assert w.balance("escrow") == Payment.objects.get().amount == Payment.objects.get().paid
    assert list(ProviderEvent.objects.values_list("verified", "outcome")) == [(True, "applied")]
    assert bytes(ProviderEvent.objects.get().raw) == raw
    assert w.said().count("payment.held") == 1


@pytest.mark.parametrize("spoil", ["unsigned", "other key", "old", "changed body", "space"])
def test_a_notice_that_is_not_believed_is_kept_and_moves_nothing(spoil):
    w = world()
    raw, headers = noticed(w)
    when = w.now
    if spoil == "unsigned":
        headers = {}
    elif spoil == "other key":
        headers[notice.SIGNATURE] = "0" * 64
    elif spoil == "old":
        when += timedelta(minutes=6)
    elif spoil == "changed body":
        raw = raw.replace(b"424809", b"924809")
    else:
        raw += b" "
    for _again in range(2):
        assert events.receive("sandbox", raw, headers, now=when).status == 400
    kept = ProviderEvent.objects.get()
    assert (kept.verified, kept.outcome, bytes(kept.raw)) == (False, "refused", raw)
    assert not Transfer.objects.exists()
    assert Payment.objects.get().state == "pending"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"amount": 424808}, "amount"), ({"amount": 424810}, "amount"), ({"currency": "USD"}, "currency"), ({"merchant": "another"}, "merchant"),
     ({"reference": "sb_other"}, "reference"), ({"number": "0" * 32}, "unknown"), ({"number": "x"}, "unknown"), ({"attach": "no conversation"}, "unknown"),
     ({"attach": new_id().hex}, "unknown")],
)  # fmt: skip
def test_signed_news_that_do_not_equal_our_request_go_to_suspense_and_to_a_person(changes, reason):
    w = world()
    raw, headers = noticed(w, **changes)
    for _again in range(2):
        assert events.receive("sandbox", raw, headers, now=w.now).status == 200
    held = Suspense.objects.get()
    assert (held.reason, held.settled_at) == (reason, None)
    assert ProviderEvent.objects.get().outcome == "suspense"
    assert not Transfer.objects.exists()
    assert w.row().money == "none"


def test_the_notice_of_one_order_presented_for_another_moves_neither():
    one, other = world(), world()
    first, second = one.pay(), other.pay()
    payer.decide(number_of(first), "delay", now=one.now)
    said = json.loads(payer.tell(number_of(first), now=one.now).raw)
    raw = json.dumps(said | {"number": number_of(second), "attach": other.where.hex}).encode()
    stamp = str(int(one.now.timestamp()))
    events.receive("sandbox", raw, {notice.TIMESTAMP: stamp, notice.SIGNATURE: notice.sign(raw, stamp)}, now=one.now)
    assert Suspense.objects.get().reason == "reference"
    assert (one.balance("clearing"), other.balance("clearing")) == (0, 0)


def test_an_unknown_provider_is_not_there_and_a_flood_is_not_kept(settings):
    assert events.receive("alipay", b"{}", {}, now=world().now).status == 404
    assert Client().get("/hooks/sandbox").status_code == 405
    assert events.receive("sandbox", b"x" * 65 * 1024, {}, now=world().now).status == 413
    now = world().now
    answers = [events.receive("sandbox", b"%d" % n, {}, now=now).status for n in range(events.UNVERIFIED_AN_HOUR + 5)]
    assert answers.count(429) == 5
    assert ProviderEvent.objects.count() == events.UNVERIFIED_AN_HOUR
