"""The JSON Schema of an export, put together from the API's own shapes: what a program reads there it reads here (docs/api/export.md)."""

from typing import Any

from guanxi.api.app import api
from guanxi.api.book import TransferShown
from guanxi.api.companies import CompanyShown
from guanxi.api.contracts import ContractShown
from guanxi.api.conversations import ConversationShown
from guanxi.api.disputes import DisputeShown
from guanxi.api.entries import EntryShown
from guanxi.api.listings import ListingShown
from guanxi.api.orders import OrderShown
from guanxi.api.quotes import QuoteShown
from guanxi.api.rfqs import RfqShown

FORMAT = "guanxi-company-export"
VERSION = 1
TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}


def closed(**fields: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def many(of: dict[str, Any]) -> dict[str, Any]:
    """A list."""
    return {"type": "array", "items": of}


def like(shape: Any) -> dict[str, Any]:
    """A resource as the API shows it."""
    return {"$ref": f"#/$defs/{shape.__name__}"}


def schema() -> dict[str, Any]:
    """Of `company.json`; `#/$defs/Conversation` is that of each file below `conversations/`."""
    shapes = (TransferShown, CompanyShown, ContractShown, ConversationShown, DisputeShown, EntryShown, ListingShown, OrderShown, QuoteShown, RfqShown)
    defs: dict[str, Any] = {}
    for shape in shapes:
        one = shape.model_json_schema(ref_template="#/$defs/{model}")
        defs |= one.pop("$defs", {}) | {shape.__name__: one}
    more = {"contract": {"anyOf": [like(ContractShown), {"type": "null"}]}, "argued": {"anyOf": [like(DisputeShown), {"type": "null"}]}}
    order = {"allOf": [like(OrderShown), {"type": "object", "properties": more, "required": list(more)}]}
    person = closed(person=TEXT, name=TEXT, role=TEXT, joined_at=TEXT, ended_at=MAYBE)
    number = {"type": "integer", "minimum": 0}
    file = closed(id=TEXT, name=TEXT, mime=TEXT, size=number, sha256=TEXT, at=TEXT, path=MAYBE)
    place = closed(id=TEXT, kind=TEXT, name=TEXT, entries=number, path=TEXT)
    defs["Conversation"] = {"allOf": [like(ConversationShown), {"type": "object", "properties": {"entries": many(like(EntryShown))}, "required": ["entries"]}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, "$comment": f"API {api.version}", "$defs": defs,
        **closed(
            format={"const": FORMAT}, version={"const": VERSION}, made_at=TEXT, by=TEXT, company=like(CompanyShown), people=many(person),
            rfqs=many(like(RfqShown)), quotes=many(like(QuoteShown)), orders=many(order), book=many(like(TransferShown)),
            listings=many(like(ListingShown)), conversations=many(place), files=many(file),
        ),
    }  # fmt: skip
