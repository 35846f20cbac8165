"""A company asks for everything it did; the worker makes it, and says how it goes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.people.exports.table import CompanyExport
from guanxi.people.roles import require


class Call(Protocol):
    """Who calls, for which company, as what."""

    @property
    def now(self) -> datetime: ...
    @property
    def company(self) -> UUID | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def by(self) -> UUID: ...


A_DAY = 3
KEPT = timedelta(days=7)  # operate.retention sweeps the files after as long


def ask(call: Call) -> dict[str, Any]:
    """The owner's wish; the worker does the rest. Raises Refused for anybody else and while one is being made, Limited."""
    company = call.company
    require(call.role, "own")
    if company is None:
        raise Refused("no-company", _("Set up your company first."))
    limits.hit(f"export:{company}", limit=A_DAY, seconds=86_400, now=call.now)
    try:
        with transaction.atomic():
            row = CompanyExport.objects.create(
                company_id=company, by_person=call.by, by_name=call.name, language=translation.get_language() or settings.LANGUAGE_CODE, made_at=call.now
            )
            Outbox.objects.create(id=new_id(), conversation_id=row.id, n=0, effect="company.export", body={"export": str(row.id)}, due_at=call.now)
    except IntegrityError:
        raise Refused("export-running", _("An export of your company is being made. Wait for it.")) from None
    return {"export": str(row.id)}


def place(company: UUID, export: UUID) -> Path:
    """Where its file lies."""
    return Path(settings.DATA_DIR) / "exports" / str(company) / f"{export}.zip"


def told(export: UUID, done: int) -> None:
    """How far it is, in percent."""
    CompanyExport.objects.filter(pk=export, state="waiting").update(done=min(done, 99))


def finish(export: UUID, *, size: int, now: datetime) -> bool:
    """It can be fetched from now on; whether it was still waited for."""
    waiting = CompanyExport.objects.filter(pk=export, state="waiting")
    return bool(waiting.update(state="ready", done=100, bytes=size, ready_at=now, expires_at=now + KEPT))


def fail(export: UUID) -> None:
    """It could not be made; one asks anew."""
    CompanyExport.objects.filter(pk=export, state="waiting").update(state="failed")
