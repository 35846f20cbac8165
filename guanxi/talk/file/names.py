"""File names people give: a label for readers, never a path (quality.md A33)."""

import re
import unicodedata

from django.utils.translation import gettext as _

MOST = 120
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean(name: str) -> str:
    """The last part of the path without signs that steer a terminal, a file system or the direction of reading."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = FORBIDDEN.sub("", last).strip(" .")
    if not plain:
        return str(_("file"))
    if DEVICES.match(plain):
        plain = "_" + plain
    return shorten(plain)


def shorten(name: str) -> str:
    """At most MOST signs, the ending kept."""
    if len(name) <= MOST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        return name[:MOST]
    return stem[: MOST - len(suffix) - 1] + dot + suffix


def with_suffix(name: str, suffix: str) -> str:
    """The name with the ending of what the file became."""
    stem, dot, old = name.rpartition(".")
    return shorten(f"{stem if dot and len(old) <= 5 else name}.{suffix}")
