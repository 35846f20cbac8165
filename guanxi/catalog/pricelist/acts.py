"""The only writers of price lists. For those who sell."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.catalog.listing.table import Listing
from guanxi.catalog.pricelist.forms import Draft
from guanxi.catalog.pricelist.reads import MOST
from guanxi.catalog.pricelist.table import Agreed, Customer, PriceList
from guanxi.people.companies.acts import Call, locked
from guanxi.people.table import Company
from guanxi.talk.open import partners_among


def make(call: Call, *, draft: Draft) -> dict[str, Any]:
    """{"price_list": id}: it holds from its first day on. Raises Invalid for a customer one does not talk with and for goods one does not have."""
    with transaction.atomic():
        company = locked(call, power="sell")
        if PriceList.objects.filter(company=company).count() >= MOST:
            raise Refused("too-many-price-lists", _("You have {most} price lists, the most one company may have."), most=MOST)
        buyers = _customers(company.id, draft.customers)
        goods = _goods(company.id, draft)
        row = PriceList.objects.create(
            company=company, name=draft.name, priority=draft.priority, starts_on=draft.starts_on, ends_on=draft.ends_on, made_at=call.now
        )
        Customer.objects.bulk_create(Customer(price_list=row, company_id=one) for one in buyers)
        Agreed.objects.bulk_create(Agreed(price_list=row, listing_id=goods[number], tiers=steps) for number, steps in draft.lines)
    return {"price_list": str(row.id)}


def end(call: Call, *, price_list: UUID) -> dict[str, Any]:
    """It holds no longer. Raises NotFound for another's, Refused for one that has ended."""
    with transaction.atomic():
        company = locked(call, power="sell")
        row = PriceList.objects.filter(pk=price_list, company=company).first()
        if row is None:
            raise NotFound
        if not PriceList.objects.filter(pk=row.pk, ended_at=None).update(ended_at=call.now):
            raise Refused("nothing-to-do", _("This is so already."))
    return {"price_list": str(row.id)}


def _customers(company: UUID, names: list[str]) -> list[UUID]:
    """By handle or name, among the companies one talks with: who else is here is nobody's to find out."""
    keys = [name.casefold() for name in names]
    found = list(Company.objects.filter(Q(handle__in=keys) | Q(name__in=names)).exclude(pk=company).values_list("id", "handle", "name"))
    ours = partners_among(company, [one for one, _handle, _name in found])
    known = {word.casefold(): one for one, handle, name in found if one in ours for word in (handle, name)}
    for name in names:
        if name.casefold() not in known:
            raise Invalid({"customers": _("You talk with no company called %(name)s.") % {"name": name}})
    return list(dict.fromkeys(known[key] for key in keys))


def _goods(company: UUID, draft: Draft) -> dict[str, UUID]:
    rows = Listing.objects.filter(company_id=company).exclude(number="").exclude(state="removed").values_list("number", "id")
    known = {number.casefold(): one for number, one in rows}
    for number, _steps in draft.lines:
        if number not in known:
            raise Invalid({"lines": _("You have no goods with the number %(number)s.") % {"number": number}})
    return known
