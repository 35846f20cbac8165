"""What the command menu offers: everything is fetched through reach, then matched by word, pinyin and number as in search."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.catalog.listing import search as goods_search
from guanxi.catalog.listing.table import Listing
from guanxi.deals.deal.table import Deal
from guanxi.people.companies.reads import by_name, of_person
from guanxi.people.viewer import Viewer
from guanxi.talk import read
from guanxi.talk.search import reads as talk_search
from guanxi.talk.search import tokens
from guanxi.web.conversation import stream
from guanxi.web.go.places import open_to

MOST_TALKS = 2000  # the newest; an older talk is found by what was said in it
MOST_DEALS = 200  # a side
SHOWN = 5
RECENT = 6
HERE = re.compile(r"/c/([0-9a-f-]{36})(?:/deals/([0-9a-f-]{36}))?(?:/|$)")
TALKS = """
    SELECT c.id, COALESCE(oc.name, op.name, g.name, ''), c.kind, oc.id, oc.handle FROM talk_party us
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_party them ON them.conversation_id = c.id AND them.left_at IS NULL AND them.id <> us.id AND c.kind <> 'group'
    LEFT JOIN talk_group g ON g.conversation_id = c.id
    LEFT JOIN people_company oc ON oc.id = them.company_id
    LEFT JOIN people_person op ON op.id = them.person_id
    WHERE us.left_at IS NULL AND (us.company_id = %(company)s OR us.person_id = %(person)s) ORDER BY us.active_at DESC, c.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Option:
    """Somewhere to go. `sheet`: opens over the page; `company`: not an address but a company to act for from now on."""

    words: str
    href: str
    under: str = ""
    icon: str = ""
    sheet: bool = False
    company: UUID | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one sort."""

    words: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation by its name; `company` and `handle` of the other side, where it is one."""

    id: UUID
    name: str
    kind: str
    company: UUID | None
    handle: str | None


def find(viewer: Viewer, asked: str, *, at: str = "") -> list[Group]:
    """What fits, sort by sort; with nothing asked what is near. `at` is the path of the page one looks at."""
    groups = near(viewer, at) if not asked else sought(viewer, asked, at)
    return [group for group in groups if group.options]


def near(viewer: Viewer, at: str) -> list[Group]:
    """Acts of the open deal, the newest talks, pages, one's other companies."""
    recent = [talk for talk in talks(viewer, most=RECENT + 1) if str(talk.id) not in at][:RECENT]
    return [
        Group(_("In this deal"), acts(viewer, at)), Group(_("Recent"), [to_talk(talk) for talk in recent]),
        Group(_("Act for"), others(viewer)), Group(_("Pages"), pages(viewer)),
    ]  # fmt: skip


def sought(viewer: Viewer, asked: str, at: str) -> list[Group]:
    """What fits the words: first what one does, then whom one knows, then what was said and what is sold."""
    fits = matcher(asked)
    here = [one for one in acts(viewer, at) if fits(f"{one.words}\n{one.under}")]
    all_talks = talks(viewer, most=MOST_TALKS)
    known = [talk for talk in all_talks if fits(talk.name)][:SHOWN]
    return [
        Group(_("In this deal"), here),
        Group(_("Conversations"), [to_talk(talk) for talk in known]),
        Group(_("Act for"), [one for one in others(viewer) if fits(f"{one.words}\n{one.under}")]),
        Group(_("Pages"), pages(viewer, fits)[:SHOWN]),
        Group(_("Deals"), deals(viewer, fits, {talk.id: talk.name for talk in all_talks})),
        Group(_("Companies"), companies(known, asked)),
        Group(_("Goods on sale"), goods(viewer, asked)),
        Group(_("Said and agreed"), said(viewer, asked)),
    ]


