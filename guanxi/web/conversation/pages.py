"""The conversation: talk and trade in one record, live."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock
from guanxi.deals.deal.line import turn_line
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn, Viewer
from guanxi.talk import inbox, read, receipts, sync
from guanxi.talk.group import reads as group_reads
from guanxi.talk.read import Reach
from guanxi.web.conversation import stream
from guanxi.web.conversation.socket import address
from guanxi.web.page import fragment, page

MOST_WHERE = 15


@require_safe
@signed_in
def show(request: SignedIn, conversation: UUID) -> HttpResponse:
    """The whole page: at the newest, or at the first unread entry when there are many."""
    place = read.reach(request.viewer, conversation)
    found = first_entries(place, at=number(request.GET.get("at")))
    now = stream.live(place, found)
    context = shared(request, place, now) | {
        "items": stream.items(place, found, now, unread_after=place.read_seq if place.read_seq < place.head else None),
        "more_above": bool(found) and found[0].seq > place.from_seq + 1,
        "more_below": bool(found) and found[-1].seq < place.head,
        "talk": talk_data(request, place),
    }
    return page(request, "web/conversation/page.html", context)


@require_safe
@signed_in
def entries(request: SignedIn, conversation: UUID) -> HttpResponse:
    """More of the stream: `after` or `before` a seq. The header X-Head says how far the log goes."""
    place = read.reach(request.viewer, conversation)
    after, before = number(request.GET.get("after")), number(request.GET.get("before"))
    found = read.entries(place, after=after, before=before, limit=stream.PAGE)
    answer = fragment(request, "web/conversation/entries.html", {"items": stream.items(place, found, stream.live(place, found)), "place": place})
    answer["X-Head"] = str(place.head)
    answer["X-More"] = "1" if found and (found[-1].seq < place.head if after is not None else found[0].seq > place.from_seq + 1) else ""
    return answer


@require_safe
@signed_in
def live(request: SignedIn, conversation: UUID) -> HttpResponse:
    """What changes with the deals: strip, moves, and which deal stands beside."""
    place = read.reach(request.viewer, conversation)
    return fragment(request, "web/conversation/live.html", shared(request, place, stream.live(place)))


@require_safe
@signed_in
def about(request: SignedIn, conversation: UUID) -> HttpResponse:
    """Who takes part, who answers, and taking over: a sheet, or a page without script."""
    place = read.reach(request.viewer, conversation)
    context: dict[str, Any] = {"place": place, "viewer": request.viewer}
    if place.is_group:
        context["picture"] = group_reads.picture(place.id, request.viewer.person)
    else:
        context["people"] = read.people_of([company for company in (place.company_id, place.other_company) if company])
    template = "about_sheet" if request.headers.get("X-Part") else "about"
    return (fragment if template == "about_sheet" else page)(request, f"web/conversation/{template}.html", context)


@require_safe
@signed_in
def forward(request: SignedIn, conversation: UUID, seq: int) -> HttpResponse:
    """Where to: the newest of one's own conversations, as a sheet or, without script, a page."""
    place = read.reach(request.viewer, conversation)
    rows = [row for row in inbox.newest(request.viewer, limit=MOST_WHERE)[0] if row.id != conversation]
    context = {"place": place, "seq": seq, "rows": [*inbox.pinned(request.viewer), *rows][:MOST_WHERE]}
    template = "forward_sheet" if request.headers.get("X-Part") else "forward"
    return (fragment if template == "forward_sheet" else page)(request, f"web/conversation/{template}.html", context)


@require_POST
@signed_in
def mark(request: SignedIn, conversation: UUID) -> HttpResponse:
    """How far the person has read, from a page without a socket."""
    receipts.mark(conversation, request.viewer.person, number(request.POST.get("seq")) or 0)
    return HttpResponse(status=204)


def first_entries(place: Reach, *, at: int | None) -> list[Any]:
    """The newest page; or around `at`; or from shortly before the first unread entry when it would not be on the newest page."""
    start = at if at is not None else place.read_seq + 1
    if place.head - start < stream.PAGE - stream.BEFORE_UNREAD or (at is None and place.read_seq == 0):
        return read.entries(place, limit=stream.PAGE)
    return read.entries(place, after=max(0, start - stream.BEFORE_UNREAD), limit=stream.PAGE)


def shared(request: SignedIn, place: Reach, now: stream.Live) -> dict[str, Any]:
    """What the page and its live part draw alike."""
    first = now.first
    others = len([deal for deal in now.deals if deal.state == "live"]) - 1
    return {
        "place": place,
        "under": who_answers(place),
        "first": first,
        "beside": now.shown,
        "turn": turn_line(first, request.viewer.company) if first else None,
        "more_deals": max(0, others),
        "moves": now.moves.get(first.id, []) if first else [],
        "as_company": str(request.viewer.company or "") if place.between_companies else "",
    }


def who_answers(place: Reach) -> str:
    """The line below the name: who answers there, and for us; how many are in a group."""
    if place.is_group:
        return ngettext("%(num)s person", "%(num)s people", place.people) % {"num": place.people}
    if not place.between_companies:
        return ""
    parts = [place.other_answerer] if place.other_answerer else []
    if place.our_answerer:
        parts.append(_("our side: {name}").format(name=place.our_answerer))
    return " · ".join(parts)


def talk_data(request: SignedIn, place: Reach) -> str:
    """What the scripts need to know, as JSON for one `meta` element."""
    return json.dumps(base_data(request) | {
        "conversation": str(place.id), "kind": place.kind, "as": str(request.viewer.company) if place.between_companies else None, "head": place.head,
        "read": place.read_seq, "otherRead": place.other_read or 0, "ourCompany": str(place.company_id) if place.company_id else None,
        "mayWrite": place.may_write,
    })  # fmt: skip


def base_data(request: SignedIn) -> dict[str, Any]:
    """For every page with a socket: where it is, who looks, since when."""
    viewer: Viewer = request.viewer
    return {
        "socket": address(request), "person": str(viewer.person), "name": viewer.name, "company": str(viewer.company) if viewer.company else None,
        "cursor": sync.start(clock.now()), "upload": settings.UPLOAD_LIMIT,
    }  # fmt: skip


def number(text: str | None) -> int | None:
    """A seq in an address, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
