"""A link into what belongs to another of one's own companies: the way there is one tap. Nobody else learns that it exists."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.deals.rfq.table import Rfq
from guanxi.people.table import Company, Membership
from guanxi.talk.table import Party


def offer(request: HttpRequest) -> HttpResponse | None:
    """The page that offers to switch, or None where there is nothing to switch to."""
    found = owner(request)
    if found is None:
        return None
    return render(request, "web/ui/elsewhere.html", {"company": found, "here": request.get_full_path()}, status=409, using="jinja2")


def owner(request: HttpRequest) -> Company | None:
    """Which other company of this person the page belongs to, in one statement."""
    viewer, match = getattr(request, "viewer", None), request.resolver_match
    if viewer is None or match is None or request.method != "GET":
        return None
    where = match.kwargs
    behind: QuerySet[Any, Any]
    if isinstance(talk := where.get("conversation"), UUID):
        behind = Party.objects.filter(conversation_id=talk, company_id=OuterRef("company_id"), left_at=None).values("company_id")[:1]
    elif isinstance(rfq := where.get("rfq"), UUID):
        behind = Rfq.objects.filter(pk=rfq, company_id=OuterRef("company_id")).values("company_id")[:1]
    else:
        return None
    his = Membership.objects.filter(person=viewer.person, ended_at=None).exclude(company=viewer.company)
    found = his.annotate(behind=Subquery(behind)).filter(behind__isnull=False).select_related("company").order_by("joined_at", "id").first()
    return found.company if found else None
