"""Take a planned list into the shop, a few hundred products a transaction. For those who sell."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from guanxi.catalog.imports.plan import Step
from guanxi.catalog.imports.same import SAID
from guanxi.catalog.listing import search
from guanxi.catalog.listing.acts import change_skus, held, new_sku
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.people.companies.acts import Call, locked

CHUNK = 300


def take(call: Call, *, steps: list[Step], publish: bool) -> dict[str, int]:
    """{new, changed, same}: how many of each. A new listing is a draft unless `publish`; one that is there keeps its state. Each chunk is
    whole or not at all; to take the list again goes on where it was cut off. Raises Refused for a lower role."""
    for chunk in chunks([step for step in steps if step.kind == "new"]):
        with transaction.atomic():
            _add(call, chunk, publish=publish)
    for step in steps:
        if step.kind == "changed":
            _change(call, step)
    return count(steps)


def count(steps: list[Step]) -> dict[str, int]:
    """How many are new, changed, the same."""
    return {kind: sum(step.kind == kind for step in steps) for kind in ("new", "changed", "same")}


def chunks(steps: list[Step]) -> Iterator[list[Step]]:
    for n in range(0, len(steps), CHUNK):
        yield steps[n : n + CHUNK]


def _add(call: Call, steps: list[Step], *, publish: bool) -> None:
    company = locked(call, power="sell")
    common: dict[str, Any] = {"company": company, "state": "published" if publish else "draft", "made_at": call.now, "changed_at": call.now}
    rows = [Listing(**common, **step.draft.columns) for step in steps]
    Listing.objects.bulk_create(rows)
    Sku.objects.bulk_create(new_sku(row, n, sku) for row, step in zip(rows, steps, strict=True) for n, sku in enumerate(step.draft.skus))
    search.index_all([(row, step.draft) for row, step in zip(rows, steps, strict=True)])


def _change(call: Call, step: Step) -> None:
    assert step.listing is not None
    with transaction.atomic():
        row = held(call, step.listing.pk)
        for name in _written(step):
            setattr(row, name, step.draft.columns[name])
        row.changed_at = call.now
        row.save(update_fields=[*_written(step), "changed_at"])
        if {"skus", "tiers"} & set(step.changes):
            change_skus(row, step.draft.skus, call)
        search.index(row, step.draft)


def _written(step: Step) -> list[str]:
    """What differs; other sizes bring the prices they go by, and names for what they differ in when that is more or less than before."""
    more = {"tiers", "dimensions"} if "skus" in step.changes else set()
    if step.listing is not None and len(step.listing.dimensions) == len(step.draft.columns["dimensions"]):
        more.discard("dimensions")
    return [name for name in SAID if name in step.changes or name in more]
