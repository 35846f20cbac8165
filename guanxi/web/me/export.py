"""Everything the company did, in one file: asked for, watched, fetched. For its owner, with a second factor shown a moment ago."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.base import clock
from guanxi.base.errors import Refused
from guanxi.people.exports import acts, reads
from guanxi.people.exports.table import CompanyExport
from guanxi.people.factor import reads as factors
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import by_viewer
from guanxi.talk.run import run
from guanxi.web.page import page
from guanxi.web.signin import way

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def export(request: SignedIn) -> HttpResponse:
    """What there is, and the button for another."""
    if request.viewer.company is None:
        raise Refused("no-company", _("Set up your company first."))
    rows = list(reads.mine(request.viewer)[:SHOWN])
    if request.method == "POST":
        require_as(request)
        if not factors.second_factor_fresh(request):
            return to_factor(request)
        run(acts.ask, by_viewer(request.viewer))
        return redirect("/me/export")
    now = clock.now()
    open_rows = [(row, row.state == "ready" and row.expires_at is not None and row.expires_at > now) for row in rows]
    shown = {"rows": open_rows, "waiting": any(row.state == "waiting" for row in rows), "factor": factors.has(request.viewer.person)}
    return page(request, "web/me/export.html", shown)


@require_safe
@signed_in
def file(request: SignedIn, export: UUID) -> HttpResponse:
    """The zip. Reach and factor are asked each time."""
    row = reads.ready(request.viewer, export, now=clock.now())
    return opened(row) if factors.second_factor_fresh(request) else to_factor(request)  # type: ignore[return-value]  # a file is streamed


def opened(row: CompanyExport) -> FileResponse:
    """As a download that no cache keeps."""
    answer = FileResponse(
        acts.place(row.company_id, row.id).open("rb"), content_type="application/zip", as_attachment=True, filename=f"guanxi-{row.made_at:%Y%m%d}.zip"
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def to_factor(request: SignedIn) -> HttpResponse:
    """Show a second factor, or set one up, and come back."""
    return redirect(("/me/confirm" if factors.has(request.viewer.person) else "/me/security") + way.query("/me/export"))
