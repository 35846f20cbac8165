"""A text somebody wrote: what it may hold, for the gateway and for the API alike."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id

KIND = "text"
MOST = 5000  # characters
MOST_NAMED = 20  # people one text calls by @
EVERYONE = "all"
LARGEST = 2**53
FIELDS = {"text", "reply", "at"}
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def payload(body: Any) -> dict[str, Any]:
    """What is kept of `{"text": ..., "reply": seq, "at": [person, ...] or ["all"]}`; the last two only when given.

    The text in NFC, no space around it; an answer names what it answers by its seq alone, so that recalled words live in no other row.
    Raises Invalid for the field; all doors hash what this gives.
    """
    if not isinstance(body, dict) or not body.keys() <= FIELDS:
        raise Invalid({"text": _("This must be text.")})
    kept: dict[str, Any] = {"text": words(body.get("text"))}
    if "reply" in body:
        kept["reply"] = seq(body["reply"])
    if "at" in body:
        kept["at"] = named(body["at"])
    return kept


def words(text: Any) -> str:
    """The text itself."""
    if not isinstance(text, str):
        raise Invalid({"text": _("This must be text.")})
    if UNSTORABLE.search(text):
        raise Invalid({"text": _("This holds a sign that cannot be stored.")})
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise Invalid({"text": _("Write something here.")})
    if len(text) > MOST:
        raise Invalid({"text": _("This is too long.")})
    return text


def seq(value: Any) -> int:
    """The seq of the entry that is answered; whether it is there is judged under the lock."""
    if type(value) is not int or not 0 < value <= LARGEST:
        raise Invalid({"reply": _("There is no such entry.")})
    return value


def named(value: Any) -> list[str]:
    """People by id, each once, in the order given; or everybody."""
    if value == [EVERYONE]:
        return [EVERYONE]
    if not isinstance(value, list) or not 0 < len(value) <= MOST_NAMED:
        raise Invalid({"at": _("Name 1 to {most} people.").format(most=MOST_NAMED)})
    found = [find_id(one) if isinstance(one, str) else None for one in value]
    if None in found or len(set(found)) != len(found):
        raise Invalid({"at": _("Name 1 to {most} people.").format(most=MOST_NAMED)})
    return [str(one) for one in found]
