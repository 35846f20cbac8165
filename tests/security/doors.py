"""Every address of the product, read from its own tables, aimed at things that exist; and a picture of all rows to see that nothing moved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from guanxi.api.app import api
from guanxi.web.acts import NOUNS
from tests.security import grid

NOT_COUNTED = {"base_limit", "django_session", "people_device", "people_token"}  # being refused is counted, being seen is noted
NOBODYS = "01a20a95-ba42-7158-8d93-60bc85dc0cc5"


@dataclass(frozen=True)
class Door:
    """One address: its pattern, and the address itself with ids put in."""

    pattern: str
    address: str


def patterns(found: Any = None, before: str = "") -> Iterator[str]:
    """Every pattern of the URL resolver but the API's."""
    for one in (found or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.app_name != "ninja":
                yield from patterns(one, route)
        elif isinstance(one, URLPattern):
            yield route


def aim(pattern: str, ids: dict[str, str]) -> Door:
    """The address of a pattern: `<uuid:deal>` becomes the id of a deal."""
    return Door(pattern, "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: ids.get(name[1], NOBODYS), pattern))


def acts() -> Iterator[tuple[str, str]]:
    """Every noun and act of the POST door."""
    for noun, module in NOUNS.items():
        for name in import_module(module).ACTS:
            yield noun, name
    yield from (("order", "cancel"), ("order", "cancel_agree"))


def routes() -> Iterator[tuple[str, str]]:
    """Every method and path of the API."""
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method in operations:
            yield method.upper(), path.removeprefix("/api/v1")


def pages() -> dict[str, str]:
    """Who may reach each address there is; one that says nothing fails its own test, not all the others."""
    return {pattern: grid.PAGES[pattern] for pattern in patterns() if pattern in grid.PAGES}


def powers() -> dict[tuple[str, str], str]:
    """What each act there is asks of a role."""
    return {act: grid.ACTS[act] for act in acts() if act in grid.ACTS}


def scopes() -> dict[tuple[str, str], tuple[str, str]]:
    """What each route there is asks of a token and of a role."""
    return {route: grid.ROUTES[route] for route in routes() if route in grid.ROUTES}


def picture() -> dict[str, tuple[int, str]]:
    """Of every table of ours: how many rows, and a checksum over them."""
    seen = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if not model.__module__.startswith("guanxi.") or table in NOT_COUNTED:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t")
            seen[table] = cursor.fetchone()
    return seen


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that changed."""
    return [table for table in before if before[table] != after[table]]
