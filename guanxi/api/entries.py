"""The log of a conversation: read it from both ends, add a text or a file, say how far one has read."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import act, need_scope, viewer_of
from guanxi.api.paging import limit_of
from guanxi.api.shape import Given, Problem, Text, an_id, when
from guanxi.talk import read
from guanxi.talk.file import acts as files
from guanxi.talk.forward import acts as forwards
from guanxi.talk.recall import acts as recalls
from guanxi.talk.table import Entry
from guanxi.talk.text import acts as texts
from guanxi.talk.text import payload
from guanxi.talk.voice import acts as voices

router = Router(tags=["conversations"])
Seq = Annotated[int, Field(ge=0, le=2**53)]


class ByShown(Schema):
    person: str | None
    company: str | None
    name: str


class EntryShown(Schema):
    """`kind` says how to read `body`; kinds you do not know are kept and shown as such."""

    seq: int
    kind: str
    by: ByShown
    about: str | None
    body: dict
    at: str


class EntriesShown(Schema):
    head: int
    items: list[EntryShown]


class TextGiven(Given):
    """A text, or an upload of yours as picture or file."""

    kind: str = Field("text", pattern="^(text|image|file|voice)$")
    text: Text = Field("", examples=["M8×30 有现货吗？"])
    upload: str = Field("", max_length=40)
    seconds: int = Field(0, ge=0, le=60, description="Of a voice message: how long it is.")
    reply: Seq | None = Field(None, description="The seq of the entry this text answers.")
    at: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=20, description="In groups: the people this text calls, or [\"all\"].")


class ForwardGiven(Given):
    """An entry you see in another conversation."""

    conversation: str
    seq: Seq


class ReadGiven(Given):
    seq: Seq


class Added(Schema):
    seq: int


@router.get("/conversations/{conversation_id}/entries", response={200: EntriesShown, 404: Problem, 422: Problem}, summary="Entries")
def entries(request: HttpRequest, conversation_id: str, after: Seq | None = None, before: Seq | None = None, limit: int = 50) -> dict:
    """`after` reads on, `before` reads back; without either the newest. Always in order of seq."""
    need_scope(request, "read")
    found = reach(request, an_id(conversation_id))
    rows = read.rows(found, after=after, before=before, limit=limit_of(limit), person=viewer_of(request).person)
    return {"head": read.head(found), "items": [shown(row) for row in rows]}


@router.post("/conversations/{conversation_id}/entries", response={200: Added, 404: Problem, 409: Problem, 422: Problem}, summary="Say something")
def add(request: HttpRequest, conversation_id: str, given: TextGiven) -> dict:
    """Acknowledged only after the commit; the same key gives the same seq."""
    conversation = reach(request, an_id(conversation_id))  # a token of one company does not speak in the talks of the person (A13)
    if given.kind == "text":
        body = payload({"text": given.text} | {name: value for name, value in (("reply", given.reply), ("at", given.at)) if value is not None})
        made = act(request, texts.say, scope="talk", conversation=conversation, hashed=("text", body), body=body)
    elif given.kind == "voice":
        made = act(request, voices.speak, scope="talk", conversation=conversation, upload_id=an_id(given.upload), seconds=given.seconds)
    else:
        made = act(request, files.send, scope="talk", conversation=conversation, kind=given.kind, upload_id=an_id(given.upload))
    return {"seq": made["seq"] if "seq" in made else next(iter(made["heads"].values()))}


@router.post(
    "/conversations/{conversation_id}/entries/{seq}/recall", response={200: Added, 404: Problem, 409: Problem, 422: Problem}, summary="Take back what you said"
)
def take_back(request: HttpRequest, conversation_id: str, seq: int) -> dict:
    """Your own text, picture, file or voice, within 2 minutes. Its entry stays with the kind `recalled` and no words.

    The answer is the seq of the entry that tells it: kind `recall`, body `{seq}`.
    """
    made = act(request, recalls.recall, scope="talk", conversation=an_id(conversation_id), seq=min(max(seq, 0), 2**53))
    return {"seq": made["seq"]}


@router.post("/conversations/{conversation_id}/forward", response={200: Added, 404: Problem, 409: Problem, 422: Problem}, summary="Forward an entry to here")
def forward(request: HttpRequest, conversation_id: str, given: ForwardGiven) -> dict:
    """Words and files go as they are; of a deal only what the goods are, without prices, terms and names."""
    place, source = an_id(conversation_id), reach(request, an_id(given.conversation))
    return {"seq": act(request, forwards.forward, scope="talk", conversation=place, source=source, seq=given.seq)["seq"]}


@router.post("/conversations/{conversation_id}/read", response={200: Added, 404: Problem, 422: Problem}, summary="Say how far you have read")
def mark_read(request: HttpRequest, conversation_id: str, given: ReadGiven) -> dict:
    """Only forward, never beyond the head."""
    need_scope(request, "talk")
    conversation = reach(request, an_id(conversation_id))
    return {"seq": read.mark(conversation, viewer_of(request).person, given.seq)}


def shown(row: Entry) -> dict:
    return {
        "seq": row.seq, "kind": row.kind, "about": str(row.about) if row.about else None, "body": row.body, "at": when(row.at),
        "by": {"person": str(row.by_person) if row.by_person else None, "company": str(row.by_company) if row.by_company else None, "name": row.by_name},
    }  # fmt: skip
