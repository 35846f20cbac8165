"""The catalogue as a file, for those who sell and nobody else."""

import json

import pytest

from guanxi.catalog.listing import acts, forms
from guanxi.people.table import Membership
from guanxi.talk.call import by_viewer
from tests.make import Actor, actor, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Actor:
    one = actor("Bo", "Minggu")
    acts.make(by_viewer(viewer(one.person, one.company)), draft=forms.read({"title": "六角螺栓", "unit": "件", "tiers": {"0": {"from": "1", "price": "2"}}}))
    return one


def test_the_catalogue_leaves_as_a_workbook_and_as_json(bo: Actor):
    client = signed(bo)
    book = client.get("/goods/catalogue.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")
    said = json.loads(b"".join(client.get("/goods/catalogue.json").streaming_content))
    assert [one["title"] for one in said["listings"]] == ["六角螺栓"]
    assert 'href="/goods/catalogue.xlsx"' in client.get("/goods").content.decode()


def test_another_company_gets_its_own_only(bo: Actor):
    client = signed(actor("Mei", "Hengda"))
    assert json.loads(b"".join(client.get("/goods/catalogue.json").streaming_content)) == {"format": "guanxi-catalogue-1", "listings": []}


def test_a_viewer_may_not_take_it_away(bo: Actor):
    Membership.objects.filter(person=bo.person).update(role="viewer")
    client = signed(bo)
    assert client.get("/goods/catalogue.xlsx").status_code == 409
