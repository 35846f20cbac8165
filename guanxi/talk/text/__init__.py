"""A text somebody wrote: what it may hold, for the gateway and for the API alike."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid

KIND = "text"
MOST = 5000  # characters
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def payload(body: Any) -> dict[str, str]:
    """What is kept of `{"text": ...}`: NFC, no space around it. Raises Invalid for `text`; both doors hash what this gives."""
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or len(body) != 1:
        raise Invalid({"text": _("This must be text.")})
    if UNSTORABLE.search(text):
        raise Invalid({"text": _("This holds a sign that cannot be stored.")})
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise Invalid({"text": _("Write something here.")})
    if len(text) > MOST:
        raise Invalid({"text": _("This is too long.")})
    return {"text": text}
