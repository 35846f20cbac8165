"""What the pages of a group send."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import find_id
from guanxi.talk.call import Call
from guanxi.talk.form import Form
from guanxi.talk.group import acts, coming


def people(data: dict[str, Any], *, least: int = 1) -> list[UUID]:
    """`people`: one id or several. Raises Invalid."""
    given = data.get("people", [])
    found = [find_id(one) if isinstance(one, str) else None for one in (given if isinstance(given, list) else [given])]
    if None in found or len(found) < least:
        raise Invalid({"people": _("Choose somebody.")})
    return [one for one in found if one]


def line(data: dict[str, Any], field: str) -> str:
    """A field of text. Raises Invalid."""
    given = data.get(field, "")
    if not isinstance(given, str):
        raise Invalid({field: _("This must be text.")})
    return given


def read_create(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"name": line(data, "name"), "people": people(data)}


def read_name(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"name": line(data, "name")}


def read_announcement(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"announcement": line(data, "announcement")}


def read_on(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"on": line(data, "on") == "1"}


def read_invite(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"people": people(data)}


def of_person(*more: str) -> Callable[[dict[str, Any], Call], dict[str, Any]]:
    """Forms about somebody: `person`, and what else they say."""

    def read(data: dict[str, Any], call: Call) -> dict[str, Any]:
        person = find_id(line(data, "person"))
        if person is None:
            raise NotFound
        said: dict[str, Any] = {"person": person}
        if "role" in more:
            said["role"] = line(data, "role")
        if "on" in more:
            said["on"] = line(data, "on") == "1"
        return said

    return read


def read_nothing(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {}


CREATE = Form(acts.create, read_create)
ACCEPT, DECLINE = Form(coming.accept, read_nothing), Form(coming.decline, read_nothing)
ACTS = {
    "rename": Form(acts.rename, read_name),
    "announce": Form(acts.announce, read_announcement),
    "history": Form(acts.open_history, read_on),
    "invite": Form(coming.invite, read_invite),
    "leave": Form(coming.leave, read_nothing),
    "remove": Form(coming.remove, of_person()),
    "role": Form(acts.set_role, of_person("role")),
    "owner": Form(acts.hand_over, of_person()),
    "silence": Form(acts.silence, of_person("on")),
}
