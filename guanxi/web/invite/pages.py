"""An invitation's link: who invites, as what; joining is one tap after signing in."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.base import clock
from guanxi.people import roles
from guanxi.people.account import acts as account
from guanxi.people.companies.reads import works_for
from guanxi.people.devices import acts as devices
from guanxi.people.invitations import acts
from guanxi.people.middleware import to_signin
from guanxi.people.signin import acts as signin
from guanxi.people.viewer import Request
from guanxi.web.page import page
from guanxi.web.qr import qr_answer


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What the link offers; POST joins."""
    found = acts.find(token)
    if request.method == "POST":
        return _join(request, token)
    viewer = request.viewer
    return page(request, "web/invite/page.html", {
        "company": found.company, "role": roles.NAMES[found.role], "alive": acts.alive(found, clock.now()), "until": found.expires_at, "token": token,
        "signed_in": viewer is not None, "is_in": viewer is not None and works_for(viewer.person, found.company_id),
        "person_name": signin.own_name(viewer.person) if viewer else "",
    })  # fmt: skip


def _join(request: Request, token: str) -> HttpResponse:
    if request.viewer is None:
        return to_signin(request)
    joined = acts.accept(request.viewer.person, token=token, now=clock.now())
    if said := request.POST.get("person_name"):
        account.set_name(request.viewer.person, name=said)
    devices.act_for(request.viewer.device, joined)
    return redirect("/m")


@require_safe
def qr(request: Request, token: str) -> HttpResponse:
    """The link as a picture, for the phone beside the screen."""
    acts.find(token)
    return qr_answer(f"/i/{token}")
