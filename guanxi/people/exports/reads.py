"""The exports of a company, for its owner alone."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from guanxi.base.errors import NotFound
from guanxi.people.exports.acts import place
from guanxi.people.exports.table import CompanyExport
from guanxi.people.roles import require
from guanxi.people.viewer import Viewer


def mine(viewer: Viewer) -> QuerySet[CompanyExport]:
    """Of the company he acts for, newest first. Raises Refused unless he owns it."""
    require(viewer.role, "own")
    if viewer.company is None:
        raise NotFound
    return CompanyExport.objects.filter(company_id=viewer.company).order_by("-made_at", "-id")


def ready(viewer: Viewer, export: UUID, *, now: datetime) -> CompanyExport:
    """One that can be fetched now. Raises Refused unless he owns the company, NotFound otherwise."""
    row = mine(viewer).filter(pk=export, state="ready", expires_at__gt=now).first()
    if row is None or not place(row.company_id, row.id).is_file():
        raise NotFound
    return row
