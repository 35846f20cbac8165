"""One's own company: what it says of itself, its logo."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.base.errors import Invalid, NotFound
from guanxi.people import roles
from guanxi.people.companies import acts, forms
from guanxi.people.companies.reads import by_handle
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import by_viewer
from guanxi.talk.file.store import store
from guanxi.talk.table import Upload
from guanxi.web.page import page
from guanxi.web.start.pages import choices


def mine(request: SignedIn, handle: str, *, power: str = "manage") -> Company:
    """The company of this page, which must be the one acted for. Raises NotFound for any other, Refused for a lower role or an old tab."""
    found = by_handle(handle)
    if found.id != request.viewer.company:
        raise NotFound
    if request.method == "POST":
        require_as(request)
    roles.require(request.viewer.role, power)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedIn, handle: str) -> HttpResponse:
    """Name, code, place, sector, words, door."""
    found = mine(request, handle)
    if request.method == "POST":
        said = request.POST.dict()
        if found.verified_at:  # the page shows these as words, so the form does not send them
            said |= {"name": found.name, "credit_code": found.credit_code, "country": found.country}
        acts.edit(by_viewer(request.viewer), draft=forms.read(said))
        return redirect(f"/co/{found.handle}")
    return page(request, "web/company/edit.html", {"company": found} | choices())


@require_POST
@signed_in
def logo(request: SignedIn, handle: str) -> HttpResponse:
    """A picture in place of the first sign; without a file, back to the sign."""
    found = mine(request, handle)
    file = request.FILES.get("file")
    if file is None and "remove" not in request.POST:
        raise Invalid({"file": forms.NO_PICTURE})
    upload = store(request.viewer.person, found.id, file, picture=True) if file else None
    if upload:
        Upload.objects.filter(pk=upload.pk).update(public=True)
    acts.set_logo(by_viewer(request.viewer), upload=upload.id if upload else None)
    return redirect(f"/co/{found.handle}/edit")
