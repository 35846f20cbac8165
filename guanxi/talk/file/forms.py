"""What the page sends to show a picture or a file: the door has stored it before and gives its id."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.talk.call import Call
from guanxi.talk.file import acts
from guanxi.talk.form import Form


def read_send(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """`file`: the id of an upload."""
    upload = find_id(data.get("file", ""))
    if upload is None:
        raise Invalid({"file": _("Choose a picture or a file.")})
    return {"upload_id": upload}


ACTS = {"send": Form(acts.send, read_send)}
