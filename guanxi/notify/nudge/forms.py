"""What the nudge button sends."""

from typing import Any

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.notify.nudge import acts
from guanxi.talk.call import Call
from guanxi.talk.form import Form


def read_nudge(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`deal`: its id."""
    deal = find_id(data.get("deal", ""))
    if deal is None:
        raise NotFound
    return {"deal_id": deal}


ACTS = {"ask": Form(acts.nudge, read_nudge)}
