"""What was agreed with one buyer: he sees it everywhere, nobody else anywhere; priority, validity, the end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.catalog.exports import make as exports
from guanxi.catalog.listing import acts as listings
from guanxi.catalog.listing import forms as listing_forms
from guanxi.catalog.listing import reads
from guanxi.catalog.listing.table import Listing
from guanxi.catalog.pricelist import acts, forms
from guanxi.catalog.pricelist.table import Agreed, Customer, PriceList
from guanxi.people.table import Membership
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from tests.make import Actor, actor, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Actor:
    """A supplier who sells bolts at 486."""
    one = actor("Bo", "Minggu")
    bolt = {"title": "外六角螺栓", "number": "A-933", "unit": "件", "tiers": {"0": {"from": "5", "price": "486"}}}
    listings.make(call_of(one), draft=listing_forms.read(bolt), publish=True)
    return one


@pytest.fixture
def mei(bo: Actor) -> Actor:
    return friend(bo, "Mei", "Hengda")


@pytest.fixture
def lin(bo: Actor) -> Actor:
    return friend(bo, "Lin", "Yuanfang")


def friend(bo: Actor, name: str, firm: str) -> Actor:
    """Somebody the supplier talks with."""
    one = actor(name, firm)
    pair_conversation(bo.company.id, one.company.id, now=clock.now(), responsible=bo.person.id)
    return one


def call_of(one: Actor, role: str = "owner"):
    return by_viewer(viewer(one.person, one.company, role))


def agree(bo: Actor, *buyers: Actor, lines: str = "A-933 5+ 333.5; 20+ 327.7", **more: object) -> str:
    said = {"name": "经销商", "customers": "\n".join(one.company.name for one in buyers), "lines": lines, **more}
    return acts.make(call_of(bo), draft=forms.read(said))["price_list"]


def price_for(one: Actor | None) -> Decimal | None:
    return reads.one(Listing.objects.get().id, viewer(one.person, one.company) if one else None).named_price


def test_the_chosen_buyer_sees_his_price_and_everybody_else_the_shop_s(bo, mei, lin):
    agree(bo, mei)
    assert (price_for(mei), price_for(lin), price_for(None), price_for(bo)) == (Decimal("327.7"), Decimal(486), Decimal(486), Decimal(486))


def test_no_page_and_no_file_of_another_shows_it(bo, mei, lin):
    agree(bo, mei)
    listing = Listing.objects.get()
    places = [f"/g/{listing.id}", f"/co/{bo.company.handle}/goods", "/discover?q=螺栓", "/goods", "/goods/catalogue.json"]
    assert "333.5" in signed(mei).get(places[0]).content.decode()
    assert "327.7" in signed(mei).get(places[1]).content.decode()
    for where in places:
        answer = signed(lin).get(where)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"333.5" not in body, where
        assert b"327.7" not in body, where
    assert "333.5" not in "".join(exports.lines(bo.company.id))


def test_two_buyers_with_lists_of_their_own_see_only_their_own(bo, mei, lin):
    agree(bo, mei, lines="A-933 300")
    agree(bo, lin, lines="A-933 400")
    assert (price_for(mei), price_for(lin)) == (300, 400)


def test_of_two_lists_the_higher_priority_holds_then_the_newer(bo, mei):
    agree(bo, mei, lines="A-933 300", priority="5")
    agree(bo, mei, lines="A-933 310", priority="1")
    assert price_for(mei) == 300
    agree(bo, mei, lines="A-933 305", priority="5")
    assert price_for(mei) == 305


@pytest.mark.parametrize(("days", "wanted"), [((-2, -1), 486), ((1, 2), 486), ((0, 0), 300), ((-1, 1), 300)])
def test_it_holds_on_its_days_only(bo, mei, days, wanted):
    first, last = (clock.today() + timedelta(days=one) for one in days)
    agree(bo, mei, lines="A-933 300", starts_on=first.isoformat(), ends_on=last.isoformat())
    assert price_for(mei) == wanted


def test_it_ends_at_once_and_only_once(bo, mei):
    made = agree(bo, mei)
    acts.end(call_of(bo), price_list=PriceList.objects.get(pk=made).id)
    assert price_for(mei) == 486
    with pytest.raises(Refused):
        acts.end(call_of(bo), price_list=PriceList.objects.get().id)


def test_goods_whose_price_is_asked_for_show_it_to_the_chosen_one(bo, mei, lin):
    Listing.objects.update(ask=True)
    agree(bo, mei)
    assert (price_for(mei), price_for(lin)) == (Decimal("327.7"), None)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": "A-933 4-5"}, "lines"), ({"lines": "B-1 5"}, "lines"), ({"lines": "A-933 5+ 3; 9+ 4"}, "lines"), ({"lines": "A-933 5\na-933 6"}, "lines"),
        ({"customers": "Nobody"}, "customers"), ({"name": ""}, "name"), ({"starts_on": "2026-02-02", "ends_on": "2026-02-01"}, "ends_on"),
        ({"priority": "-1"}, "priority"), ({"starts_on": "never"}, "starts_on"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(bo, mei, more, field):
    with pytest.raises(Invalid) as wrong:
        agree(bo, mei, **more)
    assert field in wrong.value.fields
    assert not PriceList.objects.exists()


def test_a_company_one_does_not_talk_with_is_not_found_out(bo):
    actor("Wu", "Shuguang")
    with pytest.raises(Invalid) as known:
        acts.make(call_of(bo), draft=forms.read({"name": "x", "customers": "Shuguang", "lines": "A-933 1"}))
    with pytest.raises(Invalid) as unknown:
        acts.make(call_of(bo), draft=forms.read({"name": "x", "customers": "Nowhere", "lines": "A-933 1"}))
    assert str(known.value.fields["customers"]).replace("Shuguang", "") == str(unknown.value.fields["customers"]).replace("Nowhere", "")


def test_another_supplier_cannot_end_it_and_a_buyer_s_role_cannot_make_one(bo, mei, lin):
    made = agree(bo, mei)
    with pytest.raises(NotFound):
        acts.end(call_of(lin), price_list=PriceList.objects.get(pk=made).id)
    Membership.objects.filter(person=bo.person).update(role="purchaser")
    with pytest.raises(Refused):
        agree(bo, mei)
    assert (PriceList.objects.count(), Customer.objects.count(), Agreed.objects.count()) == (1, 1, 1)
