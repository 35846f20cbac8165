"""What is found, by what, and what is not."""

import pytest

from guanxi.catalog.listing import acts, forms, search
from guanxi.catalog.listing.table import Listing
from guanxi.people.table import Company
from guanxi.talk.call import by_viewer
from tests.make import actor, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]


@pytest.fixture
def bo():
    return actor("Bo", "Minggu")


def sell(one, title, **more):
    said = {"title": title, "unit": "pcs", "tiers": [{"price": "1"}], **more}
    call = by_viewer(viewer(one.person, one.company))
    return Listing.objects.get(pk=acts.make(call, draft=forms.read(said), publish=True)["listing"])


def titles(asked="", **more):
    by_id = dict(Listing.objects.values_list("id", "title"))
    return [by_id[one] for one in search.find(None, asked=asked, **more).ids]


@pytest.mark.parametrize(
    "asked",
    ["螺栓", "外六角", "luoshuan", "ls", "M8*30", "m8x30", "DIN 933", "933", "304 螺栓", "A-933", "hex bolts", "紧固件", "６９０１２３４５６７８９２"],
)
def test_goods_are_found_by_words_pinyin_specs_numbers_and_category(bo, asked):
    sizes = [{"options": [{"name": "M8×30"}], "barcode": "6901234567892"}]
    sell(bo, "304 外六角螺栓 DIN 933", number="A-933", category="hex-bolts", skus=sizes)
    sell(bo, "五层瓦楞纸箱", category="corrugated-boxes")
    assert titles(asked) == ["304 外六角螺栓 DIN 933"]


@pytest.mark.parametrize("asked", ["螺母", "M8*35", "'", "' | 'a", "!!!", "&", "\\"])
def test_what_is_not_there_is_not_found_whatever_the_signs(bo, asked):
    sell(bo, "304 外六角螺栓 M8×30")
    assert titles(asked) == []


def test_the_title_counts_more_than_the_rest(bo):
    sell(bo, "垫圈", keywords="配螺栓用")
    sell(bo, "螺栓 M8")
    sell(bo, "不锈钢内六角圆柱头带垫螺栓 M8")
    assert titles("螺栓") == ["螺栓 M8", "不锈钢内六角圆柱头带垫螺栓 M8", "垫圈"]


def test_only_what_is_on_sale_behind_open_doors(bo):
    row = sell(bo, "螺栓 M8")
    owner = viewer(bo.person, bo.company)
    Company.objects.filter(pk=bo.company.pk).update(door="name")
    assert titles("螺栓") == []
    assert search.find(owner, asked="螺栓").ids == [row.id]
    Company.objects.filter(pk=bo.company.pk).update(door="public")
    acts.hide(by_viewer(owner), listing=row.id)
    assert titles("螺栓") == []


def test_a_category_holds_what_stands_under_it_and_stock_can_be_asked_for(bo):
    sell(bo, "螺栓", category="hex-bolts", skus=[{"stock": "5"}])
    sell(bo, "螺母", category="hex-nuts")
    assert set(titles(category="hardware")) == set(titles(category="hardware-fasteners")) == {"螺栓", "螺母"}
    assert titles(category="hex-nuts") == ["螺母"]
    assert titles(category="food") == []
    assert titles(category="hardware", in_stock=True) == ["螺栓"]


def test_an_edit_is_found_at_once_and_the_old_words_no_more(bo):
    row = sell(bo, "螺栓")
    acts.edit(by_viewer(viewer(bo.person, bo.company)), listing=row.id, draft=forms.read({"title": "纸箱", "unit": "pcs", "tiers": [{"price": "1"}]}))
    assert titles("螺栓") == []
    assert titles("纸箱") == ["纸箱"]


def test_beyond_what_is_ranked_it_says_that_there_is_more(bo, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    for n in range(3):
        sell(bo, f"螺栓 {n}")
    found = search.find(None, asked="螺栓")
    assert (len(found.ids), found.more) == (2, True)
