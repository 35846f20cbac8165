"""Webhooks: a company's own programs hear of its deals (docs/api/webhooks.md). For owners and admins, with a token of all scopes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import Act, act, company_of, need_scope, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Given, Line, Problem, an_id, when
from guanxi.notify.webhook import acts, events, reads
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.talk.call import by_viewer
from guanxi.talk.keyed import keyed
from guanxi.talk.run import run

router = Router(tags=["webhooks"])
ERRORS = {404: Problem, 409: Problem, 422: Problem, 429: Problem}


class WebhookGiven(Given):
    url: str = Field(max_length=500, examples=["https://erp.haichuan.example/guanxi"], description="https, public, port 443 or above 1023")
    kinds: list[Line] = Field(
        default=[events.ALL], max_length=events.MOST, examples=[["order.*", "payment.held"]],
        description="Kinds of entries; `order.*` for a family, `*` for all",
    )  # fmt: skip


class WebhookShown(Schema):
    """`state`: on, or off after days without an answer. `failing_since` is set while tries fail."""

    id: str
    url: str
    kinds: list[str]
    state: str
    made_at: str
    failing_since: str | None
    off_at: str | None
    old_secret_until: str | None


class SecretShown(WebhookShown):
    """The only time the secret is shown."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwV4hs5NzHgzE="])


class WebhooksShown(Schema):
    items: list[WebhookShown]
    next: str | None


class DeliveryShown(Schema):
    """`state`: waiting, done, failed. `status` is the receiver's; without one `error` says why: name, address, time, tls, connection."""

    id: str
    type: str
    conversation: str | None
    seq: int | None
    about: str | None
    at: str
    state: str
    tries: int
    status: int | None
    error: str
    tried_at: str | None
    next_try_at: str | None


class DeliveriesShown(Schema):
    items: list[DeliveryShown]
    next: str | None


class Removed(Schema):
    removed: bool


@router.get("/webhooks", response={200: WebhooksShown, 409: Problem, 422: Problem}, summary="Your company's webhooks")
def webhooks(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    need_scope(request, "read")
    company_of(request)
    found, more = page(reads.mine(viewer_of(request)), by="made_at", cursor=cursor, limit=limit)
    return {"items": [shown(one) for one in found], "next": more}


@router.post("/webhooks", response={200: SecretShown, **ERRORS}, summary="Add a webhook")
def create(request: HttpRequest, given: WebhookGiven) -> dict:
    """Shows the secret once. Takes no Idempotency-Key, since the answer is a secret."""
    return secretly(request, acts.add, url=given.url, kinds=given.kinds)


@router.get("/webhooks/{webhook_id}", response={200: WebhookShown, **ERRORS}, summary="One webhook")
def webhook(request: HttpRequest, webhook_id: str) -> dict:
    need_scope(request, "read")
    return shown(held(request, webhook_id))


@router.delete("/webhooks/{webhook_id}", response={200: Removed, **ERRORS}, summary="Remove a webhook")
def remove(request: HttpRequest, webhook_id: str) -> dict:
    need_scope(request, "*")
    company_of(request)
    run(acts.remove, by_viewer(viewer_of(request)), webhook=an_id(webhook_id))
    return {"removed": True}


@router.post("/webhooks/{webhook_id}/rotate", response={200: SecretShown, **ERRORS}, summary="A new secret")
def rotate(request: HttpRequest, webhook_id: str) -> dict:
    """The old secret signs beside it for 24 hours. Takes no Idempotency-Key, since the answer is a secret."""
    return secretly(request, acts.rotate, webhook=an_id(webhook_id))


@router.post("/webhooks/{webhook_id}/test", response={200: DeliveryShown, **ERRORS}, summary="Send a test")
def send_test(request: HttpRequest, webhook_id: str) -> dict:
    """An event `webhook.test`, on its way within a quarter of a minute."""
    company_of(request)
    made = act(request, keyed(acts.send_test), scope="*", webhook=an_id(webhook_id))
    return one_delivery(request, webhook_id, made["delivery"])


@router.post("/webhooks/{webhook_id}/on", response={200: WebhookShown, **ERRORS}, summary="Switch on again")
def switch_on(request: HttpRequest, webhook_id: str) -> dict:
    """What was missed is read by seq: GET /sync and the entries of conversations."""
    company_of(request)
    act(request, keyed(acts.switch_on), scope="*", webhook=an_id(webhook_id))
    return shown(held(request, webhook_id))


@router.get("/webhooks/{webhook_id}/deliveries", response={200: DeliveriesShown, **ERRORS}, summary="What was sent, the newest first")
def deliveries(request: HttpRequest, webhook_id: str, cursor: str = "", limit: int = 50) -> dict:
    """Kept for 30 days."""
    need_scope(request, "read")
    found, more = page(reads.deliveries(held(request, webhook_id)), by="made_at", cursor=cursor, limit=limit)
    return {"items": [delivery_shown(one) for one in found], "next": more}


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", response={200: DeliveryShown, **ERRORS}, summary="Send once more")
def redeliver(request: HttpRequest, webhook_id: str, delivery_id: str) -> dict:
    """The same event under the same `webhook-id`."""
    company_of(request)
    made = act(request, keyed(acts.redeliver), scope="*", webhook=an_id(webhook_id), delivery=an_id(delivery_id))
    return one_delivery(request, webhook_id, made["delivery"])


def secretly(request: HttpRequest, function: Act, **kwargs: Any) -> dict:
    """Run an act whose answer is shown once and stored nowhere."""
    need_scope(request, "*")
    company_of(request)
    made = run(function, by_viewer(viewer_of(request)), **kwargs)
    return shown(held(request, made["webhook"])) | {"secret": made["secret"]}


def held(request: HttpRequest, webhook_id: str) -> Webhook:
    company_of(request)
    return reads.one(viewer_of(request), an_id(webhook_id))


def one_delivery(request: HttpRequest, webhook_id: str, delivery: str) -> dict:
    return delivery_shown(reads.deliveries(held(request, webhook_id)).get(pk=an_id(delivery)))


def shown(row: Webhook) -> dict:
    """Never a secret."""
    return {
        "id": str(row.id), "url": row.url, "kinds": row.kinds, "state": row.state, "made_at": when(row.made_at),
        "failing_since": when(row.failing_since), "off_at": when(row.off_at), "old_secret_until": when(row.old_until),
    }  # fmt: skip


def delivery_shown(row: Delivery) -> dict:
    return {
        "id": str(row.id), "type": row.kind, "conversation": str(row.conversation_id) if row.conversation_id else None, "seq": row.seq,
        "about": str(row.about) if row.about else None,
        "at": when(row.at), "state": row.state, "tries": row.tries, "status": row.status, "error": row.error, "tried_at": when(row.tried_at),
        "next_try_at": when(row.due_at) if row.state == "waiting" else None,
    }  # fmt: skip
