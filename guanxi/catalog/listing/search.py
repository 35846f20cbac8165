"""Goods by word, pinyin, number or specification: indexed in the transaction that stores them."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from guanxi.catalog.category.table import Category
from guanxi.catalog.listing.forms import Draft
from guanxi.catalog.listing.table import Listing
from guanxi.people.viewer import Viewer
from guanxi.talk.search import tokens

CANDIDATES = 1000  # ranked at most; beyond, `1,000+` is said and a further word asked for
WRITE = """
    UPDATE catalog_listing l SET words = array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(n.words)))
    FROM json_to_recordset(%s::json) AS n(id uuid, words jsonb) WHERE l.id = n.id
"""
FIND = """
    SELECT l.id, l.title FROM catalog_listing l JOIN people_company c ON c.id = l.company_id AND c.suspended_at IS NULL
    WHERE l.state = 'published' AND (c.door = 'public' OR c.id = %(ours)s) AND (%(words)s = '' OR l.words @@ %(words)s::tsquery)
    AND (%(category)s = '' OR l.category_id IN (SELECT code FROM catalog_category WHERE %(category)s IN (code, parent_id)
        OR parent_id IN (SELECT code FROM catalog_category WHERE parent_id = %(category)s)))
    AND (NOT %(stock)s OR EXISTS (SELECT 1 FROM catalog_sku s WHERE s.listing_id = l.id AND s.gone_at IS NULL AND s.stock > s.reserved))
    {order} LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids by rank; `more` when there are more than were ranked."""

    ids: list[UUID]
    more: bool


def index(row: Listing, draft: Draft) -> None:
    """Everything it says, its category in both languages, its sizes; a category's name finds what stands in it."""
    index_all([(row, draft)])


def index_all(said: list[tuple[Listing, Draft]]) -> None:
    """Several at once: two statements."""
    codes = {row.category_id for row, _draft in said if row.category_id}
    categories = {one.code: one for one in Category.objects.select_related("parent").filter(pk__in=codes)} if codes else {}
    words = [{"id": str(row.id), "words": words_of(row, draft, categories.get(row.category_id or ""))} for row, draft in said]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [json.dumps(words)])


def words_of(row: Listing, draft: Draft, category: Category | None) -> list[str]:
    """What a listing is found by."""
    names = [name for node in (category, category and category.parent) if node for name in (node.zh, node.en)]
    sizes = [text for sku in draft.skus for text in (*sku.options, " ".join(sku.options), sku.number, sku.barcode)]
    said = [row.title, row.number, row.keywords, row.origin, row.certificates, *row.attributes.values(), *names, *sizes]
    return sorted(tokens.of_text("\n".join(filter(None, said))))


def find(viewer: Viewer | None, *, asked: str = "", category: str = "", in_stock: bool = False) -> Found:
    """What is on sale behind open doors: the best match first, then the newest; without words the newest (docs/how/search.md)."""
    words = tokens.query(asked)
    if asked.strip() and not words:
        return Found([], False)
    order = "" if words else "ORDER BY l.changed_at DESC, l.id DESC"
    given = {"ours": viewer.company if viewer else None, "words": words, "category": category, "stock": in_stock, "most": CANDIDATES + 1}
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(order=order), given)
        rows = cursor.fetchall()
    wanted = tokens.wanted(asked)
    ranked = sorted(rows[:CANDIDATES], key=lambda row: -closeness(wanted, row[1])) if words else rows[:CANDIDATES]
    return Found([row[0] for row in ranked], len(rows) > CANDIDATES)


def closeness(wanted: list[str], title: str) -> float:
    """How much of what was asked stands in the title itself, then how little else does: 0 to 2."""
    said = tokens.normal(title)
    both = sum(one in said for one in wanted)
    return both / max(1, len(wanted)) + sum(len(one) for one in wanted if one in said) / max(1, len(said) * 2)
