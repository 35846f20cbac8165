"""What stands on the screen: who and what kind, no amount and no private word unless the person chose otherwise."""

import base64
import hashlib
import json

from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.base.errors import Words
from guanxi.deals.deal.line import OTHER, TURNS
from guanxi.notify.push.fresh import Fresh
from guanxi.notify.push.rules import NUDGE
from guanxi.notify.webhook import events
from guanxi.talk import card

MOST_BYTES = 2000  # services take about 4,000 of cipher text


def payload(row: Fresh) -> bytes:
    """JSON for the service worker: title, text, where a tap leads, and the tag under which a newer one takes its place."""
    with translation.override(row.language):
        said = {"title": title(row), "text": text(row)[:160], "to": f"/c/{row.conversation}?at={row.seq}#e{row.seq}", "tag": tag(row)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()[:MOST_BYTES]


def title(row: Fresh) -> str:
    """Who: the group, the company, the person, or the house itself."""
    who = row.by_company if row.sort == "deal" else row.group or row.by_name
    return who[:60] or str(_("Guanxi"))


def text(row: Fresh) -> str:
    """What kind of thing; with details what it says."""
    if row.details:
        return card.line(row.kind, json.loads(row.body))
    if row.called:
        return _("{name} mentioned you.").format(name=row.by_name)
    if row.kind == NUDGE:
        return _("{name} asks for a reply.").format(name=row.by_name)
    if row.about is None:
        return _("{name} wrote to you.").format(name=row.by_name) if row.by_name else _("Something new was written.")
    if row.turn is not None:
        return str(TURNS.get(row.turn, OTHER).yours)
    return _("News: {what}").format(what=family(row.kind))


def family(kind: str) -> Words:
    """As the page of webhooks says it."""
    return events.words_of(kind.split(".")[0])


def tag(row: Fresh) -> str:
    """32 signs that say nothing to the push service: the same for one talk or deal, so that a newer push replaces one that waits (RFC 8030, 5.4)."""
    named = f"{row.subscription}:{row.conversation}:{row.about or ''}".encode()
    return base64.urlsafe_b64encode(hashlib.sha256(named).digest())[:32].decode()
