"""How one stands with the operator: measures with their reasons, appeals, what operators did; and a company's papers for verification."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound
from guanxi.people import roles
from guanxi.people.middleware import require_as, signed_in, to_signin
from guanxi.people.operators.acts import WORDS
from guanxi.people.standing import acts, reads
from guanxi.people.table import Company
from guanxi.people.verification import acts as verification
from guanxi.people.verification import reads as papers
from guanxi.people.viewer import Request, SignedIn
from guanxi.talk.call import by_viewer
from guanxi.talk.file.store import store
from guanxi.web.page import page

NO_SCAN = _("Choose a photo or scan of the licence.")


@require_safe
def suspended(request: Request) -> HttpResponse:
    """All that a suspended person sees: why, and how to appeal."""
    if request.barred is None:
        return redirect("/me/standing") if request.viewer else to_signin(request)
    measures = reads.of_person(request.barred.person)
    return page(request, "web/standing/suspended.html", {"measures": measures, "now_at": clock.now(), "name": request.barred.name})


@require_safe
@signed_in
def standing(request: SignedIn) -> HttpResponse:
    """Mine, and my company's."""
    viewer = request.viewer
    return page(request, "web/standing/page.html", {
        "mine": reads.of_person(viewer.person), "theirs": reads.of_company(viewer.company) if viewer.company else [],
        "acts": reads.acts_about(person=viewer.person, company=viewer.company), "words": WORDS, "now_at": clock.now(),
    })  # fmt: skip


@require_POST
def appeal(request: Request, measure: UUID) -> HttpResponse:
    """Another look, please; also by one who is suspended."""
    who = request.viewer or request.barred
    if who is None:
        return to_signin(request)
    acts.appeal(who.person, measure, words=request.POST.get("words"), now=clock.now())
    return redirect("/suspended" if request.barred else "/me/standing")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def verify(request: SignedIn) -> HttpResponse:
    """Send the licence and what stands on it. Raises NotFound for one without a company."""
    viewer = request.viewer
    if viewer.company is None:
        raise NotFound
    if request.method == "POST":
        require_as(request)
        roles.require(viewer.role, "manage")
        file = request.FILES.get("file")
        if file is None:
            raise Invalid({"file": NO_SCAN})
        said = {name: request.POST.get(name, "") for name in ("name", "credit_code", "legal_person")}
        verification.read_code(said["credit_code"])  # before anything is stored
        upload = store(viewer.person, viewer.company, file, picture=True)
        verification.ask(by_viewer(viewer), scan=upload.id, **said)
        return redirect("/me/verify")
    company = Company.objects.get(pk=viewer.company)
    return page(request, "web/standing/verify.html", {"company": company, "row": papers.latest(company.id), "may": roles.can(viewer.role, "manage")})


@require_POST
@signed_in
def withdraw(request: SignedIn) -> HttpResponse:
    """Take the papers back, to send others."""
    require_as(request)
    verification.withdraw(by_viewer(request.viewer))
    return redirect("/me/verify")
