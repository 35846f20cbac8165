"""What the person of the token wants to be told of outside, and when not."""

from datetime import time
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import act, need_scope, viewer_of
from guanxi.api.shape import Given, Problem
from guanxi.notify.choice import acts
from guanxi.notify.choice.table import Choice
from guanxi.talk.call import Call
from guanxi.talk.keyed import keyed

router = Router(tags=["notices"])


class ChoiceGiven(Given):
    """Quiet hours are both or none; `zone` is a name of the tz database."""

    turns: bool = True
    money: bool = True
    digest: bool = False
    quiet_from: str = Field("", max_length=8, examples=["22:00"])
    quiet_to: str = Field("", max_length=8, examples=["07:30"])
    zone: str = Field("Asia/Shanghai", max_length=40)


class ChoiceShown(Schema):
    turns: bool
    money: bool
    digest: bool
    quiet_from: str
    quiet_to: str
    zone: str


@router.get("/me/notices", response=ChoiceShown, summary="What I am told of outside")
def choices(request: HttpRequest) -> dict[str, Any]:
    need_scope(request, "read")
    return shown(acts.of(viewer_of(request).person))


@router.post("/me/notices", response={200: ChoiceShown, 422: Problem}, summary="Choose what I am told of outside")
def choose(request: HttpRequest, given: ChoiceGiven) -> dict[str, Any]:
    act(request, keyed(_save), scope="trade", data=given.model_dump())
    return shown(acts.of(viewer_of(request).person))


def _save(call: Call, *, data: dict[str, Any]) -> dict[str, Any]:
    acts.save(call.by, data)
    return {}


def shown(row: Choice) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in ("turns", "money", "digest", "zone")}
    return said | {"quiet_from": _clock(row.quiet_from), "quiet_to": _clock(row.quiet_to)}


def _clock(when: time | None) -> str:
    return when.isoformat("minutes") if when else ""
