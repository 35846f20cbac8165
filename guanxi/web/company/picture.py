"""A company as its page shows it to this visitor."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.review import reads as reviews
from guanxi.deals.review import response
from guanxi.people.companies.forms import countries
from guanxi.people.memberships.reads import Colleague, colleagues
from guanxi.people.regions import region_name
from guanxi.people.sectors import sector_name
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.talk.table import Pair
from guanxi.web.company import measured


@dataclass(frozen=True, slots=True)
class Picture:
    """Ready for the template. A closed door shows the name alone to strangers."""

    company: Company
    is_mine: bool
    is_open: bool
    under: str
    figures: list[tuple[str, str]]
    measured: list[tuple[str, str]]
    relation: str
    reviews: list[object]
    people: list[Colleague]


def draw(company: Company, viewer: Viewer | None) -> Picture:
    """What this visitor may see; the same number of statements for few and many."""
    mine = bool(viewer and viewer.company == company.id)
    known = None if viewer is None or mine else relation(viewer, company.id)
    opened = company.door == "public" or mine or known is not None
    return Picture(
        company=company, is_mine=mine, is_open=opened, under=under(company) if opened else "",
        figures=figures(company.id) if opened else [], measured=answers(company.id) if opened else [], relation=known or "",
        reviews=list(reviews.of_company(company.id, limit=20)) if opened else [], people=colleagues(company.id, most=50) if mine else [],
    )  # fmt: skip


def under(company: Company) -> str:
    """Where it is and what it does."""
    place = region_name(company.region) if company.country == "CN" else countries().get(company.country, "")
    return " · ".join(filter(None, [place, sector_name(company.sector)]))


def figures(company: UUID) -> list[tuple[str, str]]:
    """Only what was measured here; nothing for a company that has done nothing yet."""
    stars = reviews.figures(company)
    shown = []
    if stars.average is not None:
        shown.append((ngettext("Rating (%(count)s review)", "Rating (%(count)s reviews)", stars.count) % {"count": stars.count}, f"{stars.average:.1f}"))
    if stars.done:
        shown.append((_("Deals done"), f"{stars.done:,}"))
    return shown


def answers(company: UUID) -> list[tuple[str, str]]:
    """How it answers and delivers as a supplier."""
    return measured.words(response.of([company], now=clock.now())[company])


def relation(viewer: Viewer, other: UUID) -> str | None:
    """What the company one acts for has had with it; None when they have never talked."""
    if viewer.company is None:
        return None
    low, high = sorted((viewer.company, other))
    if not Pair.objects.filter(key=f"deal:{low.hex}:{high.hex}").exists():
        return None
    between = Deal.objects.filter(Q(buyer_id=viewer.company, supplier_id=other) | Q(buyer_id=other, supplier_id=viewer.company))
    states = list(between.filter(state__in=("live", "done")).values_list("state", flat=True)[:1000])
    done, live = states.count("done"), states.count("live")
    words = [ngettext("%(n)s deal done with you", "%(n)s deals done with you", done) % {"n": done}] if done else []
    words += [ngettext("%(n)s under way", "%(n)s under way", live) % {"n": live}] if live else []
    return ", ".join(words) or _("You have talked")
