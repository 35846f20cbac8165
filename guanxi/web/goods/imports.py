"""From spreadsheet to shop: a file or pasted table, a look at what was understood, then the goods."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.base import clock, limits, nested
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.catalog.imports import acts
from guanxi.catalog.imports.plan import Step, plan
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.viewer import SignedIn
from guanxi.sheets import Prices, Unreadable, read_prices
from guanxi.talk.call import by_viewer
from guanxi.talk.file.store import full_path, store
from guanxi.talk.run import run
from guanxi.talk.table import Upload
from guanxi.web.figures import unit_price
from guanxi.web.goods.own import seller
from guanxi.web.page import page

MOST = 3000  # products at once from the page; longer lists go by `guanxi import-prices`
SHOWN = 12
MOST_BAD = 100
REASONS = {
    "formula_error": gettext_lazy("a cell holds a formula error"), "discontinued": gettext_lazy("no longer made"),
    "damaged_item_no": gettext_lazy("the item number was turned into a date or a power"), "unsafe_text": gettext_lazy("begins like a formula"),
    "no_name": gettext_lazy("no name"), "bad_price": gettext_lazy("this is not one price"), "no_price": gettext_lazy("no price"),
    "bad_tiers": gettext_lazy("the price steps do not fit each other"), "bad_quantity": gettext_lazy("a quantity cannot be read"),
    "unit_conflict": gettext_lazy("units that cannot be compared"), "duplicate_item": gettext_lazy("comes twice"),
}  # fmt: skip
UNREADABLE = {
    "no_table": gettext_lazy("No table with names and prices was found in it."), "too_large": gettext_lazy("This file is too large."),
    "protected": gettext_lazy("This file is protected by a password."), "unsafe": gettext_lazy("This file is not safe to open."),
    "empty": gettext_lazy("There is nothing in it."),
}  # fmt: skip
KINDS = {
    "item_no": gettext_lazy("Item number"), "model": gettext_lazy("Model"), "barcode": gettext_lazy("Barcode"), "name": gettext_lazy("Item"),
    "name_en": gettext_lazy("English name"), "category": gettext_lazy("Category"), "colour": gettext_lazy("Colour"), "size": gettext_lazy("Size"),
    "size_across": gettext_lazy("Sizes side by side"), "unit": gettext_lazy("Unit"), "price": gettext_lazy("Price"), "moq": gettext_lazy("Minimum"),
    "order_multiple": gettext_lazy("Multiples of"), "packs": gettext_lazy("Packs"), "stock": gettext_lazy("Stock"), "notes": gettext_lazy("Note"),
    "attribute": gettext_lazy("Shown as it is"), "unread": gettext_lazy("Not read"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take(request: SignedIn) -> HttpResponse:
    """The form; then what was understood, with columns to correct; then the goods as drafts or on sale. Nothing is written before that."""
    company = seller(request)
    if request.method != "POST":
        return page(request, "web/goods/import.html")
    require_as(request)
    limits.hit(f"list:{request.viewer.person}", limit=60, seconds=60, now=clock.now())
    file, text = chosen(request), request.POST.get("list", "")
    got = read(request, file, text)
    steps = plan(company, got.products)
    if request.POST.get("step", "look") == "look":
        return look(request, got, steps, file, text)
    if len(steps) > MOST:
        raise Invalid({"table": _("At most %(most)s products at once; split the file.") % {"most": MOST}})
    done = run(acts.take, by_viewer(request.viewer), steps=steps, publish=request.POST["step"] == "publish")
    return redirect(f"/goods?new={done['new']}&changed={done['changed']}")


def chosen(request: SignedIn) -> Upload | None:
    """The file, kept while its columns are looked at; None for pasted text. Raises Invalid for one that is gone."""
    file = request.FILES.get("table")
    if file is not None:
        return store(request.viewer.person, request.viewer.company, file)
    known = find_id(request.POST.get("file", ""))
    found = Upload.objects.filter(pk=known, company_id=request.viewer.company).first() if known else None
    if known and found is None:
        raise Invalid({"table": _("One of these files is not there any more.")})
    return found


def read(request: SignedIn, file: Upload | None, text: str) -> Prices:
    """What the list holds. Raises Invalid in people's words for what cannot be read."""
    try:
        got = read_prices(full_path(file.path).read_bytes() if file else text, mapping=mapping(request))
    except Unreadable as error:
        raise Invalid({"table": UNREADABLE[error.code]}) from None
    if not got.tables:
        raise Invalid({"table": UNREADABLE["no_table"]})
    return got


def mapping(request: SignedIn) -> dict[tuple[int, int], str]:
    """What the columns of each table are, as chosen in the preview."""
    given = nested.nest(request.POST).get("columns")
    return {
        (int(n), int(index)): kind
        for n, table in nested.rows(given) if isinstance(table, dict)
        for index, kind in nested.rows(table) if isinstance(kind, str) and kind in KINDS
    }  # fmt: skip


def look(request: SignedIn, got: Prices, steps: list[Step], file: Upload | None, text: str) -> HttpResponse:
    """What was understood: columns, counts, first goods, rows that were not taken."""
    context: dict[str, Any] = {
        "tables": got.tables, "choices": choices, "count": acts.count(steps), "goods": [shown(step) for step in steps[:SHOWN]],
        "more": len(steps) - SHOWN, "bad": [(row.sheet, row.row, REASONS.get(row.reason, row.reason)) for row in got.rejected[:MOST_BAD]],
        "rejected": len(got.rejected), "more_bad": len(got.rejected) - MOST_BAD, "left_out": len(got.products) - len(steps),
        "file": file.id if file else "", "text": "" if file else text,
    }  # fmt: skip
    return page(request, "web/goods/look.html", context)


def choices(known: tuple[str, ...], kind: str) -> list[tuple[str, str]]:
    """What a column may be called, what it is called now among them."""
    return [(one, str(KINDS[one])) for one in KINDS if one in known or one == kind]


def shown(step: Step) -> dict[str, Any]:
    """One of the goods in a row."""
    said = step.draft.columns
    prices = [unit_price(price, step.product.currency) for _least, price in step.product.tiers]
    sizes = len(step.draft.skus) if step.draft.skus[0].options else 0
    words = {"new": _("new"), "changed": _("changes"), "same": _("as it is")}
    return {
        "title": said["title"], "number": said["number"], "unit": said["unit"], "price": " / ".join(prices[:3]) or _("price on request"), "sizes": sizes,
        "kind": step.kind, "words": words[step.kind],
    }  # fmt: skip
