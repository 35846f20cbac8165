"""The pages one can go to by name, in the order they are offered, with the power a role needs for them ('' for none)."""

from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.base.errors import Words
from guanxi.people.viewer import Viewer

PLACES: list[tuple[Words, str, str, str]] = [
    (_("Messages"), "/m", "talk", ""),
    (_("Contacts"), "/contacts", "people", ""),
    (_("Discover"), "/discover", "compass", ""),
    (_("RFQs"), "/rfqs", "rfq", "read"),
    (_("Workbench"), "/work", "bench", ""),
    (_("New RFQ"), "/rfqs/new", "plus", "buy"),
    (_("New group"), "/groups/new", "group", ""),
    (_("Goods of my company"), "/goods", "box", "read"),
    (_("Add goods"), "/goods/new", "plus", "sell"),
    (_("Take in a price list"), "/goods/import", "upload", "sell"),
    (_("QR code and link of my company"), "/me/door", "qr", "read"),
    (_("People of my company"), "/me/people", "people", "read"),
    (_("Receiving accounts"), "/me/bank", "bank", "money"),
    (_("Settings"), "/me", "gear", ""),
    (_("Notices"), "/me/notices", "bell", ""),
    (_("Sign-in and security"), "/me/security", "lock", ""),
    (_("Devices"), "/me/devices", "computer", ""),
    (_("Keyboard"), "/keys", "info", ""),
]


def open_to(viewer: Viewer) -> list[tuple[str, str, str, str]]:
    """Those this role may open: words, what they are found by, address, icon."""
    able = [place for place in PLACES if not place[3] or (viewer.company and viewer.can(place[3]))]
    return [(str(words), names(words), href, icon) for words, href, icon, _power in able]


@lru_cache(maxsize=100)
def names(words: Words) -> str:
    """A page's name in every language: one may know it by either."""
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append(str(words))
    return "\n".join(said)
