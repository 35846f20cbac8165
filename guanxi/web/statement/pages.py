"""The statement of account of two companies, as page, workbook and PDF."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.deals.bank import sheet, statement
from guanxi.deals.bank.statement import WORDS, Statement
from guanxi.people.middleware import signed_in
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.read import reach
from guanxi.talk.table import Party
from guanxi.web.page import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Here:
    """The statement with both names."""

    found: Statement
    ours: str
    theirs: str
    conversation: UUID

    @property
    def period(self) -> str:
        return f"from={self.found.first}&to={self.found.last}"

    def sums(self, side: str, currency: str) -> list[tuple[str, int]]:
        """What happened in the period, kind by kind."""
        account = next(one for one in self.found.accounts if (one.side, one.currency) == (side, currency))
        return [(str(words), account.sums[kind]) for kind, words in WORDS.items() if kind in account.sums]


def take(request: SignedIn, conversation: UUID) -> Here:
    """Reach, role, period, rows. Raises NotFound, Refused, Invalid."""
    reach(request.viewer, conversation)
    statement.require(request.viewer.role)
    others = Party.objects.filter(conversation_id=conversation, left_at=None, company_id__isnull=False).exclude(company_id=request.viewer.company)
    names = Company.objects.filter(pk__in=others.values("company_id")).values_list("name", flat=True)
    if not names or request.viewer.company is None:
        raise NotFound
    first, last = statement.period(request.GET.get("from"), request.GET.get("to"), now=clock.now())
    return Here(statement.draw(conversation, request.viewer.company, first, last), request.viewer.company_name, ", ".join(names), conversation)


@require_safe
@signed_in
def show(request: SignedIn, conversation: UUID) -> HttpResponse:
    """The page, for this month or the period asked for."""
    here = take(request, conversation)
    return page(request, "web/statement/page.html", {"here": here, "titles": [(account, sheet.title(account)) for account in here.found.accounts]})


@require_safe
@signed_in
def workbook(request: SignedIn, conversation: UUID) -> HttpResponse:
    """The same as XLSX."""
    here = take(request, conversation)
    return given(sheet.xlsx(here.found, ours=here.ours, theirs=here.theirs), XLSX, here, "xlsx")


@require_safe
@signed_in
def paper(request: SignedIn, conversation: UUID) -> HttpResponse:
    """The same as PDF."""
    here = take(request, conversation)
    return given(sheet.paper(here.found, ours=here.ours, theirs=here.theirs, at=clock.now()), "application/pdf", here, "pdf")


def given(content: bytes, mime: str, here: Here, ending: str) -> HttpResponse:
    """A download nobody keeps."""
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="statement-{here.found.first}-{here.found.last}.{ending}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
