"""The button that takes over carries nothing but the call."""

from typing import Any

from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.party import acts


def read_take(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {}


ACTS = {"take": Form(acts.take_over, read_take)}
