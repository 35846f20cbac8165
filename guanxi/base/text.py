"""Text from outside, made safe to store: no NUL, no lone surrogate, one normal form."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Words


def problem(value: object, *, most: int, multiline: bool = False) -> Words | None:
    """Why this is not acceptable text, or None."""
    if not isinstance(value, str):
        return _("This must be text.")
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        return _("This holds a sign that cannot be stored.")
    if not multiline and any(sign in value for sign in "\n\r\u2028\u2029"):
        return _("This must be one line.")
    if len(value) > most:
        return _("This is too long.")
    return None


def clean(value: object, *, field: str, most: int, least: int = 0, multiline: bool = False) -> str:
    """The text trimmed and in NFC. Raises Invalid for `field` when it is not acceptable."""
    if words := problem(value, most=most, multiline=multiline):
        raise Invalid({field: words})
    text = unicodedata.normalize("NFC", str(value)).strip()
    if len(text) < least:
        raise Invalid({field: _("Write something here.")})
    return text
