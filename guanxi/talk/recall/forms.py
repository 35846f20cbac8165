"""Which entry goes."""

from typing import Any

from guanxi.base.errors import NotFound
from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.recall import acts


def read_recall(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`seq` of the entry."""
    seq = data.get("seq", "")
    if not isinstance(seq, str) or not seq.isascii() or not seq.isdecimal() or len(seq) > 15:
        raise NotFound
    return {"seq": int(seq)}


ACTS = {"recall": Form(acts.recall, read_recall)}
