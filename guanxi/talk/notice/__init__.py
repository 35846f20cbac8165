"""What happened in the talk itself, told in the middle of the stream: by code, so that each reads it in his language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words

KIND = "notice"
WORDS: dict[str, Words] = {
    "took-over": _("{name} now answers for {company}"),
    "nudge": _("{name} asks for a reply: {title}"),
    "group-made": _("{name} made the group “{group}”"),
    "group-joined": _("{name} came in"),
    "group-left": _("{name} left"),
    "group-removed": _("{name} removed {person}"),
    "group-renamed": _("{name} named the group “{group}”"),
    "group-announced": _("{name} changed the announcement"),
    "group-unannounced": _("{name} took the announcement away"),
    "group-opened": _("{name} lets newcomers read what was said before"),
    "group-closed": _("{name} lets newcomers read only what comes after they joined"),
    "group-admin": _("{name} made {person} an admin"),
    "group-no-admin": _("{person} is no admin any more"),
    "group-owner": _("{name} handed the group over to {person}"),
    "group-silenced": _("{name} lets {person} only read"),
    "group-unsilenced": _("{name} lets {person} write again"),
}


def notice(code: str, **params: str) -> dict[str, Any]:
    """The body of a notice. `code` is a key of WORDS, `params` fill its places."""
    if code not in WORDS:
        raise ValueError(f"no words for the notice {code!r}")
    return {"code": code, **params}
