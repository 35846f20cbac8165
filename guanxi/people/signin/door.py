"""A visitor without an account wants to do something: remembered over signing in, done once when he is back.

The wish lives in his own session, so that nobody can make him do it by a link.
"""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def ask(request: HttpRequest, path: str) -> HttpResponse:
    """Off to sign in; afterwards to `path`, where `take` says yes once."""
    request.session["door"] = path
    return redirect(f"/signin?next={quote(path, safe='')}")


def wanted(request: HttpRequest) -> str:
    """The path he wants to go on at, or empty."""
    return str(request.session.get("door", ""))


def take(request: HttpRequest) -> bool:
    """Whether this page was wanted before signing in; only once."""
    if wanted(request) != request.path:
        return False
    del request.session["door"]
    return True
