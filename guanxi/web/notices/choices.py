"""What I want to be told of outside, and when not; and the way out of the daily mail, without signing in."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guanxi.notify.choice import acts
from guanxi.people.middleware import signed_in
from guanxi.people.table import Person
from guanxi.people.viewer import Request, SignedIn
from guanxi.web.notices import push
from guanxi.web.page import page

ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore", "Asia/Dubai", "Europe/London", "Europe/Berlin", "America/New_York",
    "America/Los_Angeles",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choices(request: SignedIn) -> HttpResponse:
    """The settings of my notices."""
    if request.method == "POST":
        acts.save(request.viewer.person, request.POST.dict())
        return redirect("/me/notices?saved=1")
    row = acts.of(request.viewer.person)
    zones = [(zone, zone.replace("_", " ")) for zone in dict.fromkeys([*ZONES, row.zone])]
    has_mail = Person.objects.filter(pk=request.viewer.person, email__isnull=False).exists()
    said = {"row": row, "zones": zones, "has_mail": has_mail, "saved": "saved" in request.GET}
    return page(request, "web/notices/choices.html", said | push.shown(request.viewer))


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token is the leave
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request, token: str) -> HttpResponse:
    """Looked at, it asks; posted, the daily mail ends. Raises NotFound for a token that is none of ours."""
    acts.person_of(token)
    if request.method == "POST":
        acts.stop_digest(token)
    return page(request, "web/notices/stop.html", {"token": token, "done": request.method == "POST"})
