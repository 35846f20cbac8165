"""What waits for a person is told to operators once a day; what a provider refuses for good is no silence (quality.md section 4)."""

from datetime import timedelta

import pytest

from guanxi.base import clock, milestones
from guanxi.base.doctor import parts as doctor
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.payment import provider
from guanxi.deals.payment.table import Payout
from guanxi.operator import acts, alarm, money, work
from guanxi.pay.port import Event, Final
from guanxi.pay.providers.sandbox import notice
from guanxi.pay.providers.sandbox.provider import Sandbox
from guanxi.pay.table import ProviderEvent, Suspense
from guanxi.people.operators.acts import appoint
from guanxi.people.operators.table import OperatorAct
from guanxi.people.sender import memory
from tests import make
from tests.api.caller import trade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _told(settings):
    settings.SENDER, settings.PROVIDERS = "memory", ("sandbox",)
    memory.SENT.clear()


@pytest.fixture
def kim():
    who = make.person("Kim", email="kim@market.example", language="en")
    appoint(who.id, now=clock.now())
    return who.id


def unknown_money():
    Suspense.objects.create(provider="sandbox", event_id=new_id().hex, reason="unknown", amount=5, currency="CNY", at=clock.now())


def test_each_kind_is_told_once_a_day_while_it_lasts_and_anew_when_it_comes_back(kim):
    now = clock.now()
    assert alarm.tell_all(now=now) == 0
    unknown_money()
    milestones.note("check", now=now, differences=2)
    assert [alarm.tell_all(now=now + timedelta(hours=hour)) for hour in (0, 1, 23, 25)] == [2, 0, 0, 2]
    assert [sent.address for sent in memory.SENT] == ["kim@market.example"] * 2
    assert "Unknown money (1)" in memory.SENT[0].text
    assert "/console/reconciliation" in memory.SENT[0].text
    Suspense.objects.update(settled_at=now)
    milestones.note("check", now=now, differences=0)
    assert alarm.tell_all(now=now + timedelta(hours=26)) == 0
    unknown_money()
    assert alarm.tell_all(now=now + timedelta(hours=27)) == 1


def test_nobody_but_operators_hears_of_it(kim):
    pair = make.pair()
    unknown_money()
    alarm.tell_all(now=clock.now())
    assert pair.buyer.person.name not in str(memory.SENT)
    assert len(memory.SENT) == 1


def test_a_mail_that_does_not_leave_stops_nobody(kim, settings):
    settings.SENDER, settings.SMTP_URL = "mail", "smtp://127.0.0.1:9"
    unknown_money()
    assert alarm.tell_all(now=clock.now()) == 1


def test_what_a_provider_refuses_for_good_is_told_at_once_and_asked_again_by_a_person(kim, monkeypatch):
    one, now = trade(1).ask().offer().accept().pay(), clock.now()
    row = Payout.objects.create(
        conversation_id=one.pair.conversation, payment_id=one.payment.split(".")[1], order_id=new_id(), company_id=one.pair.buyer.company.id, kind="refund",
        amount=5, currency="CNY", asked_at=now,
    )  # fmt: skip

    def never(self, outgoing, *, now):
        raise Final("account-closed")

    monkeypatch.setattr(Sandbox, "refund", never)
    provider.refund(row.conversation_id, {"payout": str(row.id)}, key="", now=now)
    assert Payout.objects.get(pk=row.id).state == "asked"
    assert [(late.payout.id, late.reason) for late in money.late_payouts(now)] == [(row.id, "account-closed")]
    assert (work.counts(now).refused, work.counts(now).work) == (1, 1)
    assert alarm.tell_all(now=now) == 1
    assert "refused for good (1)" in memory.SENT[-1].text
    assert next(finding.state for finding in doctor.money()) == "look"
    acts.retry_payout(kim, row.id, reason="Another account", now=now)
    assert work.counts(now).refused == 0


def test_an_event_nobody_handled_is_settled_again_or_said_to_be_unreadable(kim):
    now = clock.now()
    event = Event(provider="sandbox", id="e1", kind="paid", number=new_id().hex, attach=new_id().hex, amount=500, currency="CNY", merchant="guanxi",
                  reference="r", at=now)  # fmt: skip
    row = ProviderEvent.objects.create(provider="sandbox", event_id="e1", raw=notice.write(event, now=now).raw, verified=True, received_at=now)
    with pytest.raises(Invalid):
        acts.retry_event(kim, row.id, reason="", now=now)
    with pytest.raises(NotFound):
        acts.retry_event(make.person("Ana").id, row.id, reason="Because", now=now)
    assert acts.retry_event(kim, row.id, reason="The database was away", now=now) == "suspense"
    row.refresh_from_db()
    assert (row.outcome, row.handled_at) == ("suspense", now)
    assert Suspense.objects.get().amount == 500
    with pytest.raises(NotFound):
        acts.retry_event(kim, row.id, reason="Once more", now=now)
    odd = ProviderEvent.objects.create(provider="sandbox", event_id="e2", raw=b"{}", verified=True, received_at=now)
    with pytest.raises(Refused) as refused:
        acts.retry_event(kim, odd.id, reason="Try", now=now)
    assert refused.value.code == "unreadable"
    assert [one.act for one in OperatorAct.objects.all()] == ["event.retry"]
