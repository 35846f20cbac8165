"""Errors as RFC 9457 problem details: what an act refuses, what a shape does not fit, what is not there."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from guanxi.base.errors import ActError, Invalid, Limited

TITLES = {
    400: "Bad request", 401: "Not signed in", 404: "Not found", 405: "Not allowed", 409: "Refused",
    413: "Too large", 422: "Invalid", 429: "Too often", 503: "Busy",
}  # fmt: skip


def answer(status: int, code: str, detail: str, *, fields: dict[str, str] | None = None) -> HttpResponse:
    """One problem."""
    body: dict[str, Any] = {"type": f"/docs/problems#{code}", "title": TITLES.get(status, "Error"), "status": status, "code": code, "detail": detail}
    if fields:
        body["fields"] = fields
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def install(api: NinjaAPI) -> None:
    """Every way a call can fail, said in one form."""
    api.add_exception_handler(ActError, of_act)
    api.add_exception_handler(ValidationError, of_shape)
    api.add_exception_handler(AuthenticationError, lambda _request, _error: answer(401, "not-signed-in", _("A valid token is needed.")))
    api.add_exception_handler(Http404, lambda _request, _error: answer(404, "not-found", _("There is nothing here.")))
    api.add_exception_handler(HttpError, of_http)


def of_http(_request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses, such as a body that is no JSON."""
    return answer(error.status_code, "bad-request", str(error))


def of_act(_request: HttpRequest, error: Any) -> HttpResponse:
    """A refusal, bad input, no reach, no time."""
    fields = {name: str(words) for name, words in error.fields.items()} if isinstance(error, Invalid) else None
    response = answer(error.status, error.code, str(error) or _("There is nothing here."), fields=fields)
    if isinstance(error, Limited):
        response["Retry-After"] = str(error.retry_after)
    return response


def of_shape(_request: HttpRequest, error: Any) -> HttpResponse:
    """What pydantic found, as fields: `lines.3.quantity`."""
    fields = {".".join(str(part) for part in one["loc"][2:]) or "body": str(one["msg"]) for one in error.errors}
    return answer(422, "invalid", _("The request does not have the right shape."), fields=fields)


def declare(schema: Any) -> Any:
    """Say in the published schema what every operation may answer besides its own, and in which form."""
    said = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in schema["paths"].values():
        for operation in operations.values():
            open_to_all = not operation.get("security")
            more = [429] + ([] if open_to_all else [401, 409]) + ([400, 413, 422] if "requestBody" in operation else [])
            more += [422] if any(one["in"] == "query" for one in operation.get("parameters", ())) else []
            operation["responses"].update({status: {} for status in more})
            for status in [status for status in operation["responses"] if int(status) >= 400]:
                operation["responses"][status] = {"description": TITLES[int(status)], "content": said}
    return schema
