"""A list into the shop: new, changed, as it was; twice changes nothing."""

from decimal import Decimal

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, Refused
from guanxi.catalog.imports import acts, command
from guanxi.catalog.imports.plan import plan
from guanxi.catalog.listing import search
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.people.table import Membership
from guanxi.sheets import read_prices
from guanxi.talk.call import by_viewer
from tests.make import actor, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]
LIST = "货号,品名,材质,单位,起订量,单价(元),库存\nA-1,外六角螺栓 M8×30,304,千件,5,486,180\nA-2,六角螺母 M8,304,千件,5,面议,\nA-3,平垫圈,304,千件,10,42,0\n"


@pytest.fixture
def bo():
    return actor("Bo", "Minggu")


def take(one, text: str, **more) -> dict[str, int]:
    call = by_viewer(viewer(one.person, one.company))
    return acts.take(call, steps=plan(one.company.id, read_prices(text).products), publish=more.get("publish", False))


def test_a_list_becomes_goods_that_are_found_at_once(bo):
    assert take(bo, LIST, publish=True) == {"new": 3, "changed": 0, "same": 0}
    first = Listing.objects.get(number="A-1")
    assert (first.title, first.unit, first.minimum, first.tiers, first.attributes) == ("外六角螺栓 M8×30", "千件", 5, [["5", "486"]], {"材质": "304"})
    assert first.skus.get().stock == 180
    assert Listing.objects.get(number="A-2").ask
    assert search.find(None, asked="luoshuan M8*30").ids == [first.id]


def test_the_same_list_again_changes_nothing(bo):
    take(bo, LIST)
    before = list(Listing.objects.order_by("number").values())
    assert take(bo, LIST) == {"new": 0, "changed": 0, "same": 3}
    assert list(Listing.objects.order_by("number").values()) == before


def test_a_changed_price_changes_one_and_keeps_what_the_supplier_wrote(bo):
    take(bo, LIST, publish=True)
    row = Listing.objects.get(number="A-1")
    sku = row.skus.get()
    Listing.objects.filter(pk=row.pk).update(description="Ours", prices_for="partners", pictures=["x"])
    assert take(bo, LIST.replace("486", "472")) == {"new": 0, "changed": 1, "same": 2}
    row.refresh_from_db()
    assert (row.tiers, row.state, row.description, row.prices_for, row.pictures) == ([["5", "472"]], "published", "Ours", "partners", ["x"])
    assert row.skus.get().id == sku.id


def test_goods_without_a_number_are_known_by_their_title(bo):
    bare = LIST.replace("货号,", "").replace("A-1,", "").replace("A-2,", "").replace("A-3,", "")
    assert take(bo, bare)["new"] == 3
    assert take(bo, bare) == {"new": 0, "changed": 0, "same": 3}


def test_what_is_reserved_outlives_a_list_that_counts_less(bo):
    take(bo, LIST)
    Sku.objects.filter(listing__number="A-1").update(reserved=Decimal(100))
    with pytest.raises(Invalid):
        take(bo, LIST.replace(",180", ",50"))
    assert Sku.objects.get(listing__number="A-1").stock == 180


def test_a_lower_role_takes_nothing(bo):
    Membership.objects.filter(person=bo.person).update(role="purchaser")
    with pytest.raises(Refused):
        take(bo, LIST)
    assert not Listing.objects.exists()


def test_a_long_list_takes_as_many_statements_to_compare_as_a_short_one(bo, django_assert_num_queries):
    head, *_rest = LIST.splitlines()
    long = "\n".join([head, *(f"B-{n},螺栓 {n},304,件,1,{n + 1},5" for n in range(400))])
    assert take(bo, long)["new"] == 400
    products = read_prices(long).products
    with django_assert_num_queries(3):
        steps = plan(bo.company.id, products)
    assert acts.count(steps) == {"new": 0, "changed": 0, "same": 400}


def test_the_command_stores_drafts_in_the_owners_name(bo):
    assert command.store(bo.company.handle, read_prices(LIST).products)["new"] == 3
    assert set(Listing.objects.values_list("company", "state")) == {(bo.company.id, "draft")}
    with pytest.raises(command.NoSuchShop):
        command.store("nobody-at-all", [])
    assert Listing.objects.filter(made_at__lte=clock.now()).count() == 3
