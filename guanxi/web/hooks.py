"""Where payment providers call: POST /hooks/<provider>. Strangers' bytes: kept raw, believed only when signed."""

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guanxi.base import clock
from guanxi.deals.payment import events

HEADERS = 100
HEADER_LENGTH = 4000


@csrf_exempt
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider's own reply: kept, or come again. A body above the limit is answered by Django with 413 before it is read."""
    try:
        raw = request.body
    except RawPostDataException:  # somebody sent a form and something read it before us
        return HttpResponse(status=400)
    headers = {name: value[:HEADER_LENGTH] for name, value in list(request.headers.items())[:HEADERS]}
    answer = events.receive(provider, raw, headers, now=clock.now())
    return HttpResponse(answer.body, status=answer.status, content_type="text/plain")


urlpatterns = [path("hooks/<slug:provider>", hook, name="hook")]
