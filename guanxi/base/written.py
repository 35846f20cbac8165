"""Reads whose statement is written once a process: Django needs far longer to build a query than the database to answer it.

@written
def lines_of(conversation: UUID, order: UUID) -> QuerySet[OrderLine]:
    return OrderLine.objects.of(conversation).filter(order_id=order).order_by("n")

lines_of(conversation, order.id)  # a list, each time from one prepared statement
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

P = ParamSpec("P")
Row = TypeVar("Row")
Key = TypeVar("Key")
Make = Callable[[Sequence[Any]], Any]


class Given(Expression):
    """Stands for an argument while the query is built."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`id__among=ids`: one of a list that comes as one argument, however long."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, before = self.process_lhs(compiler, connection)
        values, after = self.process_rhs(compiler, connection)
        return f"{column} = ANY({values})", [*before, *after]


def written(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """`build` is asked once, with marks in place of its arguments; it must not look at them, nor cut by them.

    Its query may follow foreign keys and annotate, or ask for tuples; what it would prefetch is not fetched.
    """
    count = len(signature(build).parameters)
    statement = cache(lambda: write(build(*(Given(n) for n in range(count)))))  # type: ignore[call-arg, arg-type]

    @wraps(build)
    def read(*given: P.args, **_named: P.kwargs) -> list[Row]:
        return statement().rows(given)

    return read


def by(key: Callable[[Row], Key], rows: Iterable[Row]) -> defaultdict[Key, list[Row]]:
    """Rows in heaps of one key each, in their order; an empty heap for a key without rows."""
    heaps: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        heaps[key(row)].append(row)
    return heaps


@dataclass(frozen=True, slots=True)
class Statement:
    """What to send, and what becomes of a row."""

    sql: str
    params: tuple[Any, ...]
    readers: list[tuple[int, Any, Any]]  # column, function, what it reads
    make: Make

    def rows(self, given: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [given[one.n] if isinstance(one, Given) else one for one in self.params])
            return [self.make(self._read(row)) for row in cursor.fetchall()]

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.readers:
            return row
        values = list(row)
        for column, read, what in self.readers:
            values[column] = read(values[column], what, connection)
        return values


def write(queryset: QuerySet[Any, Any]) -> Statement:
    """The statement of a query, as Django's own compiler says it."""
    compiler = queryset.query.get_compiler("default")
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select])
    readers = [(n, read, what) for n, (reads, what) in converters.items() for read in reads]
    return Statement(sql, tuple(params), readers, _maker(compiler) if issubclass(queryset._iterable_class, ModelIterable) else tuple)


def _maker(compiler: Any) -> Make:
    """From a row to its model, with what it follows and what is annotated: as Django's ModelIterable, worked out once."""
    info, annotated = compiler.klass_info, dict(compiler.annotation_col_map or {})
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    followed: Iterable[Any] = get_related_populators(info, compiler.select, "default")  # type: ignore[call-arg]  # a stub of Django 6
    model = info["model"]

    def make(row: Sequence[Any]) -> Any:
        found = model.from_db("default", names, row[first:last])
        for one in followed:
            one.populate(row, found)
        for name, column in annotated.items():
            setattr(found, name, row[column])
        return found

    return make
