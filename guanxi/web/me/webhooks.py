"""Webhooks of the company one acts for: see, add, rotate, test, switch on, remove. For its owner and admins."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base.errors import Refused
from guanxi.notify.webhook import acts, events, reads, sign
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import Call, by_viewer
from guanxi.talk.run import run
from guanxi.web.page import page

SHOWN = 50
WHY = {
    "name": gettext_lazy("name not found"),
    "address": gettext_lazy("address not public"),
    "time": gettext_lazy("no answer in time"),
    "tls": gettext_lazy("certificate not valid"),
    "connection": gettext_lazy("no connection"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def webhooks(request: SignedIn) -> HttpResponse:
    """The list and the form; the answer to the form shows the secret this once."""
    if request.viewer.company is None:
        raise Refused("no-company", _("Set up your company first."))
    made = run(acts.add, _call(request), url=request.POST.get("url", ""), kinds=request.POST.getlist("kinds")) if request.method == "POST" else {}
    rows = list(reads.mine(request.viewer).order_by("-made_at", "-id"))
    return page(request, "web/me/webhooks.html", {
        "webhooks": [(one, _kinds(one.kinds)) for one in rows], "secret": made.get("secret", ""), "made": made.get("webhook", ""),
        "families": [(f"{one}.*", events.words_of(one)) for one in events.families()], "full": len(rows) >= acts.MOST,
    })  # fmt: skip


@require_safe
@signed_in
def webhook(request: SignedIn, webhook: UUID) -> HttpResponse:
    """One, with what was sent last."""
    return _shown(request, webhook)


@require_POST
@signed_in
def rotate(request: SignedIn, webhook: UUID) -> HttpResponse:
    """A new secret, shown this once."""
    made = run(acts.rotate, _call(request), webhook=webhook)
    return _shown(request, webhook, secret=made["secret"])


@require_POST
@signed_in
def send_test(request: SignedIn, webhook: UUID) -> HttpResponse:
    """An event that says nothing."""
    run(acts.send_test, _call(request), webhook=webhook)
    return redirect(f"/me/webhooks/{webhook}")


@require_POST
@signed_in
def switch_on(request: SignedIn, webhook: UUID) -> HttpResponse:
    """After its receiver was mended."""
    run(acts.switch_on, _call(request), webhook=webhook)
    return redirect(f"/me/webhooks/{webhook}")


@require_POST
@signed_in
def redeliver(request: SignedIn, webhook: UUID, delivery: UUID) -> HttpResponse:
    """Once more."""
    run(acts.redeliver, _call(request), webhook=webhook, delivery=delivery)
    return redirect(f"/me/webhooks/{webhook}")


@require_POST
@signed_in
def remove(request: SignedIn, webhook: UUID) -> HttpResponse:
    """Gone."""
    run(acts.remove, _call(request), webhook=webhook)
    return redirect("/me/webhooks")


def _call(request: SignedIn) -> Call:
    """For the company the page was drawn for. Raises Refused for an old tab."""
    require_as(request)
    return by_viewer(request.viewer)


def _shown(request: SignedIn, webhook: UUID, *, secret: str = "") -> HttpResponse:
    row = reads.one(request.viewer, webhook)
    return page(request, "web/me/webhook.html", {
        "webhook": row, "kinds": _kinds(row.kinds), "secret": secret, "deliveries": reads.deliveries(row).order_by("-made_at", "-id")[:SHOWN],
        "test": events.TEST, "why": WHY, "both": int(sign.BOTH.total_seconds() // 3600),
    })  # fmt: skip


def _kinds(wishes: list[str]) -> str:
    """In words where there are some."""
    said = [str(_("everything")) if one == events.ALL else str(events.words_of(one.removesuffix(".*"))) for one in wishes]
    return ", ".join(said)
