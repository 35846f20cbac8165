"""`guanxi import-prices` without --dry-run: a list into a company's shop, as drafts, in its owner's name."""

from guanxi.base import clock
from guanxi.catalog.imports import acts
from guanxi.catalog.imports.plan import plan
from guanxi.people.table import Company, Membership
from guanxi.sheets import Product
from guanxi.talk.call import Call


class NoSuchShop(Exception):
    """No company has this handle, or nobody owns it."""


def store(handle: str, products: list[Product]) -> dict[str, int]:
    """{new, changed, same}. Raises NoSuchShop."""
    company = Company.objects.filter(handle=handle).first()
    owner = Membership.objects.select_related("person").filter(company=company, role="owner", ended_at=None).order_by("joined_at").first() if company else None
    if company is None or owner is None:
        raise NoSuchShop(handle)
    call = Call(now=clock.now(), person=owner.person_id, name=owner.person.name, company=company.id, role="owner")
    return acts.take(call, steps=plan(company.id, products), publish=False)
