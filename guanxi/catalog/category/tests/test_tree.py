"""The tree that ships, and other trees."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from guanxi.catalog.category import reads, tree
from guanxi.catalog.category.attributes import ATTRIBUTES
from guanxi.catalog.category.table import Category
from guanxi.people.sectors import SECTORS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]


def shipped() -> list[tree.Node]:
    with tree.SHIPPED.open(encoding="utf-8") as lines:
        return list(tree.read(lines))


def test_it_has_every_sector_and_three_hundred_leaves():
    nodes = shipped()
    assert {node.code for node in nodes if node.depth == 0} == set(SECTORS)
    assert sum(node.depth == 2 for node in nodes) >= 300
    assert {one for node in nodes for one in node.attributes} <= set(ATTRIBUTES)
    assert all(node.zh and node.en for node in nodes)


def test_a_new_instance_has_it():
    for depth in (2, 1, 0):
        Category.objects.filter(depth=depth).delete()
    import_module("guanxi.catalog.migrations.0002_category_tree").load(apps, None)
    tops = reads.tree()
    assert len(tops) == len(SECTORS)
    with translation.override("zh-hans"):
        assert reads.leaf("hex-bolts").words == "外六角螺栓"
    assert reads.leaf("hex-bolts").attributes == ["material", "size", "standard", "grade", "finish"]
    assert reads.leaf("hardware") is None, "goods stand in leaves"


@pytest.mark.parametrize(
    ("rows", "why"),
    [(["a,,甲,A,", "a,,乙,B,"], "line 3"), (["a,b,甲,A,"], "line 2: its parent b"), (["a,,甲,A,", "b,a,乙,B,", "c,b,丙,C,", "d,c,丁,D,"], "line 5: too deep")],
)
def test_a_tree_that_cannot_stand_is_refused_by_line(rows, why):
    with pytest.raises(ValueError, match=why):
        list(tree.read(["code,parent,zh,en,attributes", *rows]))


def test_another_tree_changes_names_and_adds_leaves():
    before = Category.objects.count()
    tree.load(Category, tree.read(["code,parent,zh,en,attributes", "hardware,,五金,Ironware,", "more,hardware,更多,More,size", "nails,more,钉子,Nails,"]))
    assert Category.objects.count() == before + 2
    assert Category.objects.get(pk="nails").attributes == ["size"]
    assert Category.objects.get(pk="hardware").en == "Ironware"
