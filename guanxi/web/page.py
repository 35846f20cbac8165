"""How a page or a part of one is answered."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render


class Compressed(GZipMiddleware):
    """Pages travel compressed, with Django's padding and masked tokens against BREACH; files and the API are left alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """A whole document. Signed-in pages are private: no cache keeps them (ui.md section 9)."""
    answer = render(request, template, context, status=status, using="jinja2")
    if getattr(request, "viewer", None):
        answer["Cache-Control"] = "no-store"
    return answer


def fragment(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """A part of a page, for htmx and sheets; never kept by anyone."""
    answer = render(request, template, context, status=status, using="jinja2")
    answer["Cache-Control"] = "no-store"
    return answer
