"""The one POST door: /c/<conversation>/<noun>/<act>. Builds the call, reads the form, runs the act, answers the page that asked.

A noun's forms.py holds ACTS: the act's name in the address -> Form(act, read). Files in the form are stored before the act runs and
reach it by id. What an act refuses is raised on, and guanxi.web.errors says it where it was asked.
"""

import json
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guanxi.base.errors import NotFound
from guanxi.base.nested import nest
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import Call, by_viewer
from guanxi.talk.file import store
from guanxi.talk.form import Form
from guanxi.talk.read import reach
from guanxi.talk.run import once

NOUNS: dict[str, str] = {
    "text": "guanxi.talk.text.forms",
    "file": "guanxi.talk.file.forms",
    "party": "guanxi.talk.party.forms",
    "position": "guanxi.talk.position.forms",
    "group": "guanxi.talk.group.forms",
    "recall": "guanxi.talk.recall.forms",
    "forward": "guanxi.talk.forward.forms",
    "voice": "guanxi.talk.voice.forms",
    "rfq": "guanxi.deals.rfq.forms",
    "quote": "guanxi.deals.quote.forms",
    "order": "guanxi.deals.order.forms",
    "change": "guanxi.deals.change.forms",
    "contract": "guanxi.deals.contract.forms",
    "bank": "guanxi.deals.bank.forms",
    "payment": "guanxi.deals.payment.forms",
    "shipment": "guanxi.deals.shipment.forms",
    "review": "guanxi.deals.review.forms",
    "dispute": "guanxi.deals.dispute.forms",
    "nudge": "guanxi.notify.nudge.forms",
}
ELSEWHERE: dict[tuple[str, str], str] = {("order", "cancel"): "payment", ("order", "cancel_agree"): "payment"}  # the money decides
OURS = ("csrfmiddlewaretoken", "as", "key", "seen", "next")
MOST_FILES = 20


@require_POST
@signed_in
def act(request: SignedIn, conversation: UUID, noun: str, name: str) -> HttpResponse:
    """Do it, and answer with what it made."""
    form = find_form(noun, name)
    call = call_of(request, conversation=conversation)
    reach(request.viewer, conversation)  # before a stranger's files are stored, and for acts that look at no conversation themselves
    data, uploads = read_post(request)
    if call.key and uploads:  # the same file sent again is the same payload
        call = call.keyed(call.key, [noun, name, data, {field: [upload.sha256 for upload in found] for field, found in uploads.items()}])
    ids = {field: [str(upload.id) for upload in found] for field, found in uploads.items()}
    given = form.read(data | {field: found[0] if len(found) == 1 else found for field, found in ids.items()}, call)
    return done(request, once(form.act, call, **given), conversation=conversation)


def find_form(noun: str, name: str) -> Form:
    """The form of an act in the address. Raises NotFound for an act there is none of."""
    noun = ELSEWHERE.get((noun, name), noun)
    forms = import_module(NOUNS[noun]).ACTS if noun in NOUNS else {}
    if name not in forms:
        raise NotFound
    return forms[name]


def call_of(request: SignedIn, *, conversation: UUID | None = None) -> Call:
    """The call behind a posted form: for the company its page was drawn for, under its key, having seen what it says.

    Raises Refused for an old tab of another company. A talk between people is nobody's company's: then the form carries no `as`.
    """
    seen = request.POST.get("seen", "")
    key = request.POST.get("key") or request.headers.get("Idempotency-Key") or ""
    call = by_viewer(request.viewer, conversation=conversation, seen=int(seen) if seen.isdecimal() and len(seen) < 16 else 0)
    if request.POST.get("as") != "":  # missing is not the same as empty
        require_as(request)
    else:
        call = replace(call, company=None, role=None)
    payload = {field: request.POST.getlist(field) for field in request.POST if field not in OURS}
    return call.keyed(key[:64], [request.path, payload]) if key and key.isprintable() else call


def company_call(request: SignedIn) -> Call:
    """The call behind a form outside any conversation."""
    return call_of(request)


def local_path(address: str) -> str:
    """The address if it leads into this site, else '' (quality.md A22)."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside and len(address) < 500 else ""


def read_post(request: SignedIn) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The fields by their nested names, and what was uploaded, stored."""
    data = {field: value for field, value in nest(request.POST).items() if field not in OURS}
    files = [(field, file) for field in request.FILES for file in request.FILES.getlist(field) if file][:MOST_FILES]
    uploads: dict[str, list[Any]] = {}
    for field, file in files:
        uploads.setdefault(field, []).append(store.store(request.viewer.person, request.viewer.company, file))
    return data, uploads


def done(request: SignedIn, result: dict[str, Any], *, conversation: UUID | None = None, default: str = "/m") -> HttpResponse:
    """After an act: back to where the form says (`next`, filled in from the result), or into the conversation at the new entry.

    A script on the conversation's page asks for no page (`X-Stay`): it learns what was done and fetches the new entries itself.
    """
    if request.headers.get("X-Stay"):
        return HttpResponse(json.dumps(result), content_type="application/json")
    asked = local_path(request.POST.get("next", ""))
    for name, value in result.items():
        asked = asked.replace("{" + name + "}", value) if isinstance(value, str) else asked
    if conversation is not None and stays(request, asked or f"/c/{conversation}", conversation):
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"guanxi:done": result})})
    if asked or conversation is None:
        return redirect(asked or default)
    head = result.get("seq") or (result.get("heads") or {}).get(str(conversation))
    return redirect(f"/c/{conversation}" + (f"#e{head}" if head else ""))


def stays(request: SignedIn, address: str, conversation: UUID) -> bool:
    """Whether the form was a sheet over the very page it leads to: that page is live and shows what was done by itself."""
    current = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return request.headers.get("HX-Request") == "true" and current == urlsplit(address).path == f"/c/{conversation}"
