"""Conversations of the token's company and person."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from guanxi.api.door import act, company_of, key_of, need_scope, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Given, Problem, an_id, when
from guanxi.base import clock
from guanxi.base.db import ConversationQuerySet
from guanxi.base.errors import NotFound
from guanxi.people.roles import require
from guanxi.people.table import Company
from guanxi.talk import sync
from guanxi.talk.group.table import Group
from guanxi.talk.open import pair_conversation
from guanxi.talk.position.acts import hear
from guanxi.talk.table import Party

router = Router(tags=["conversations"])


class PartyShown(Schema):
    company: str | None
    person: str | None
    name: str


class ConversationShown(Schema):
    """`name` is a group's, empty for two companies or two people."""

    id: str
    kind: str
    name: str
    head: int
    head_at: str
    parties: list[PartyShown]


class ConversationsShown(Schema):
    items: list[ConversationShown]
    next: str | None


class HeadsShown(Schema):
    heads: dict[str, int]
    cursor: str
    more: bool


class ConversationGiven(Given):
    company: str


class HearGiven(Given):
    """How you want to hear of it; what is missing stays."""

    muted: bool | None = None
    pinned: bool | None = None


class HearShown(Schema):
    muted: bool
    pinned: bool


@router.get("/conversations", response={200: ConversationsShown, 422: Problem}, summary="Conversations, the newest first")
def conversations(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    need_scope(request, "read")
    rows = parties_of(request).select_related("conversation")
    found, more = page(rows, by="active_at", cursor=cursor, limit=limit)
    return {"items": shown([party.conversation for party in found]), "next": more}


@router.post("/conversations", response={200: ConversationShown, 404: Problem, 409: Problem}, summary="The conversation with a company")
def open_conversation(request: HttpRequest, given: ConversationGiven) -> dict:
    """Found or made: two companies have one conversation, so the same call gives the same answer."""
    need_scope(request, "talk")
    key_of(request)
    mine, other = company_of(request), an_id(given.company)
    require(viewer_of(request).role, "talk")
    if not Company.objects.filter(id=other).exists():
        raise NotFound
    made = pair_conversation(mine, other, now=clock.now(), responsible=viewer_of(request).person)
    return one(request, made)


@router.get("/conversations/{conversation_id}", response={200: ConversationShown, 404: Problem}, summary="One conversation")
def conversation(request: HttpRequest, conversation_id: str) -> dict:
    need_scope(request, "read")
    return one(request, an_id(conversation_id))


@router.post(
    "/conversations/{conversation_id}/hear", response={200: HearShown, 404: Problem, 409: Problem, 422: Problem}, summary="Mute and pin, for you alone"
)
def set_hear(request: HttpRequest, conversation_id: str, given: HearGiven) -> dict:
    """Muted talk is not counted; what is your turn in a deal still reaches you."""
    made = act(request, hear, scope="talk", conversation=reach(request, an_id(conversation_id)), muted=given.muted, pinned=given.pinned)
    return {"muted": made["muted"], "pinned": made["pinned"]}


@router.get("/sync", response={200: HeadsShown, 422: Problem}, summary="Heads changed since a cursor, for those without a socket")
def changed(request: HttpRequest, cursor: str = "") -> dict:
    """May repeat, never misses. Without a cursor: where to begin."""
    need_scope(request, "read")
    viewer = viewer_of(request)
    found = sync.changed(person=viewer.person, company=viewer.company, cursor=cursor, now=clock.now())
    return {"heads": found.heads, "cursor": found.cursor, "more": found.more}


def parties_of(request: HttpRequest) -> ConversationQuerySet[Party]:
    """The parties through which the caller reaches conversations."""
    viewer = viewer_of(request)
    reach = {"company_id": viewer.company} if viewer.company else {"person_id": viewer.person}
    return Party.objects.filter(left_at=None, **reach)


def reach(request: HttpRequest, conversation_id: UUID) -> UUID:
    """The id again, if the caller reaches it. Raises NotFound otherwise."""
    if not parties_of(request).of(conversation_id).exists():
        raise NotFound
    return conversation_id


def one(request: HttpRequest, conversation_id: UUID) -> dict:
    found = parties_of(request).of(conversation_id).select_related("conversation").first()
    if found is None:
        raise NotFound
    return shown([found.conversation])[0]


def shown(rows: list) -> list[dict]:
    """Conversations with who takes part, in three queries whatever their number; a group's people stand at /groups/{id}."""
    parties = list(Party.objects.filter(conversation_id__in=[row.id for row in rows if row.kind != "group"], left_at=None))
    groups = dict(Group.objects.filter(conversation_id__in=[row.id for row in rows if row.kind == "group"]).values_list("conversation_id", "name"))
    names = dict(Company.objects.filter(id__in={party.company_id for party in parties if party.company_id}).values_list("id", "name"))
    by: dict[UUID, list[dict]] = {}
    for party in parties:
        by.setdefault(party.conversation_id, []).append({
            "company": str(party.company_id) if party.company_id else None, "person": str(party.person_id) if party.person_id else None,
            "name": names.get(party.company_id, "") if party.company_id else "",
        })  # fmt: skip
    return [
        {"id": str(row.id), "kind": row.kind, "name": groups.get(row.id, ""), "head": row.head, "head_at": when(row.head_at), "parties": by.get(row.id, [])}
        for row in rows
    ]
