"""The last one of a company does not close his account while a deal waits for it."""

import pytest

from guanxi.base import clock
from guanxi.base.errors import Refused
from guanxi.deals.deal.table import Deal
from guanxi.people.account import acts
from guanxi.people.table import Membership, Person
from tests.api.caller import enquiry, trade

pytestmark = pytest.mark.django_db


def test_the_last_one_of_a_company_finishes_its_deals_first():
    one = trade(1)
    one.buyer.post("/rfqs", enquiry(one.pair.supplier, lines=1))
    who = one.pair.buyer.person
    with pytest.raises(Refused) as refused:
        acts.close(who.id, now=clock.now())
    assert refused.value.code == "live-deals"
    row = Person.objects.get(pk=who.pk)
    assert (row.closed_at, row.name) == (None, who.name)
    assert Membership.objects.filter(person=who, ended_at=None).exists()
    Deal.objects.update(state="done")
    acts.close(who.id, now=clock.now())
    assert Person.objects.get(pk=who.pk).email is None


def test_a_colleague_may_go_while_others_finish():
    one = trade(1)
    one.buyer.post("/rfqs", enquiry(one.pair.supplier, lines=1))
    who = one.pair.colleague(one.pair.buyer, "purchaser")
    acts.close(who.person.id, now=clock.now())
    assert Person.objects.get(pk=who.person.pk).closed_at is not None
