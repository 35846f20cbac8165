"""What the page sends to say something."""

from typing import Any

from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.text import acts, payload


def read_say(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`text` of the form, `reply` the seq it answers, `at` the ids of those it calls with commas between."""
    body = {"text": data.get("text", "")}
    if reply := data.get("reply"):
        body["reply"] = int(reply) if isinstance(reply, str) and reply.isascii() and reply.isdecimal() and len(reply) < 16 else reply
    if at := data.get("at"):
        body["at"] = at.split(",") if isinstance(at, str) else at
    return {"body": payload(body)}


ACTS = {"say": Form(acts.say, read_say)}
