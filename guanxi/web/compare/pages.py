"""The comparison of an enquiry's quotes; the award itself is the accept of one of them."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.people.middleware import signed_in
from guanxi.people.roles import LACKING, can
from guanxi.people.viewer import SignedIn
from guanxi.web.compare.export import workbook
from guanxi.web.compare.table import lay
from guanxi.web.page import page
from guanxi.web.rfqs.pages import own


@require_safe
@signed_in
def compare(request: SignedIn, rfq: UUID) -> HttpResponse:
    """A table on the desk, cards on the phone."""
    table = lay(own(request.viewer, rfq), by=request.GET.get("by", ""))
    off = "" if can(request.viewer.role, "buy") else LACKING["buy"]
    return page(request, "web/compare/page.html", {"table": table, "off": off})


@require_safe
@signed_in
def export(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The same table as a workbook."""
    table = lay(own(request.viewer, rfq), by=request.GET.get("by", ""))
    answer = HttpResponse(workbook(table), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="{table.rfq.number}.xlsx"'
    return answer
