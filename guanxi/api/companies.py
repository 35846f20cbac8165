"""Who I am, and companies: my own, and one found by its exact name, handle or id."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import act, need_scope, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Given, Line, Problem, Text, an_id
from guanxi.base import clock, limits
from guanxi.base.errors import NotFound
from guanxi.deals.review import response
from guanxi.people.companies import acts, forms
from guanxi.people.companies.reads import name_key
from guanxi.people.table import Company, Membership
from guanxi.talk.keyed import keyed

router = Router(tags=["companies"])


class MembershipShown(Schema):
    company: str
    name: str
    role: str


class MeShown(Schema):
    id: str
    name: str
    language: str
    company: str | None
    role: str | None
    companies: list[MembershipShown]


class ResponseShown(Schema):
    """The last 90 days. Shares in percent and the usual time in seconds; null below five enquiries or orders."""

    enquiries: int
    reply_seconds: int | None
    answered_within_day: int | None
    orders_due: int
    shipped_on_time: int | None
    orders: int
    disputed: int | None


class CompanyShown(Schema):
    id: str
    handle: str
    name: str
    country: str
    sector: str
    region: str
    intro: str
    verified: bool
    response: ResponseShown | None = Field(None, description="Only where one company is asked for, and its page is open to the caller.")


class CompaniesShown(Schema):
    items: list[CompanyShown]
    next: str | None


class CompanyGiven(Given):
    name: Line = Field(examples=["海川机电有限公司"])
    credit_code: Line = Field("", examples=["91330300MA2CN8XU5L"])
    country: str = Field("CN", max_length=2)
    registration: Line = ""
    sector: Line = ""
    region: Line = ""
    intro: Text = ""


@router.get("/me", response=MeShown, summary="The person and company of the token")
def me(request: HttpRequest) -> dict:
    viewer = viewer_of(request)
    rows = Membership.objects.filter(person_id=viewer.person, ended_at=None).select_related("company").order_by("joined_at", "id")
    works = [{"company": str(row.company_id), "name": row.company.name, "role": row.role} for row in rows]
    return {
        "id": str(viewer.person), "name": viewer.name, "language": viewer.language,
        "company": str(viewer.company) if viewer.company else None, "role": viewer.role, "companies": works,
    }  # fmt: skip


@router.get("/companies", response={200: CompaniesShown, 422: Problem}, summary="My companies, or one found by exact name")
def companies(request: HttpRequest, mine: bool = False, name: str = "", cursor: str = "", limit: int = 50) -> dict:
    """Without `mine` a name or handle must be given whole: companies are found, not listed."""
    need_scope(request, "read")
    rows = Company.objects.all()
    if mine:
        rows = rows.filter(memberships__person_id=viewer_of(request).person, memberships__ended_at=None)
    else:
        if name:  # counted, so that nobody tries out names by the thousand
            limits.hit(f"find:{viewer_of(request).person}", limit=60, seconds=60, now=clock.now())
        rows = rows.filter(name_key=name_key(name[:100])) if name else rows.none()
    found, more = page(rows, by="created_at", cursor=cursor, limit=limit)
    return {"items": [shown(one, mine=mine) for one in found], "next": more}


@router.get("/companies/{company_id}", response={200: CompanyShown, 404: Problem}, summary="One company")
def company(request: HttpRequest, company_id: str) -> dict:
    need_scope(request, "read")
    found = Company.objects.filter(id=an_id(company_id)).first()
    if found is None:
        raise NotFound
    mine = viewer_of(request).company == found.id
    return shown(found, mine=mine) | {"response": measured(found.id) if mine or found.door == "public" else None}


def measured(company: UUID) -> dict:
    """How it answers and delivers as a supplier."""
    of = response.of([company], now=clock.now())[company]
    seconds = None if of.reply_time is None else int(of.reply_time.total_seconds())
    return {
        "enquiries": of.enquiries, "reply_seconds": seconds, "answered_within_day": of.soon_share, "orders_due": of.due,
        "shipped_on_time": of.on_time_share, "orders": of.orders, "disputed": of.dispute_share,
    }  # fmt: skip


@router.post("/companies", response={200: CompanyShown, 409: Problem, 422: Problem}, summary="Set up a company")
def create(request: HttpRequest, given: CompanyGiven) -> dict:
    """The caller becomes its owner."""
    data = forms.read(given.model_dump())
    made = act(request, keyed(acts.create), scope="trade", draft=data)
    return shown(Company.objects.get(id=made["company"]), mine=True)


def shown(one: Company, *, mine: bool) -> dict:
    """What everybody may see of a company: behind a closed door its name alone (quality.md A58)."""
    opened = mine or one.door == "public"
    said = {name: getattr(one, name) if opened else "" for name in ("country", "sector", "region", "intro")}
    return {"id": str(one.id), "handle": one.handle, "name": one.name, "verified": one.verified_at is not None} | said
