"""Tokens: by password, by a code that was sent, or from a token of the person for one of his companies."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import Bearer, viewer_of
from guanxi.api.shape import Given, Line, Problem, an_id, when
from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound
from guanxi.base.http import client_address
from guanxi.people import tokens
from guanxi.people.companies import reads as companies
from guanxi.people.factor import acts as second
from guanxi.people.factor import reads as factors
from guanxi.people.signin import acts as signin

router = Router(tags=["sign-in"])
DAYS = 90
SCOPES = ("*", "talk", "trade", "read")


class CodeGiven(Given):
    address: Line = Field(examples=["138 0013 8000", "lin@haichuan.example"])


class TokenGiven(Given):
    """`address` with `password` or `code`; or, with a token of the person in the header, only `company`."""

    address: Line = ""
    password: Line = ""
    code: str = Field("", max_length=12)
    second: str = Field("", max_length=40, description="Of people with two-step sign-in: the authenticator app's code, or a recovery code")
    company: str = Field("", max_length=40, description="A company you work for; empty: a token of the person alone")
    label: str = Field("", max_length=60)
    scopes: list[str] = Field(default=["*"], max_length=4)


class TokenShown(Schema):
    """The only time the token is shown."""

    token: str
    expires_at: str
    company: str | None


class Sent(Schema):
    sent: bool


@router.post("/auth/codes", auth=None, response={200: Sent, 422: Problem, 429: Problem}, summary="Send a sign-in code")
def send_code(request: HttpRequest, given: CodeGiven) -> dict:
    """Answers alike for addresses we know and do not know."""
    signin.send_code(given.address, ip=client_address(request), now=clock.now())
    return {"sent": True}


@router.post("/auth/tokens", auth=None, response={200: TokenShown, 401: Problem, 404: Problem, 422: Problem, 429: Problem}, summary="Get a token")
def make_token(request: HttpRequest, given: TokenGiven) -> dict:
    """Shown once. Takes no Idempotency-Key, since the answer is a secret."""
    if unknown := set(given.scopes) - set(SCOPES):
        raise Invalid({"scopes": _("There is no scope “{scope}”.").format(scope=sorted(unknown)[0])})
    person = person_of(request, given)
    company = an_id(given.company) if given.company else None
    if company and not companies.works_for(person, company):
        raise NotFound
    now = clock.now()
    parent = None if given.address else request.token.id  # type: ignore[attr-defined]
    plain = tokens.issue(person, company, label=given.label, scopes=given.scopes, days=DAYS, now=now, parent=parent)
    return {"token": plain, "expires_at": when(tokens.expiry(plain)), "company": str(company) if company else None}


def person_of(request: HttpRequest, given: TokenGiven) -> UUID:
    """The id of the person who asks: by address and secret, or by the token he has."""
    if given.address:
        person = signin.check(given.address, password=given.password, code=given.code, ip=client_address(request), now=clock.now())
        if factors.has(person):
            if not given.second:
                raise Invalid({"second": _("This account has two-step sign-in. Send the authenticator app's code, or a recovery code, in `second`.")})
            second.show(person, given.second, ip=client_address(request), now=clock.now())
        return person
    if Bearer()(request) is None:
        raise Invalid({"address": _("Write a phone number or an e-mail address, with a password or a code.")})
    if viewer_of(request).company is not None:  # else a token for one company would open all the others (quality.md A13)
        raise Invalid({"address": _("A token for one company makes no other. Use a token of yours alone, or sign in.")})
    if set(given.scopes) - set(request.token.scopes) and "*" not in request.token.scopes:  # type: ignore[attr-defined]
        raise Invalid({"scopes": _("A token cannot give more than it has.")})
    return viewer_of(request).person
