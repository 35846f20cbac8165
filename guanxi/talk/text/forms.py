"""What the page sends to say something."""

from typing import Any

from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.text import acts, payload


def read_say(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`text` of the form."""
    return {"body": payload({"text": data.get("text", "")})}


ACTS = {"say": Form(acts.say, read_say)}
