"""One's own catalogue as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guanxi.base import clock, limits
from guanxi.catalog.exports import make
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.goods.own import seller

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def workbook(request: SignedIn) -> HttpResponse:
    """Everything but what the operator took off, as a price list that can be imported again."""
    company = seller(request)
    limits.hit(f"catalogue:{request.viewer.person}", limit=20, seconds=3600, now=clock.now())
    made = make.workbook(company, language="zh" if (get_language() or "").startswith("zh") else "en")
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="catalogue.xlsx"'})


@require_safe
@signed_in  # type: ignore[arg-type]  # a stream is no HttpResponse in Django's classes, and is answered alike
def document(request: SignedIn) -> HttpResponseBase:
    """The same with every column, as JSON."""
    company = seller(request)
    limits.hit(f"catalogue:{request.viewer.person}", limit=20, seconds=3600, now=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="catalogue.json"'}
    return StreamingHttpResponse(make.lines(company), content_type="application/json; charset=utf-8", headers=headers)
