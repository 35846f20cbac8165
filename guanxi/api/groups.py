"""Groups of people. A person's own token reaches them; a company's token does not: companies take no part in groups."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import Act, act, need_scope, viewer_of
from guanxi.api.shape import Given, Line, Problem, Text, an_id, when
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.talk.group import acts, coming, reads
from guanxi.talk.group.table import Group

router = Router(tags=["groups"])
People = Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=50)]
SAID: dict[Any, Any] = {404: Problem, 409: Problem, 422: Problem}


class GroupGiven(Given):
    name: Line
    people: People


class PeopleGiven(Given):
    people: People


class SettingsGiven(Given):
    """One thing at a time: what is given is changed."""

    name: Line | None = None
    announcement: Annotated[Text, Field(max_length=2000)] | None = None
    open_history: bool | None = None


class PersonGiven(Given):
    """One thing at a time."""

    role: str | None = Field(None, pattern="^(owner|admin|member)$")
    silenced: bool | None = None


class AnswerGiven(Given):
    join: bool


class Changed(Schema):
    conversation: str
    seq: int | None = None
    invited: int | None = None


class SomeoneShown(Schema):
    person: str
    name: str
    company: str
    role: str
    silenced: bool


class GroupShown(Schema):
    conversation: str
    name: str
    announcement: str
    announced_by: str
    open_history: bool
    people: list[SomeoneShown]


class InvitationShown(Schema):
    conversation: str
    name: str
    by: str
    people: int
    at: str


class InvitationsShown(Schema):
    items: list[InvitationShown]


@router.post("/groups", response={200: Changed, **SAID}, summary="Make a group")
def make(request: HttpRequest, given: GroupGiven) -> dict:
    """You own it; the people you know are asked, and are in when they say yes."""
    own_token(request)
    return act(request, acts.create, scope="talk", name=given.name, people=ids(given.people))


@router.get("/groups/invitations", response={200: InvitationsShown}, summary="Groups that ask you to come")
def invitations(request: HttpRequest) -> dict:
    need_scope(request, "read")
    found = reads.invitations(viewer_of(request).person) if viewer_of(request).company is None else []
    return {"items": [
        {"conversation": str(one.conversation), "name": one.name, "by": one.by_name, "people": one.people, "at": when(one.at)} for one in found
    ]}  # fmt: skip


@router.get("/groups/{conversation_id}", response={200: GroupShown, 404: Problem}, summary="A group and its people")
def show(request: HttpRequest, conversation_id: str) -> dict:
    need_scope(request, "read")
    place = group(request, conversation_id)
    found = reads.picture(place, viewer_of(request).person)
    return {
        "conversation": str(place), "name": found.group.name, "announcement": found.group.announcement, "announced_by": found.group.announced_by,
        "open_history": found.group.open_history,
        "people": [{"person": str(p.person), "name": p.name, "company": p.company, "role": p.role, "silenced": p.silenced} for p in found.people],
    }  # fmt: skip


@router.post("/groups/{conversation_id}", response={200: Changed, **SAID}, summary="Name, announcement, history")
def change(request: HttpRequest, conversation_id: str, given: SettingsGiven) -> dict:
    wanted = given.model_dump(exclude_none=True)
    doing: dict[str, tuple[Act, str]] = {
        "name": (acts.rename, "name"), "announcement": (acts.announce, "announcement"), "open_history": (acts.open_history, "on"),
    }  # fmt: skip
    field = only(wanted)
    function, argument = doing[field]
    return act(request, function, scope="talk", conversation=group(request, conversation_id), **{argument: wanted[field]})


@router.post("/groups/{conversation_id}/invite", response={200: Changed, **SAID}, summary="Ask people to come")
def invite(request: HttpRequest, conversation_id: str, given: PeopleGiven) -> dict:
    return act(request, coming.invite, scope="talk", conversation=group(request, conversation_id), people=ids(given.people))


@router.post("/groups/{conversation_id}/answer", response={200: Changed, **SAID}, summary="Answer an invitation")
def answer(request: HttpRequest, conversation_id: str, given: AnswerGiven) -> dict:
    own_token(request)
    if given.join:
        return act(request, coming.accept, scope="talk", conversation=an_id(conversation_id))
    return act(request, coming.decline, scope="talk", conversation=an_id(conversation_id))


@router.post("/groups/{conversation_id}/leave", response={200: Changed, **SAID}, summary="Leave a group")
def leave(request: HttpRequest, conversation_id: str) -> dict:
    return act(request, coming.leave, scope="talk", conversation=group(request, conversation_id))


@router.post("/groups/{conversation_id}/people/{person_id}", response={200: Changed, **SAID}, summary="Somebody's role or silence")
def change_person(request: HttpRequest, conversation_id: str, person_id: str, given: PersonGiven) -> dict:
    """`owner` hands the group over."""
    wanted, place, person = given.model_dump(exclude_none=True), group(request, conversation_id), an_id(person_id)
    if only(wanted) == "silenced":
        return act(request, acts.silence, scope="talk", conversation=place, person=person, on=wanted["silenced"])
    if wanted["role"] == "owner":
        return act(request, acts.hand_over, scope="talk", conversation=place, person=person)
    return act(request, acts.set_role, scope="talk", conversation=place, person=person, role=wanted["role"])


@router.post("/groups/{conversation_id}/people/{person_id}/remove", response={200: Changed, **SAID}, summary="Take somebody out, or his invitation back")
def remove(request: HttpRequest, conversation_id: str, person_id: str) -> dict:
    return act(request, coming.remove, scope="talk", conversation=group(request, conversation_id), person=an_id(person_id))


def own_token(request: HttpRequest) -> None:
    """Raises Refused for a company's token."""
    if viewer_of(request).company is not None:
        raise Refused("company-token", _("Groups are of people. Use a token without a company."))


def group(request: HttpRequest, conversation_id: str) -> UUID:
    """A group in the caller's reach. Raises NotFound for any other conversation."""
    found = reach(request, an_id(conversation_id))
    if not Group.objects.of(found).exists():
        raise NotFound
    return found


def ids(people: list[str]) -> list[UUID]:
    return [an_id(one) for one in people]


def only(wanted: dict[str, Any]) -> str:
    """The one field that is given. Raises Invalid for none and for several."""
    if len(wanted) != 1:
        raise Invalid({"body": _("Change one thing at a time.")})
    return next(iter(wanted))
