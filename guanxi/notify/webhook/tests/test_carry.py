"""From an entry to the receiver: once, signed, retried, never anybody else's."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.notify.webhook import acts, carry, reader, tell
from guanxi.notify.webhook.gather import forget, gather
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.notify.webhook.tests.receiver import receiving
from guanxi.notify.webhook.tests.test_sign import verified
from guanxi.people.sender import memory
from guanxi.talk.table import Party
from guanxi.talk.text.acts import say
from guanxi.talk.turn import turn
from tests.make import NOON, outsider, pair

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.WEBHOOK_LOOPBACK = True
    settings.SENDER = "memory"
    memory.SENT.clear()
    with clock.use(NOON):
        yield


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


def hook(who, url="https://example.com/hook", kinds=("*",)):
    made = acts.add(who.call(now=NOON), url=url, kinds=list(kinds))
    return Webhook.objects.get(pk=made["webhook"]), made["secret"]


def happen(who, kind="order.placed", *, now=NOON + SECOND, body=None):
    """An entry as an act writes it."""
    with turn(who.call(now=now)) as talk:
        return talk.add(kind, body or {"v": 1, "secret": "price 42"}, about=new_id())


def sent(row, now):
    """One round at `now`: how many tries."""
    with clock.use(now):
        gather(now)
        return carry.carry(row.pk) if carry.claim(now) == row.pk else 0


def test_an_entry_arrives_once_signed_and_says_ids_only(receiver):
    two = pair()
    row, secret = hook(two.buyer, receiver.url)
    entry = happen(two.supplier)
    later = NOON + timedelta(seconds=20)
    assert (sent(row, later), sent(row, later + SECOND)) == (1, 0)
    (got,) = receiver.got
    said = json.loads(got.body)
    assert got.path == "/hook?x=1"
    assert got.headers["content-type"] == "application/json"
    assert verified(secret, got.headers, got.body)
    assert int(got.headers["webhook-timestamp"]) == int(later.timestamp())
    assert (said["type"], said["data"]["conversation"], said["data"]["seq"]) == ("order.placed", str(two.conversation), entry.seq)
    assert (said["data"]["company"], said["data"]["by_company"]) == (str(two.buyer.company.id), str(two.supplier.company.id))
    assert b"price" not in got.body
    done = Delivery.objects.get()
    assert (done.state, done.tries, done.status, got.headers["webhook-id"]) == ("done", 1, 200, f"msg_{done.id.hex}")


def test_texts_notices_and_unwanted_kinds_make_no_row():
    two = pair()
    hook(two.buyer, kinds=["quote.*", "order.cancelled"])
    say(two.supplier.call(now=NOON + SECOND), body={"text": "hello"})
    for kind in ("notice", "order.placed", "payment.held", "quote.sent", "order.cancelled"):
        happen(two.supplier, kind)
    assert gather(NOON + timedelta(seconds=20)) == 2
    assert set(Delivery.objects.values_list("kind", flat=True)) == {"quote.sent", "order.cancelled"}


def test_companies_are_never_mixed(receiver):
    two, other = pair(), pair()
    mine, foreign, stranger = hook(two.buyer, receiver.url)[0], hook(other.buyer)[0], hook(outsider(two.conversation))[0]
    happen(two.supplier)
    happen(other.supplier, "quote.sent")
    gather(NOON + timedelta(seconds=20))
    assert list(Delivery.objects.filter(webhook=mine).values_list("conversation_id", "kind")) == [(two.conversation, "order.placed")]
    assert list(Delivery.objects.filter(webhook=foreign).values_list("conversation_id", "kind")) == [(other.conversation, "quote.sent")]
    assert not Delivery.objects.filter(webhook=stranger).exists()


def test_who_left_the_conversation_hears_nothing():
    two = pair()
    hook(two.buyer)
    Party.objects.of(two.conversation).filter(company_id=two.buyer.company.id).update(left_at=NOON)
    happen(two.supplier)
    assert gather(NOON + timedelta(seconds=20)) == 0


def test_what_happened_before_is_not_told():
    two = pair()
    happen(two.supplier, now=NOON - SECOND)
    hook(two.buyer)
    assert gather(NOON + timedelta(seconds=20)) == 0


def test_a_commit_that_came_late_is_found_and_none_twice():
    two = pair()
    hook(two.buyer)
    happen(two.supplier, now=NOON + timedelta(seconds=30))
    assert gather(NOON + timedelta(seconds=40)) == 1
    happen(two.supplier, now=NOON + timedelta(seconds=25))
    assert [gather(NOON + timedelta(seconds=n)) for n in (50, 60)] == [1, 0]


def test_a_worker_that_slept_for_days_catches_up():
    two = pair()
    hook(two.buyer)
    for n in range(3):
        happen(two.supplier, now=NOON + timedelta(hours=n, seconds=1))
        say(two.supplier.call(now=NOON + timedelta(hours=n, seconds=2)), body={"text": "and"})
    assert [gather(NOON + timedelta(days=2)), gather(NOON + timedelta(days=2, seconds=15))] == [3, 0]


def test_a_failure_is_tried_again_under_the_same_id_after_growing_pauses(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    receiver.answers = [500, 503, 204]
    happen(two.supplier)
    start = NOON + timedelta(seconds=20)
    assert sent(row, start) == 1
    assert sent(row, start + timedelta(seconds=59)) == 0
    assert sent(row, start + timedelta(minutes=1)) == 1
    assert sent(row, start + timedelta(minutes=5)) == 0
    assert sent(row, start + timedelta(minutes=6)) == 1
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert len({got.headers["webhook-signature"] for got in receiver.got}) == 3
    row.refresh_from_db()
    done = Delivery.objects.get()
    assert (done.state, done.tries, done.status, row.fails, row.failing_since) == ("done", 3, 204, 0, None)


def test_the_eighth_failure_is_the_last(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    receiver.answers = [500]
    happen(two.supplier)
    now = NOON + timedelta(seconds=20)
    while Delivery.objects.filter(state="waiting").exists() or not Delivery.objects.exists():
        assert sent(row, now) <= 1
        now += timedelta(hours=24)
    assert (len(receiver.got), Delivery.objects.get().state) == (8, "failed")


def test_one_event_the_receiver_cannot_take_does_not_hold_up_the_others(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    receiver.answers = [500, 200]
    for _n in range(3):
        happen(two.supplier)
    assert sent(row, NOON + timedelta(seconds=20)) == 3
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "done", "waiting"]


def test_a_silent_receiver_costs_one_try_a_pause_and_slows_nobody_else(receiver):
    two = pair()
    dead, _secret = hook(two.buyer, "http://127.0.0.1:1/hook")
    living, _other = hook(two.supplier, receiver.url)
    for _n in range(3):
        happen(two.supplier)
    now = NOON + timedelta(seconds=20)
    with clock.use(now):
        gather(now)
        assert (carry.carry(dead.pk), carry.carry(living.pk)) == (1, 3)
        assert carry.claim(now) is None
    assert Delivery.objects.get(webhook=dead, tries=1).error == "connection"
    assert len(receiver.got) == 3


def test_only_one_worker_has_a_receivers_turn_and_a_dead_workers_turn_ends():
    two = pair()
    row, _secret = hook(two.buyer)
    happen(two.supplier)
    now = NOON + timedelta(seconds=20)
    gather(now)
    assert (carry.claim(now), carry.claim(now + SECOND), carry.claim(now + timedelta(minutes=3))) == (row.pk, None, row.pk)


def test_redirects_are_not_followed_and_a_flood_is_not_read(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    receiver.answers, receiver.location = [302, 200], receiver.url.replace("/hook", "/inside")
    receiver.filler = b"x" * 5_000_000
    happen(two.supplier)
    assert sent(row, NOON + timedelta(seconds=20)) == 1
    assert [got.path for got in receiver.got] == ["/hook?x=1"]
    assert (Delivery.objects.get().state, Delivery.objects.get().status) == ("waiting", 302)


def test_loopback_is_refused_when_sending_too_once_the_setting_is_off(receiver, settings):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    happen(two.supplier)
    settings.WEBHOOK_LOOPBACK = False
    assert sent(row, NOON + timedelta(seconds=20)) == 1
    assert (receiver.got, Delivery.objects.get().error) == ([], "address")


def test_a_dead_receiver_is_switched_off_after_days_and_its_owner_hears_once(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    Webhook.objects.filter(pk=row.pk).update(fails=9, failing_since=NOON - timedelta(days=3))
    receiver.answers = [500]
    happen(two.supplier)
    now = NOON + timedelta(seconds=20)
    sent(row, now)
    row.refresh_from_db()
    assert (row.state, row.off_at) == ("off", now)
    assert (tell.tell_owners(now), tell.tell_owners(now)) == (1, 0)
    assert [one.address for one in memory.SENT] == [two.buyer.person.email]
    assert "127.0.0.1" in memory.SENT[0].text
    happen(two.supplier, now=now + SECOND)
    assert gather(now + timedelta(minutes=1)) == 0
    assert carry.claim(now + timedelta(days=9)) is None


def test_gone_is_believed_at_once(receiver):
    two = pair()
    row, _secret = hook(two.buyer, receiver.url)
    receiver.answers = [410]
    happen(two.supplier)
    sent(row, NOON + timedelta(seconds=20))
    row.refresh_from_db()
    assert row.state == "off"


def test_a_sender_that_fails_is_asked_again(monkeypatch):
    two = pair()
    row, _secret = hook(two.buyer)
    Webhook.objects.filter(pk=row.pk).update(state="off", off_at=NOON)
    with monkeypatch.context() as broken:
        broken.setattr(memory, "SENT", None)
        assert tell.tell_owners(NOON) == 0
    assert tell.tell_owners(NOON) == 1


def test_old_deliveries_are_forgotten():
    two = pair()
    hook(two.buyer)
    happen(two.supplier)
    gather(NOON + timedelta(seconds=20))
    assert (forget(NOON + timedelta(days=29)), forget(NOON + timedelta(days=31))) == (0, 1)


def test_a_look_at_a_quiet_house_is_four_statements_whatever_the_number_of_webhooks():
    two = pair()
    counts = []
    for more in (1, 9):
        for _n in range(more):
            hook(two.buyer)
        reader.look(now=NOON + timedelta(hours=1))
        with CaptureQueriesContext(connection) as queries:
            reader.look(now=NOON + timedelta(hours=2))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


@pytest.mark.django_db(transaction=True)
def test_the_reader_sends_beside_the_worker(receiver):
    two = pair()
    hook(two.buyer, receiver.url)
    happen(two.supplier)
    with clock.use(NOON + timedelta(seconds=20)):
        reader.look(now=clock.now())
        for one in list(reader._carriers):
            one.join(timeout=20)
    assert (len(receiver.got), Delivery.objects.get().state) == (1, "done")
