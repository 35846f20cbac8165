"""Work that was given up, and money a provider did not confirm: tried again, with a reason."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import new_id
from guanxi.base.outbox.jobs import perform
from guanxi.base.table import Outbox
from guanxi.deals.payment.table import Payout
from guanxi.operator import acts, money, work
from guanxi.people.operators.acts import appoint
from guanxi.people.operators.table import OperatorAct
from tests import make
from tests.api.caller import trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    who = make.person("Kim")
    appoint(who.id, now=clock.now())
    return who.id


def fail(job: int) -> None:
    """The worker gave it up."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 12 WHERE id = %s", [job])


def test_a_job_that_was_given_up_goes_back_to_the_queue(kim):
    conversation = new_id()
    job = perform.defer(name="order.expire", conversation=str(conversation), body={}, key="k")
    with pytest.raises(NotFound):
        acts.retry_job(kim, job, reason="It waits", now=clock.now())
    fail(job)
    assert [(one.id, one.effect, one.tries) for one in work.failed(clock.now())] == [(job, "order.expire", 12)]
    with pytest.raises(Invalid):
        acts.retry_job(kim, job, reason="", now=clock.now())
    assert ProcrastinateJob.objects.get(pk=job).status == "failed"
    acts.retry_job(kim, job, reason="The provider was away", now=clock.now())
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"
    assert OperatorAct.objects.get().conversation_id == conversation


def test_nobody_but_an_operator_does_it():
    job = perform.defer(name="order.expire", conversation=str(new_id()), body={}, key="k")
    fail(job)
    with pytest.raises(NotFound):
        acts.retry_job(make.person("Ana").id, job, reason="Because", now=clock.now())
    assert ProcrastinateJob.objects.get(pk=job).status == "failed"


def test_money_that_is_late_is_asked_for_again_under_the_same_number(kim, settings):
    settings.PROVIDERS = ["sandbox"]
    one = trade(1).ask().offer().accept().pay()
    payment = one.payment.split(".")[1]
    row = Payout.objects.create(
        conversation_id=one.pair.conversation, payment_id=payment, order_id=new_id(), company_id=one.pair.supplier.company.id, kind="release", amount=5,
        currency="CNY", asked_at=clock.now() - timedelta(hours=3),
    )  # fmt: skip
    assert [late.payout.id for late in money.late_payouts(clock.now())] == [row.id]
    assert work.counts(clock.now()).payouts == 1
    acts.retry_payout(kim, row.id, reason="Nothing came", now=clock.now())
    effect = Outbox.objects.get(effect="payment.payout", moved_at=None)
    assert effect.body == {"payout": str(row.id)}
    assert OperatorAct.objects.get().company_id == one.pair.supplier.company.id


def test_the_statement_agrees_row_by_row_and_says_what_does_not(settings):
    settings.PROVIDERS = ["sandbox"]
    trade(1).ask().offer().accept().pay()
    assert money.statement(whole=False) == []
    rows = money.statement(whole=True)
    assert [(row.kind, row.state, row.theirs == row.ours) for row in rows] == [("capture", "same", True)]
    debit, credit = money.sums(money.trial())["CNY"]
    assert debit == credit > 0
    assert money.balanced()
    assert money.differences() == []
