"""The database, one level below the models: time limits, conditional state changes, schema homes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import connection, connections, models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused

Row = TypeVar("Row", bound=models.Model)

HOMES = ("conversation", "person", "company", "reference", "node")  # quality.md R1
LIMITS = "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = 10000"


@contextmanager
def bounded(*, lock_ms: int = 2000, statement_ms: int = 5000) -> Iterator[None]:
    """One transaction that neither waits for a lock nor runs a statement for long."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LIMITS.format(int(lock_ms), int(statement_ms)))
        yield


class ConversationQuerySet(models.QuerySet[Row]):
    """Rows that live in a conversation are read through it (quality.md R2)."""

    def of(self, conversation_id: Any) -> Self:
        return self.filter(conversation_id=conversation_id)


ConversationManager = models.Manager.from_queryset(ConversationQuerySet)


def conninfo(role: str, *, direct: bool = False) -> dict[str, Any]:
    """How a connection of our own reaches the database Django uses now (in tests not the one in the settings).

    `direct` goes past a pooler, for LISTEN. `role` shows in pg_stat_activity.
    """
    known = connections["default"].settings_dict
    if direct and settings.DATABASE_DIRECT_URL != settings.DATABASE_URL:
        known = settings.DIRECT_DATABASE | {"NAME": known["NAME"]}
    named = {"dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"], "host": known["HOST"], "port": known["PORT"]}
    return {key: str(value) for key, value in named.items() if value} | {"application_name": f"guanxi-{role}"}


def advance(row: models.Model, *, field: str = "state", to: Any, **changes: Any) -> None:
    """Move one row's machine: UPDATE ... WHERE field = old must hit exactly one row (quality.md D2). Raises Refused when someone was faster."""
    old = getattr(row, field)
    where = {"pk": row.pk, field: old}
    if hasattr(row, "conversation_id"):
        where["conversation_id"] = row.conversation_id
    hit = type(row)._default_manager.filter(**where).update(**{field: to}, **changes)
    if hit != 1:
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))
    for name, value in ((field, to), *changes.items()):
        setattr(row, name, value)


def advance_all(rows: Sequence[models.Model], *, to: str, field: str = "state", **changes: Any) -> None:
    """Move several rows of one kind that stand in one state, in one UPDATE that must hit them all. Raises Refused as `advance` does."""
    if not rows:
        return
    where = {"pk__in": [row.pk for row in rows], field: getattr(rows[0], field)}
    if hasattr(rows[0], "conversation_id"):
        where["conversation_id"] = rows[0].conversation_id
    if type(rows[0])._default_manager.filter(**where).update(**{field: to}, **changes) != len(rows):
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))
    for row in rows:
        setattr(row, field, to)
