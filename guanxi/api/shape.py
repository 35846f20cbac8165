"""Shapes every resource shares: strict input, amounts, ids, pages."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.base.text import problem


def storable(value: str) -> str:
    """Text without NUL and lone surrogates; pydantic turns the ValueError into a problem of the field."""
    if words := problem(value, most=100_000, multiline=True):
        raise ValueError(str(words))
    return value


Text = Annotated[str, AfterValidator(storable)]
Line = Annotated[str, Field(max_length=200), AfterValidator(storable)]
Decimals = Annotated[str, Field(max_length=30, pattern=r"^-?\d{1,18}(\.\d{1,9})?$", examples=["0.1011"])]


class Given(Schema):
    """What a caller sends: nothing unknown, nothing turned into something else (true is not 1)."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Amount(Schema):
    """Whole minor units and a currency."""

    amount: int
    currency: str


class Problem(Schema):
    """RFC 9457 problem details. `fields` says what is wrong where, when input was bad."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: dict[str, str] | None = None


def amount(minor: int, currency: str) -> dict[str, Any]:
    """An amount as the API says it."""
    return {"amount": minor, "currency": currency}


def public(conversation: UUID, own: UUID) -> str:
    """The id of a thing that lives in a conversation."""
    return f"{conversation}.{own}"


def split_public(text: str) -> tuple[UUID, UUID]:
    """Conversation and id. Raises NotFound for anything else."""
    left, _dot, right = text.partition(".")
    conversation, own = find_id(left), find_id(right)
    if conversation is None or own is None:
        raise NotFound
    return conversation, own


def an_id(text: str) -> UUID:
    """An id in a path. Raises NotFound for anything else."""
    if found := find_id(text):
        return found
    raise NotFound


def when(moment: datetime | None) -> str | None:
    """A time as ISO 8601 in UTC."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
