"""The JSON face of the same reads and acts as the pages: /api/v1, OpenAPI 3.1 at /api/v1/openapi.json."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from guanxi import __version__
from guanxi.api import (
    banks,
    book,
    changes,
    companies,
    contracts,
    conversations,
    disputes,
    entries,
    exports,
    groups,
    listings,
    notices,
    orders,
    payments,
    pricelists,
    problems,
    pushes,
    quotes,
    rfqs,
    search,
    signin,
    uploads,
    webhooks,
)
from guanxi.api.door import Bearer, add_rate


class Face(NinjaAPI):
    """Adds what every answer carries."""

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        add_rate(request, response)
        return response

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        return problems.declare(super().get_openapi_schema(**kwargs))


api = Face(
    title="Guanxi 关系", version=__version__, auth=Bearer(), docs_url=None, openapi_url="/openapi.json", urls_namespace="api",
    description="Social B2B commerce: enquiries, quotes, orders, escrow and talk between companies. Errors are RFC 9457 problem details; every POST "
    "takes an Idempotency-Key, except those that answer with a secret; lists are paged by cursor. A walk with curl: docs/api/walk.md.",
)  # fmt: skip
problems.install(api)
ROUTERS = (
    signin, companies, conversations, entries, groups, listings, notices, pricelists, pushes, search, uploads,
    rfqs, quotes, orders, disputes, contracts, changes, banks, payments, book, exports, webhooks,
)  # fmt: skip
for router in ROUTERS:
    api.add_router("", router.router)
