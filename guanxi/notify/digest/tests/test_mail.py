"""The daily mail: who gets it, when, what stands in it, and how it ends."""

from datetime import timedelta

import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.base.errors import Busy
from guanxi.deals.deal.table import Deal
from guanxi.notify import obligation
from guanxi.notify.choice import acts
from guanxi.notify.digest import mail
from guanxi.people import sender
from guanxi.people.sender import memory
from guanxi.talk import receipts
from guanxi.talk.text.acts import say
from tests.make import NOON, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(settings):
    settings.SENDER = "memory"
    memory.SENT.clear()
    with clock.use(NOON):
        yield memory.SENT


@pytest.fixture
def two():
    """Bo wrote; a deal waits for Ana."""
    both = pair()
    seq = say(both.supplier.call(now=NOON), body={"text": "our secret price is 486"})["seq"]
    Deal.objects.create(
        conversation_id=both.conversation, buyer_id=both.buyer.company.id, supplier_id=both.supplier.company.id, title="Bolts", currency="CNY",
        turn="answer", turn_company=both.buyer.company.id, seq=seq, due_at=NOON + timedelta(days=2), created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    return both


def test_it_comes_once_a_day_to_who_wants_it_and_says_no_price(sent, two):
    assert mail.send_all(now=NOON) == 0
    acts.save(two.buyer.person.id, {"digest": "1"})
    assert mail.send_all(now=NOON) == 1
    assert mail.send_all(now=NOON + timedelta(minutes=1)) == 0
    assert sent[0].address == two.buyer.person.email
    assert "Bolts" in sent[0].text
    assert "486" not in sent[0].text
    assert "1 talk holds something new." in sent[0].text
    assert sent[0].headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.send_all(now=NOON + timedelta(days=1)) == 1


def test_nobody_hears_before_eight_or_when_there_is_nothing(sent, two):
    acts.save(two.buyer.person.id, {"digest": "1"})
    early = NOON.replace(hour=0) - timedelta(hours=2)  # six in Shanghai
    assert mail.send_all(now=early) == 0
    Deal.objects.update(state="lapsed", turn_company=None)
    receipts.mark(two.conversation, two.buyer.person.id, 1)
    assert mail.send_all(now=NOON) == 0
    assert sent == []


def test_what_could_not_be_sent_comes_with_the_next_round(sent, two, monkeypatch):
    acts.save(two.buyer.person.id, {"digest": "1"})
    with monkeypatch.context() as broken:

        def fail(*_args, **_kw):
            raise Busy("no")

        broken.setattr(sender, "send", fail)
        assert mail.send_all(now=NOON) == 0
    assert mail.send_all(now=NOON) == 1


def test_the_link_asks_first_and_ends_it_when_posted(sent, two):
    acts.save(two.buyer.person.id, {"digest": "1"})
    mail.send_all(now=NOON)
    link = "/n/" + sent[0].headers["List-Unsubscribe"].strip("<>").rsplit("/n/", 1)[1]
    assert Client().get(link).status_code == 200
    assert acts.of(two.buyer.person.id).digest
    assert Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not acts.of(two.buyer.person.id).digest
    assert Client().post("/n/forged").status_code == 404


def test_obligations_obey_what_was_chosen(sent, two):
    later = NOON + timedelta(minutes=5)
    acts.save(two.buyer.person.id, {"money": "1"})
    assert obligation.tell_all(now=later) == 0
    acts.save(two.buyer.person.id, {"turns": "1", "quiet_from": "00:00", "quiet_to": "23:59"})
    assert obligation.tell_all(now=later) == 0
    acts.save(two.buyer.person.id, {"turns": "1"})
    assert obligation.tell_all(now=later) == 1


def test_the_page_shows_and_keeps_the_choice(two):
    browser = signed(two.buyer)
    assert browser.get("/me/notices").status_code == 200
    assert browser.post("/me/notices", {"money": "1", "quiet_from": "22:00", "quiet_to": "07:30", "zone": "Asia/Shanghai"}).status_code == 302
    assert b'value="22:00"' in browser.get("/me/notices").content
    assert browser.post("/me/notices", {"quiet_from": "22:00"}).status_code == 422
    assert acts.of(two.buyer.person.id).wish.quiet_from is not None
