"""What happened in the talk itself, told in the middle of the stream: by code, so that each reads it in his language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words

KIND = "notice"
WORDS: dict[str, Words] = {
    "took-over": _("{name} now answers for {company}"),
    "nudge": _("{name} asks for a reply: {title}"),
}


def notice(code: str, **params: str) -> dict[str, Any]:
    """The body of a notice. `code` is a key of WORDS, `params` fill its places."""
    if code not in WORDS:
        raise ValueError(f"no words for the notice {code!r}")
    return {"code": code, **params}