def acts(viewer: Viewer, at: str) -> list[Option]:
    """What the viewer may do now in the deal of the page: the deal it is about, or the most urgent of the talk."""
    path = HERE.match(at)
    conversation = find_id(path[1]) if path else None
    if path is None or conversation is None:
        return []
    try:
        place = read.reach(viewer, conversation)
    except NotFound:
        return []
    now = stream.live(place)
    deal = next((one for one in now.deals if str(one.id) == path[2]), None) if path[2] else now.first
    if deal is None:
        return []
    found = [Option(move.words, move.href, deal.title, move.icon or "order", move.sheet) for move in now.moves.get(deal.id, [])]
    return [*found, Option(_("Open the deal"), f"/c/{conversation}/deals/{deal.id}", deal.title, "order")]


def talks(viewer: Viewer, *, most: int) -> list[Talk]:
    """One's conversations, the last used first, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TALKS, {"company": viewer.company, "person": viewer.person, "most": most})
        return [Talk(*row) for row in {row[0]: row for row in cursor.fetchall()}.values() if row[1]]


def to_talk(talk: Talk) -> Option:
    """The conversation itself."""
    return Option(talk.name, f"/c/{talk.id}", icon="group" if talk.kind == "group" else "talk")


def companies(known: list[Talk], asked: str) -> list[Option]:
    """The pages of companies one talks with, and of one with exactly this name: companies are found, never listed (quality.md A46)."""
    pages_of = {talk.handle: talk.name for talk in known if talk.handle}
    pages_of |= {one.handle: one.name for one in by_name(asked)}
    return [Option(name, f"/co/{handle}", _("Company page"), "company") for handle, name in list(pages_of.items())[:SHOWN]]


def deals(viewer: Viewer, fits: Callable[[str], bool], names: dict[UUID, str]) -> list[Option]:
    """The newest deals of the company by title and number, in two statements."""
    if viewer.company is None:
        return []
    sides = [Deal.objects.filter(**{side: viewer.company}).order_by("-updated_at")[:MOST_DEALS] for side in ("buyer_id", "supplier_id")]
    newest = sorted((deal for side in sides for deal in side), key=lambda deal: deal.updated_at, reverse=True)
    found = [deal for deal in newest if fits(f"{deal.title}\n{deal.number}") and deal.conversation_id in names][:SHOWN]
    return [
        Option(deal.title, f"/c/{deal.conversation_id}/deals/{deal.id}", f"{names[deal.conversation_id]} · {deal.number}", "order" if deal.order_id else "rfq")
        for deal in found
    ]


def goods(viewer: Viewer, asked: str) -> list[Option]:
    """What is on sale for this viewer."""
    ids = goods_search.find(viewer, asked=asked).ids[:SHOWN]
    titles = dict(Listing.objects.filter(pk__in=ids).values_list("id", "title")) if ids else {}
    return [Option(titles[one], f"/g/{one}", icon="box") for one in ids if one in titles]


def said(viewer: Viewer, asked: str) -> list[Option]:
    """Entries of one's own talks."""
    hits = talk_search.find(viewer, asked, limit=SHOWN)
    return [Option(hit.words, f"/c/{hit.conversation}?at={hit.seq}#e{hit.seq}", hit.name, "search") for hit in hits]


def pages(viewer: Viewer, fits: Callable[[str], bool] | None = None) -> list[Option]:
    """Pages by name, in either language."""
    return [Option(words, href, icon=icon, sheet=href == "/keys") for words, names, href, icon in open_to(viewer) if fits is None or fits(names)]


def others(viewer: Viewer) -> list[Option]:
    """One's other companies."""
    works = [one for one in of_person(viewer.person, most=20) if one.company_id != viewer.company]
    return [Option(one.company.name, "", _("Switch company"), "swap", company=one.company_id) for one in works]


def matcher(asked: str) -> Callable[[str], bool]:
    """Whether a name holds every word that was asked: as it is written, or in pinyin from the beginning of a word."""
    whole, parts = tokens.normal(asked), tokens.wanted(asked)

    def fits(name: str) -> bool:
        plain = tokens.normal(name)
        if whole in plain:
            return True
        said = words_of(name)
        return bool(parts) and all(part in plain or any(word.startswith(part) for word in said) for part in parts)

    return fits


@lru_cache(maxsize=20_000)
def words_of(name: str) -> frozenset[str]:
    """What a name is found by."""
    return frozenset(tokens.of_text(name))
