"""The two switches of a conversation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Words
from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.position import acts

SWITCH = {"1": True, "": False, "0": False}


def read_hear(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`muted` and `pinned`, each 1, 0 or missing."""
    given = {name: data[name] for name in ("muted", "pinned") if name in data}
    wrong: dict[str, Words] = {name: _("Choose on or off.") for name, value in given.items() if not isinstance(value, str) or value not in SWITCH}
    if wrong:
        raise Invalid(wrong)
    return {name: SWITCH[value] for name, value in given.items()}


ACTS = {"hear": Form(acts.hear, read_hear)}
