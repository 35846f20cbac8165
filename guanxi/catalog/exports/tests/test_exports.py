"""The catalogue leaves as a workbook and comes back without a change, whatever stands in it."""

import json
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.catalog.exports import make
from guanxi.catalog.imports import acts as imports
from guanxi.catalog.imports.plan import plan
from guanxi.catalog.listing import acts, forms
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.sheets import read_prices
from guanxi.talk.call import by_viewer
from tests.make import actor, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]
TITLES = ("外六角螺栓（加厚）", "LED Downlight 7W", "=SUM(A1)", "@home 灯", "T恤　全棉", "3/4 水管 2.5m", "Ｍ８螺母", "电缆, 3*2.5", "杯:盖")
UNITS = ("件", "千件", "kg", "公斤", "双", "PCS", "箱", "㎡", "卷")


@pytest.fixture
def bo():
    return actor("Bo", "Minggu")


def call_of(one):
    return by_viewer(viewer(one.person, one.company))


def some(dice: random.Random, n: int) -> dict:
    """A listing as the editor sends it, of any kind."""
    steps = sorted(dice.sample(range(1, 900), dice.randint(1, 4)))
    start = Decimal(dice.randint(1000, 99999)) / 100
    tiers = {str(k): {"from": str(least), "price": str(start - k)} for k, least in enumerate(steps)}
    said = {
        "title": dice.choice(TITLES) + f" {n}", "unit": dice.choice(UNITS), "number": dice.choice(["", f"ab-{n}", f"{n:06}"]), "tiers": tiers,
        "minimum": str(dice.choice([1, 5, 12, "2.5"])), "step": str(dice.choice([1, 5])), "currency": dice.choice(["CNY", "USD", "GBP", "EUR", "HKD", "JPY"]),
        "attributes": {"material": "304", "单价说明": "含运费; 停产"}, "tax_included": dice.choice(["on", "off"]), "description": "停产前最后一批, 未税",
    }  # fmt: skip
    if dice.random() < 0.2:
        said["ask"] = "on"
    if dice.random() < 0.3:
        said |= {"pack": "12", "pack_unit": dice.choice(["手", "大包", "托"])}
    names = dice.choice([[], ["规格"], ["颜色", "尺码"], ["尺码", "颜色"], ["colour"], ["材质", "长度", "颜色"]])
    said["dimensions"] = {str(k): {"name": name} for k, name in enumerate(names)}
    if names:
        said["skus"] = {
            str(k): {
                "options": {str(m): {"name": f"{'红/白蓝黑'[k % 5]}{k}-{m}"} for m in range(len(names))}, "stock": dice.choice(["", "0", "7", "12.5"]),
                "tiers": {"0": {"from": "1", "price": str(start + 5)}} if dice.random() < 0.2 else {},
            }
            for k in range(dice.randint(1, 4))
        }  # fmt: skip
    return said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("seed", range(6))
def test_what_went_out_comes_back_without_a_change(bo, seed: int, language: str):
    dice = random.Random(seed)
    for n in range(12):
        acts.make(call_of(bo), draft=forms.read(some(dice, n)), publish=n % 2 == 0)
    before = list(Listing.objects.order_by("id").values()), list(Sku.objects.order_by("id").values())
    got = read_prices(make.workbook(bo.company.id, language=language))
    steps = plan(bo.company.id, got.products)
    assert got.rejected == []
    assert [(step.listing is not None, step.changes) for step in steps] == [(True, [])] * 12
    assert imports.take(call_of(bo), steps=steps, publish=True) == {"new": 0, "changed": 0, "same": 12}
    assert (list(Listing.objects.order_by("id").values()), list(Sku.objects.order_by("id").values())) == before


def test_json_holds_everything_and_nothing_of_others(bo):
    acts.make(call_of(bo), draft=forms.read(some(random.Random(1), 1)))
    other = actor("Mei", "Hengda")
    acts.make(call_of(other), draft=forms.read(some(random.Random(2), 2)))
    said = json.loads("".join(make.lines(bo.company.id)))
    [one] = said["listings"]
    row = Listing.objects.get(company=bo.company)
    assert (one["id"], one["title"], one["tiers"], len(one["skus"])) == (str(row.id), row.title, row.tiers, row.skus.count())


def test_as_many_statements_for_one_as_for_fifty(bo):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            "".join(make.lines(bo.company.id))
        return len([one for one in seen if "catalog_" in one["sql"]])

    acts.make(call_of(bo), draft=forms.read(some(random.Random(0), 0)))
    first = statements()
    for n in range(1, 50):
        acts.make(call_of(bo), draft=forms.read(some(random.Random(n), n)))
    assert statements() == first
