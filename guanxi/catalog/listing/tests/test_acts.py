"""Make, edit, publish, hide: what stands afterwards, and who may not."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.catalog.listing import acts, forms, reads
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.people.table import Company, Membership
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from guanxi.talk.table import Upload
from tests.make import actor, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]

BOLT = {
    "title": "304 外六角螺栓 DIN 933", "number": "A-933", "category": "hex-bolts", "unit": "千件", "minimum": "5", "step": "5", "mixed": "on",
    "attributes": {"material": "304", "standard": "DIN 933"},
    "tiers": {"0": {"from": "5", "price": "486"}, "1": {"from": "20", "price": "472"}, "2": {"from": "", "price": ""}},
    "dimensions": {"0": {"name": "规格"}},
    "skus": {"0": {"options": {"0": {"name": "M8×25"}}, "stock": "180"}, "1": {"options": {"0": {"name": "M8×30"}}, "stock": ""}},
}  # fmt: skip


@pytest.fixture
def bo():
    return actor("Bo", "Minggu")


def call_of(one, role: str = "owner"):
    return by_viewer(viewer(one.person, one.company, role))


def made(one, **more):
    return Listing.objects.get(pk=acts.make(call_of(one), draft=forms.read(BOLT | more))["listing"])


def test_a_listing_stands_as_it_was_said(bo):
    row = made(bo)
    assert (row.state, row.title, row.category_id, row.mixed, row.minimum) == ("draft", "304 外六角螺栓 DIN 933", "hex-bolts", True, 5)
    assert row.tiers == [["5", "486"], ["20", "472"]]
    assert row.attributes == {"material": "304", "standard": "DIN 933"}
    assert [(sku.name, sku.stock) for sku in row.skus.all()] == [("M8×25", 180), ("M8×30", None)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"), ({"unit": ""}, "unit"), ({"category": "nothing"}, "category"), ({"category": "hardware"}, "category"),
        ({"tiers": {}}, "tiers"), ({"tiers": {"0": {"from": "1", "price": "2"}, "1": {"from": "9", "price": "3"}}}, "tiers"),
        ({"tiers": {"0": {"from": "1", "price": "2"}, "1": {"from": "1", "price": "1"}}}, "tiers"),
        ({"tiers": {"0": {"from": "1", "price": "abc"}}}, "tiers.0.price"),
        ({"tiers": {"0": {"from": "1", "price": "0"}}}, "tiers.0.price"), ({"tiers": {"0": {"from": "1", "price": "1.1234567"}}}, "tiers.0.price"),
        ({"minimum": "-1"}, "minimum"), ({"maximum": "2"}, "maximum"), ({"pack": "12"}, "pack"),
        ({"tax_rate": "14"}, "tax_rate"), ({"prices_for": "me"}, "prices_for"),
        ({"skus": {"0": {"options": {"0": {"name": "M8"}}}, "1": {"options": {"0": {"name": "M8"}}}}}, "skus"),
        ({"skus": {"0": {"options": {"0": {"name": "M8"}}}, "1": {}}}, "skus"), ({"skus": {"0": {"stock": "-1"}}}, "skus.0.stock"),
        ({"skus": {"0": {"barcode": "6901234567893"}}}, "skus.0.barcode"), ({"title": "a\x00b"}, "title"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_changes_nothing(bo, wrong, field):
    with pytest.raises(Invalid) as refused:
        made(bo, **wrong)
    assert field in refused.value.fields
    assert not Listing.objects.exists()


def test_only_pictures_of_ones_own_are_shown(bo):
    def upload(company, thumb="t"):
        file = {"name": "a.png", "mime": "image/png", "size": 1, "sha256": "", "path": "x", "thumb": thumb, "at": clock.now()}
        return Upload.objects.create(person_id=bo.person.id, company_id=company.id, **file)

    good, files, foreign = upload(bo.company), upload(bo.company, ""), upload(actor("Eve", "Elsewhere").company)
    for wrong in ([files], [good, foreign], [foreign]):
        with pytest.raises(Invalid) as refused:
            made(bo, pictures=[str(one.id) for one in wrong])
        assert "pictures" in refused.value.fields
    assert not Upload.objects.filter(public=True).exists()
    assert made(bo, pictures=[str(good.id)]).pictures == [str(good.id)]
    good.refresh_from_db()
    assert good.public


def test_a_valid_barcode_is_kept(bo):
    assert made(bo, skus={"0": {"barcode": "6901234567892"}}).skus.get().barcode == "6901234567892"


def test_a_number_is_used_once_a_company(bo):
    made(bo)
    with pytest.raises(Invalid) as refused:
        made(bo)
    assert "number" in refused.value.fields
    assert Listing.objects.count() == 1
    made(actor("Eve", "Elsewhere"))
    made(bo, number="")
    made(bo, number="")


@pytest.mark.parametrize("role", ["purchaser", "finance", "viewer"])
def test_only_those_who_sell_may_write(bo, role):
    row = made(bo)
    low = call_of(bo, role)
    Membership.objects.filter(person=bo.person).update(role=role)
    with pytest.raises(Refused):
        acts.make(low, draft=forms.read(BOLT | {"number": "B"}))
    for act in (acts.publish, acts.hide):
        with pytest.raises(Refused):
            act(low, listing=row.id)
    row.refresh_from_db()
    assert (row.state, Listing.objects.count()) == ("draft", 1)


def test_publish_hide_and_what_is_so_already(bo):
    row = made(bo)
    acts.publish(call_of(bo), listing=row.id)
    with pytest.raises(Refused):
        acts.publish(call_of(bo), listing=row.id)
    acts.hide(call_of(bo), listing=row.id)
    with pytest.raises(Refused):
        acts.hide(call_of(bo), listing=row.id)
    acts.publish(call_of(bo), listing=row.id)
    row.refresh_from_db()
    assert row.state == "published"


def test_one_that_the_operator_removed_stays_so(bo):
    row = made(bo)
    Listing.objects.filter(pk=row.pk).update(state="removed", removed_why="forbidden goods")
    with pytest.raises(Refused, match="forbidden goods"):
        acts.publish(call_of(bo), listing=row.id)


def test_anothers_is_not_there(bo):
    row, eve = made(bo), actor("Eve", "Elsewhere")
    for act in (acts.publish, acts.hide):
        with pytest.raises(NotFound):
            act(call_of(eve), listing=row.id)
    with pytest.raises(NotFound):
        acts.edit(call_of(eve), listing=row.id, draft=forms.read(BOLT))
    with pytest.raises(NotFound):
        reads.one(row.id, viewer(eve.person, eve.company))
    acts.publish(call_of(bo), listing=row.id)
    assert reads.one(row.id, viewer(eve.person, eve.company)).named_price == Decimal(472)
    assert reads.one(row.id, None).named_price == Decimal(472)
    with pytest.raises(NotFound):
        acts.edit(call_of(bo), listing=uuid4(), draft=forms.read(BOLT))


def test_sizes_keep_their_identity_when_renamed_and_go_when_left_out(bo):
    row = made(bo)
    first, second = row.skus.all()
    renamed = {"0": {"id": str(second.id), "options": {"0": {"name": "M8×35"}}, "stock": "64"}, "1": {"options": {"0": {"name": "M10×30"}}}}
    acts.edit(call_of(bo), listing=row.id, draft=forms.read(BOLT | {"skus": renamed}))
    living = list(row.skus.filter(gone_at=None))
    assert [(sku.name, sku.stock) for sku in living] == [("M8×35", 64), ("M10×30", None)]
    assert living[0].id == second.id
    assert Sku.objects.get(pk=first.id).gone_at is not None


def test_stock_is_never_less_than_what_is_reserved(bo):
    row = made(bo)
    first = row.skus.first()
    Sku.objects.filter(pk=first.pk).update(reserved=100)
    less = {"0": {"id": str(first.id), "options": {"0": {"name": "M8×25"}}, "stock": "99"}}
    with pytest.raises(Invalid) as refused:
        acts.edit(call_of(bo), listing=row.id, draft=forms.read(BOLT | {"skus": less}))
    assert list(refused.value.fields) == ["skus.0.stock"]
    with pytest.raises(IntegrityError, match="reserved_within_stock"), transaction.atomic():
        Sku.objects.filter(pk=first.pk).update(stock=99)


@pytest.mark.parametrize(
    ("prices_for", "stranger", "guest", "verified", "partner"),
    [
        ("everyone", True, True, True, True),
        ("signed_in", False, True, True, True),
        ("verified", False, False, True, False),
        ("partners", False, False, False, True),
    ],
)
def test_prices_are_for_whom_they_are_meant(bo, prices_for, stranger, guest, verified, partner):
    row = made(bo, prices_for=prices_for)
    acts.publish(call_of(bo), listing=row.id)
    ana = actor("Ana", "Haichuan")
    who = viewer(ana.person, ana.company)
    friend, checked = actor("Cai", "Haichuan Trade"), actor("Dan", "Verified")
    pair_conversation(bo.company.id, friend.company.id, now=row.made_at)
    Company.objects.filter(pk=checked.company.pk).update(verified_at=row.made_at)
    eyes = [None, who, viewer(checked.person, checked.company), viewer(friend.person, friend.company)]
    assert [bool(reads.one(row.id, one).ladders) for one in eyes] == [stranger, guest, verified, partner]
    assert reads.one(row.id, viewer(bo.person, bo.company)).ladders, "one's own prices are always seen"


def test_a_shop_takes_as_many_statements_for_fifty_as_for_one(bo, django_assert_num_queries):
    for n in range(1, 51):
        acts.publish(call_of(bo), listing=made(bo, number=f"A-{n}").id)
        if n in (1, 50):
            with django_assert_num_queries(2):
                assert len(reads.shop(bo.company.id, None)) == min(n, reads.PAGE)
    last = reads.shop(bo.company.id, None)[-1].listing
    assert len(reads.shop(bo.company.id, None, after=(last.changed_at.isoformat(), str(last.id)))) == reads.PAGE
