"""Who may enter the console: operators who showed a second factor. Everybody else finds nothing there (quality.md A57)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.operator import money, work
from guanxi.people.factor import reads as factors
from guanxi.people.middleware import to_signin
from guanxi.people.viewer import Request, SignedIn
from guanxi.web.page import page
from guanxi.web.signin import way

TO_READ = timedelta(hours=12)
TO_ACT = timedelta(hours=1)


Shown = HttpResponse | FileResponse


def operators_only(view: Callable[..., Shown]) -> Callable[..., Shown]:
    """A stranger signs in; anybody else but an operator gets 404; an operator without a second factor is led to set one up, or to show it."""

    @wraps(view)
    def checked(request: Request, *args: object, **kwargs: object) -> Shown:
        if request.viewer is None:
            if request.barred:
                raise NotFound
            return to_signin(request)
        if not request.viewer.operator:
            raise NotFound
        here = request.get_full_path() if request.method in ("GET", "HEAD") else "/console"
        if not factors.second_factor_fresh(request, within=TO_ACT if request.method == "POST" else TO_READ):
            place = "/me/confirm" if factors.has(request.viewer.person) else "/me/security"
            return redirect(place + way.query(here))
        return view(request, *args, **kwargs)

    return checked


def console_page(request: SignedIn, template: str, current: str, shown: dict[str, Any]) -> HttpResponse:
    """A page of the console with the figures of all its tabs; two statements more."""
    counts = work.counts(clock.now())
    return page(request, f"web/console/{template}", shown | {"current": current, "waits": counts, "balanced": money.balanced()})
