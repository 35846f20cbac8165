"""A shopping list becomes lines of an enquiry: pasted text at once, a file after a look at how it is read."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.base import clock, limits, nested
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.deals.rfq import acts
from guanxi.deals.rfq.draft import MOST_LINES, read
from guanxi.deals.rfq.listing import MOST_BYTES, Listing, Row, parse, title_of
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.talk.file.store import full_path, store
from guanxi.talk.run import once
from guanxi.talk.table import Upload
from guanxi.web.page import page
from guanxi.web.rfqs.posts import keyless, typed

SHOWN = 8  # good rows in the preview; every row that needs mending is shown, up to MOST_BAD
MOST_BAD = 50


@require_POST
@signed_in
def lines(request: SignedIn) -> HttpResponse:
    """Pasted text as lines, for the page's script: `{title, lines: [{name, spec, quantity, unit, target_price}], wrong: n}`."""
    require_as(request)
    allow(request)
    found = parse(request.POST.get("list", ""))
    return JsonResponse({"title": found.title, "lines": [row.values for row in found.rows], "wrong": len(found.bad)})


@require_POST
@signed_in
def take(request: SignedIn) -> HttpResponse:
    """A list or a file beside the form: first a look at what its columns are and what is wrong with its rows, then the draft with its lines."""
    require_as(request)
    allow(request)
    file = chosen(request)
    found = parse(full_path(file.path).read_bytes() if file else request.POST.get("list", ""), columns=columns(request))
    step = request.POST.get("step", "look")
    if step not in ("good", "all"):
        return look(request, found, file)
    return into_draft(request, found.good if step == "good" else found.rows, found)


def allow(request: SignedIn) -> None:
    """Raises Refused for who may not buy, Limited for who reads too many lists."""
    require(request.viewer.role, "buy")
    limits.hit(f"list:{request.viewer.person}", limit=60, seconds=60, now=clock.now())


def chosen(request: SignedIn) -> Upload | None:
    """The file, kept as an upload while its columns are looked at; None for a list. Raises Invalid for one that is too large or gone."""
    file = request.FILES.get("table")
    if file is not None:
        if (file.size or 0) > MOST_BYTES:
            raise Invalid({"table": _("This file is too large.")})
        return store(request.viewer.person, request.viewer.company, file)
    known = find_id(request.POST.get("file", ""))
    found = Upload.objects.filter(pk=known, company_id=request.viewer.company).first() if known else None
    if known and found is None:
        raise Invalid({"table": _("One of these files is not there any more.")})
    return found


def columns(request: SignedIn) -> dict[tuple[int, int], str]:
    """What the columns of each table are, as chosen in the preview."""
    given = nested.nest(request.POST).get("columns")
    return {
        (int(n), int(index)): kind
        for n, table in nested.rows(given) if isinstance(table, dict)
        for index, kind in nested.rows(table) if isinstance(kind, str)
    }  # fmt: skip


def look(request: SignedIn, found: Listing, file: Upload | None) -> HttpResponse:
    """The preview: columns to name, the first rows, the rows that need mending."""
    names = {"name": _("Item"), "spec": _("Spec"), "quantity": _("Quantity"), "unit": _("Unit"), "target": _("Target price"), "unread": _("Not read")}
    context: dict[str, Any] = {
        "found": found, "names": list(names.items()), "heading": names | {"target_price": names["target"]}, "rows": found.good[:SHOWN],
        "more": len(found.good) - SHOWN, "bad": found.bad[:MOST_BAD], "more_bad": len(found.bad) - MOST_BAD, "rfq": kept_draft(request),
        "file": file.id if file else "", "text": "" if file else request.POST.get("list", ""),
    }  # fmt: skip
    return page(request, "web/rfqs/listing.html", context)


def kept_draft(request: SignedIn) -> str:
    """The draft the list belongs to; what stood in the form beside it is kept now, so that nothing typed is lost."""
    rfq = request.POST.get("rfq", "")
    data = typed(request)
    if "title" not in data:
        return rfq
    return save(request, data)


def into_draft(request: SignedIn, rows: list[Row], found: Listing) -> HttpResponse:
    """The draft with these lines behind those it has, and on to it."""
    known = find_id(request.POST.get("rfq", ""))
    data = dict(acts.get(keyless(request), known).typed) if known else {}
    if "title" in request.POST:  # the whole form came along
        data = typed(request)
    there = [row for _n, row in nested.rows(data.get("lines")) if isinstance(row, dict) and any(row.get(name) for name in ("name", "spec", "quantity"))]
    lines = [*there, *(row.values for row in rows)]
    if len(lines) > MOST_LINES:
        raise Invalid({"list": _("There are too many of these.")})
    data |= {"lines": lines, "title": data.get("title") or title_of(rows)[:120]}
    if found.currency and not there:
        data["currency"] = found.currency
    rfq = save(request, data)
    return redirect("rfq-edit", rfq=rfq)


def save(request: SignedIn, data: dict[str, Any]) -> str:
    """Make or rewrite the draft; its id."""
    call = keyless(request)
    draft = read(data, now=call.now, strict=False)
    known = find_id(request.POST.get("rfq", ""))
    result = once(acts.save_draft, call, rfq_id=known, draft=draft) if known else once(acts.create_draft, call, draft=draft)
    return str(result["rfq"])
