"""What goes where: the address is where it goes."""

from typing import Any

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.forward import acts


def read_send(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`source` and `seq` of the entry."""
    source, seq = find_id(data.get("source", "")), data.get("seq", "")
    if source is None or not isinstance(seq, str) or not seq.isascii() or not seq.isdecimal() or len(seq) > 15:
        raise NotFound
    return {"source": source, "seq": int(seq)}


ACTS = {"send": Form(acts.forward, read_send)}
