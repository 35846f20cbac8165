"""Messages: what is new and what I owe."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.deals.deal.line import TurnLine, turn_line
from guanxi.deals.deal.table import Deal
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn, Viewer
from guanxi.talk import inbox, sync
from guanxi.talk.search.reads import MOST as MOST_FOUND
from guanxi.talk.search.reads import find
from guanxi.web.conversation.pages import base_data
from guanxi.web.conversation.stream import urgency
from guanxi.web.page import fragment, page
from guanxi.web.tabs import MOST_MINE, tab_counts

PAGE = 30
BESIDE = 20  # rows beside a conversation: the whole page stays under 1,000 nodes
VIEWS = ("all", "mine", "unread", "colleagues")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with the turn line of its most urgent deal."""

    row: inbox.Row
    turn: TurnLine | None


@require_safe
@signed_in
def messages(request: SignedIn) -> HttpResponse:
    """The list on its own; on a wide screen it stands beside the conversation."""
    context = listed(request) | {"talk": json.dumps(base_data(request)), "open": None}
    return page(request, "web/inbox/page.html", context)


@require_safe
@signed_in
def pane(request: SignedIn) -> HttpResponse:
    """The list as a part of a page: beside a conversation, or its next page."""
    context = listed(request, limit=BESIDE) | {"open": request.GET.get("open")}
    return fragment(request, "web/inbox/rows.html" if request.GET.get("cursor") else "web/inbox/list.html", context)


@require_safe
@signed_in
def row(request: SignedIn, conversation: UUID) -> HttpResponse:
    """One row, when something happened in its conversation; 404 when it is not mine any more."""
    found = lines(request.viewer, inbox.chosen(request.viewer, [conversation]))
    if not found:
        return HttpResponse(status=404)
    return fragment(request, "web/inbox/rows.html", {"lines": found, "next": "", "open": request.GET.get("open"), "view": "all"})


@require_safe
@signed_in
def changed(request: SignedIn) -> HttpResponse:
    """Heads since a cursor, for pages whose socket cannot be reached (the same answer as GET /api/v1/sync)."""
    found = sync.changed(person=request.viewer.person, cursor=request.GET.get("cursor", "")[:200], now=clock.now())
    return JsonResponse({"op": "heads", "heads": found.heads, "cursor": found.cursor, "more": found.more})


@require_safe
@signed_in
def search(request: SignedIn) -> HttpResponse:
    """One's own talks and deals by word, pinyin, number or specification."""
    asked = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    return page(request, "web/inbox/search.html", {"asked": asked, "hits": find(request.viewer, asked) if asked else [], "most": MOST_FOUND})


def listed(request: SignedIn, *, limit: int = PAGE) -> dict[str, Any]:
    """The rows of the chosen view, and the counts on the filters."""
    viewer, view = request.viewer, request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    rows, following = rows_of(viewer, view, request.GET.get("cursor", "")[:200], limit=limit)
    counts = tab_counts(viewer)
    mine, unread = counts["work"], counts["messages"]
    words = {"all": (_("All"), None), "mine": (_("Your turn"), mine or None), "unread": (_("Unread"), unread or None), "colleagues": (_("Colleagues"), None)}
    filters = [(words[name][0], "/m" if name == "all" else f"/m?view={name}", view == name, words[name][1]) for name in VIEWS]
    return {"lines": lines(viewer, rows, by_clock=view == "mine"), "next": following, "view": view, "filters": filters, "counts": counts}


def rows_of(viewer: Viewer, view: str, cursor: str, *, limit: int) -> tuple[list[inbox.Row], str]:
    """The rows of one view and the cursor of its next page."""
    if view == "mine":
        due = Deal.objects.filter(turn_company=viewer.company, state="live").order_by("due_at").values_list("conversation_id", flat=True)[:MOST_MINE]
        return (inbox.chosen(viewer, list(dict.fromkeys(due))) if viewer.company else []), ""
    if view == "unread":
        return inbox.unread(viewer, limit=limit), ""
    if view == "colleagues":
        return inbox.with_colleagues(viewer), ""
    rows, following = inbox.newest(viewer, cursor=cursor, limit=limit)
    return (rows if cursor else [*inbox.pinned(viewer), *rows]), following


def lines(viewer: Viewer, rows: Sequence[inbox.Row], *, by_clock: bool = False) -> list[Line]:
    """Rows with the deal that is most urgent in each, in one more statement whatever their number."""
    best: dict[UUID, Deal] = {}
    if rows and viewer.company:
        newest = Deal.objects.filter(conversation_id__in=[row.id for row in rows], state="live")
        for deal in sorted(newest, key=lambda deal: urgency(deal, viewer.company), reverse=True):
            best[deal.conversation_id] = deal
    made = [Line(row, turn_line(best[row.id], viewer.company) if row.id in best else None) for row in rows]
    if by_clock:
        made.sort(key=lambda line: urgency(best[line.row.id], viewer.company) if line.row.id in best else (True, True, 0.0, 0.0))
    return made
