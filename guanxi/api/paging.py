"""Cursor paging: an opaque text that says where the next page begins."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id

MOST = 200


def limit_of(limit: int) -> int:
    """A page's size, from 1 to 200, whatever was asked."""
    return max(1, min(limit, MOST))


def write(at: datetime, own: UUID) -> str:
    """The cursor after a row."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(own)]).encode()).decode().rstrip("=")


def read(cursor: str) -> tuple[datetime, UUID]:
    """Where a page ended. Raises Invalid for a cursor we did not write."""
    try:
        at, own = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment, found = datetime.fromisoformat(at), find_id(own)
    except (ValueError, TypeError, binascii.Error):
        moment, found = None, None
    if moment is None or found is None or moment.tzinfo is None:
        raise Invalid({"cursor": _("This cursor is not one of ours.")})
    return moment, found


def page(rows: QuerySet, *, by: str, cursor: str, limit: int) -> tuple[list, str | None]:
    """One page, newest first by the time field `by`, and the cursor of the next one, if there is one."""
    if cursor:
        at, own = read(cursor)
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lt": own}))
    found = list(rows.order_by(f"-{by}", "-id")[: limit_of(limit) + 1])
    more = len(found) > limit_of(limit)
    found = found[: limit_of(limit)]
    return found, write(getattr(found[-1], by), found[-1].id) if more else None
