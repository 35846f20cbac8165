"""Web push for the person of the token: a client of one's own registers the address its push service gave it (docs/api/push.md)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import act, need_scope, viewer_of
from guanxi.api.shape import Given, Problem, an_id, when
from guanxi.base import clock
from guanxi.notify.push import acts, keys, reads
from guanxi.talk.call import Call
from guanxi.talk.keyed import keyed

router = Router(tags=["notices"])


class PushGiven(Given):
    """What `PushSubscription.toJSON()` says."""

    endpoint: str = Field(max_length=500, examples=["https://push.example.com/send/a1b2"], description="https, public")
    p256dh: str = Field(max_length=120, description="The client's public key of P-256, uncompressed, URL-safe base64")
    auth: str = Field(max_length=60, description="Its secret of 16 bytes, URL-safe base64")


class PushShown(Schema):
    """`here`: made with this token. Its endpoint is not shown again."""

    id: str
    name: str
    here: bool
    talk: bool
    details: bool
    made_at: str


class PushesShown(Schema):
    """`key` is the server's public key, empty while push is off here."""

    key: str
    items: list[PushShown]


class PushMade(Schema):
    subscription: str


class Removed(Schema):
    removed: bool


@router.get("/me/push", response=PushesShown, summary="Where I get pushes")
def pushes(request: HttpRequest) -> dict[str, Any]:
    need_scope(request, "read")
    rows = reads.mine(viewer_of(request).person, here=request.token.id)  # type: ignore[attr-defined]
    return {"key": keys.public(), "items": [
        {"id": str(one.id), "name": one.name, "here": one.here, "talk": one.talk, "details": one.details, "made_at": when(one.made_at)} for one in rows
    ]}  # fmt: skip


@router.post("/me/push", response={200: PushMade, 404: Problem, 409: Problem, 422: Problem, 429: Problem}, summary="Get pushes here")
def add(request: HttpRequest, given: PushGiven) -> dict[str, Any]:
    """It belongs to this token and ends with it. 404 where the operator has no keys."""
    return act(request, keyed(_add), scope="talk", session=request.token.id, **given.model_dump())  # type: ignore[attr-defined]


@router.delete("/me/push/{subscription_id}", response={200: Removed, 404: Problem}, summary="No more pushes there")
def remove(request: HttpRequest, subscription_id: str) -> dict[str, Any]:
    need_scope(request, "talk")
    acts.remove(viewer_of(request).person, an_id(subscription_id))
    return {"removed": True}


def _add(call: Call, *, session: Any, endpoint: str, p256dh: str, auth: str) -> dict[str, Any]:
    return acts.as_made(acts.add(call.by, session, endpoint=endpoint, p256dh=p256dh, auth=auth, now=clock.now()))
