"""The database, one level below the models: time limits, conditional state changes, schema homes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from guanxi.base.errors import Refused
from django.utils.translation import gettext_lazy as _

HOMES = ("conversation", "person", "company", "reference", "node")  # quality.md R1
LIMITS = "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = 10000"


@contextmanager
def bounded(*, lock_ms: int = 2000, statement_ms: int = 5000) -> Iterator[None]:
    """One transaction that neither waits for a lock nor runs a statement for long."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LIMITS.format(int(lock_ms), int(statement_ms)))
        yield


class ConversationQuerySet(models.QuerySet):
    """Rows that live in a conversation are read through it (quality.md R2)."""

    def of(self, conversation_id: Any) -> "ConversationQuerySet":
        return self.filter(conversation_id=conversation_id)


def advance(row: models.Model, *, field: str = "state", to: str, **changes: Any) -> None:
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
