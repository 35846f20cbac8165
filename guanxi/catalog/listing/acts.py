"""The only writers of listings: make, edit, publish, hide. For owner, admin and sales of the company."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.catalog.listing import search
from guanxi.catalog.listing.forms import Draft, SkuDraft
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.people.companies.acts import Call, locked
from guanxi.talk.table import Upload

MOST = 100_000
COLUMNS = ("n", "options", "number", "barcode", "tiers", "stock")
NUMBER_TAKEN = _("Another of your goods has this number.")


def make(call: Call, *, draft: Draft, publish: bool = False) -> dict[str, Any]:
    """{"listing": id}: a draft, or on sale at once. Raises Invalid for a number in use, Refused for a lower role."""
    with transaction.atomic():
        company = locked(call, power="sell")
        if Listing.objects.filter(company=company).count() >= MOST:
            raise Refused("too-many-listings", _("You have {most} goods, the most one company may have."), most=MOST)
        show_pictures(company.id, draft.columns["pictures"])
        row = Listing(company=company, state="published" if publish else "draft", made_at=call.now, changed_at=call.now, **draft.columns)
        _keep(row, fresh=True)
        Sku.objects.bulk_create([new_sku(row, n, sku) for n, sku in enumerate(draft.skus)])
        search.index(row, draft)
    return {"listing": str(row.id)}


def edit(call: Call, *, listing: UUID, draft: Draft) -> dict[str, Any]:
    """{"listing": id}. Sizes that are no longer named are gone; what is reserved of them stays."""
    with transaction.atomic():
        row = held(call, listing)
        show_pictures(row.company_id, draft.columns["pictures"])
        for name, value in draft.columns.items():
            setattr(row, name, value)
        row.changed_at = call.now
        _keep(row, fresh=False)
        change_skus(row, draft.skus, call)
        search.index(row, draft)
    return {"listing": str(row.id)}


def publish(call: Call, *, listing: UUID) -> dict[str, Any]:
    """On sale. Raises Refused for one the operator removed, and for one on sale already."""
    return _move(call, listing, "published", {"draft", "hidden"})


def hide(call: Call, *, listing: UUID) -> dict[str, Any]:
    """Off the shop; its link says so."""
    return _move(call, listing, "hidden", {"published"})


def held(call: Call, listing: UUID) -> Listing:
    """One of the caller's company, under its lock. Raises NotFound for any other, Refused for a lower role or one the operator removed."""
    company = locked(call, power="sell")
    row = Listing.objects.select_for_update(no_key=True).filter(pk=listing, company=company).first()
    if row is None:
        raise NotFound
    if row.state == "removed":
        raise Refused("listing-removed", _("The operator has taken this off: {why}"), why=row.removed_why)
    return row


def show_pictures(company: UUID, pictures: list[str]) -> None:
    """These become public, as the goods they show. Raises Invalid unless all are pictures of the company's own."""
    own = Upload.objects.filter(pk__in=pictures, company_id=company).exclude(thumb="")
    if pictures and own.update(public=True) != len(pictures):
        raise Invalid({"pictures": _("Choose a picture of your own.")})


def _move(call: Call, listing: UUID, to: str, allowed: set[str]) -> dict[str, Any]:
    with transaction.atomic():
        row = held(call, listing)
        if row.state not in allowed:
            raise Refused("nothing-to-do", _("This is so already."))
        advance(row, to=to, changed_at=call.now)
    return {"listing": str(row.id)}


def _keep(row: Listing, *, fresh: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=fresh)
    except IntegrityError as error:
        if "one_listing_per_number" in str(error):
            raise Invalid({"number": NUMBER_TAKEN}) from None
        raise


def new_sku(row: Listing, n: int, sku: SkuDraft) -> Sku:
    """A size of a listing, not stored yet."""
    return Sku(listing=row, **_columns(n, sku))


def _columns(n: int, sku: SkuDraft) -> dict[str, Any]:
    return {"n": n, "options": sku.options, "number": sku.number, "barcode": sku.barcode, "tiers": sku.tiers or [], "stock": sku.stock}


def change_skus(row: Listing, drafts: list[SkuDraft], call: Call) -> None:
    """Match by id, or else by options. Raises Invalid for less stock than is reserved."""
    living = {sku.id: sku for sku in row.skus.select_for_update().filter(gone_at=None)}
    by_options = {tuple(sku.options): sku.id for sku in living.values()}
    changed, fresh, kept = [], [], set()
    for n, draft in enumerate(drafts):
        known = living.get(draft.id or by_options.get(tuple(draft.options)) or row.id)
        if known is None or known.id in kept:
            fresh.append(new_sku(row, n, draft))
            continue
        if draft.stock is not None and draft.stock < known.reserved:
            raise Invalid({f"skus.{n}.stock": _("Less than what is reserved.")})
        kept.add(known.id)
        for name, value in _columns(n, draft).items():
            setattr(known, name, value)
        changed.append(known)
    Sku.objects.filter(pk__in=living.keys() - kept).update(gone_at=call.now)
    Sku.objects.bulk_update(changed, COLUMNS)
    Sku.objects.bulk_create(fresh)
