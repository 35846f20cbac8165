"""What the recorder sends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.voice import acts


def read_speak(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`file`: the id of an upload; `seconds`."""
    upload, seconds = find_id(data.get("file", "")), data.get("seconds", "")
    if upload is None:
        raise Invalid({"file": _("This is no recording that can be played.")})
    return {"upload_id": upload, "seconds": int(seconds) if isinstance(seconds, str) and seconds.isascii() and seconds.isdecimal() and len(seconds) < 4 else 0}


ACTS = {"speak": Form(acts.speak, read_speak)}
