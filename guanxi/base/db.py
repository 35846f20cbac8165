"""The database, one level below the models: time limits, conditional state changes, schema homes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
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

    def find(self, conversation_id: Any, pk: Any) -> Row | None:
        """One row of a conversation by its key. Its statement is written once a model: to build it anew costs more than to run it."""
        sql, names, readers = _one_row(self.model)
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [conversation_id, pk])
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for n, read in readers:
            values[n] = read(values[n], None, connection)
        return self.model.from_db(self.db, names, values)


@cache
def _one_row(model: type[models.Model]) -> tuple[str, list[str], list[tuple[int, Callable[..., Any]]]]:
    """The statement, the attributes it fills, and what turns a column into its value where that is not the same."""
    fields, own = model._meta.concrete_fields, model._meta
    columns = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'SELECT {columns} FROM "{own.db_table}" WHERE conversation_id = %s AND "{own.pk.column}" = %s'  # noqa: S608 names of our own
    readers = [(n, field.from_db_value) for n, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return sql, [field.attname for field in fields], readers


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
    if hasattr(row, "conversation_id") and row.conversation_id is not None:  # a row of a company may name a conversation, or none
        where["conversation_id"] = row.conversation_id
    if rewrite(row, {field: to, **changes}, where) != 1:
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))
    for name, value in ((field, to), *changes.items()):
        setattr(row, name, value)


def rewrite(row: models.Model, changes: Mapping[str, Any], where: Mapping[str, Any]) -> int:
    """UPDATE the columns in `changes` where those in `where` have these values; how many rows. Plain values, no expressions."""
    own = row._meta
    sets: list[Any] = [own.get_field(name) for name in changes]
    known = {own.pk if name == "pk" else own.get_field(name): value for name, value in where.items()}
    holds: list[Any] = [field for field, value in known.items() if value is not None]
    empty = [f'"{field.column}" IS NULL' for field, value in known.items() if value is None]  # type: ignore[union-attr]
    sql = f'UPDATE "{own.db_table}" SET {", ".join(_is(sets))} WHERE {" AND ".join([*_is(holds), *empty])}'  # noqa: S608 names of our own
    given = zip([*sets, *holds], [*changes.values(), *(known[field] for field in holds)], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(value, connection) for field, value in given])
        return cursor.rowcount


def _is(fields: Sequence[Any]) -> list[str]:
    return [f'"{field.column}" = %s' for field in fields]


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
