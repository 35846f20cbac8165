"""Run an act for a door: again from the start when the database lost a race, at most three times (design.md section 4)."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
import structlog
from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection
from django.utils.translation import gettext_lazy as _

from guanxi.base import counted
from guanxi.base.errors import ActError, AlreadyDone, Busy
from guanxi.talk.call import Call

AGAIN = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock timeout
TRIES = 3

log = structlog.get_logger(__name__)
T = TypeVar("T")


def run(act: Callable[..., T], call: Call, **kwargs: Any) -> T:
    """What `act(call, **kwargs)` returns. Raises what the act raises, and Busy when the database had no time three times."""
    started, result, count = time.perf_counter(), "failed", Statements()
    try:
        with connection.execute_wrapper(count):
            given = tries(act, call, **kwargs)
        result = "done"
        return given
    except AlreadyDone:
        result = "repeated"
        raise
    except ActError as refused:
        result = refused.code
        raise
    finally:
        tell(act, call, result=result, seconds=time.perf_counter() - started, statements=count.many)


def tries(act: Callable[..., T], call: Call, **kwargs: Any) -> T:
    """At most three. Raises Busy after the last."""
    for left in reversed(range(TRIES)):
        try:
            return act(call, **kwargs)
        except Error as error:
            reason = why_again(error)
            if reason is None:
                raise
            log.info("act.again", act=act.__name__, reason=reason)
            counted.AGAIN.labels(reason).inc()
            if left == 0 or not usable() or (reason == "connection" and not call.key):  # without a key the outcome could not be asked
                raise Busy(_("The server is busy. Nothing was changed; try again.")) from error
    raise AssertionError("unreachable")


class Statements:
    """How many an act needed, for its line in the log."""

    def __init__(self) -> None:
        self.many = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.many += 1
        return execute(sql, params, many, context)


def once(act: Callable[..., dict[str, Any]], call: Call, **kwargs: Any) -> dict[str, Any]:
    """`run` for doors: the ids an act made, the first ones again when its key was used before."""
    try:
        return run(act, call, **kwargs)
    except AlreadyDone as done:
        return done.result


def tell(act: Callable[..., Any], call: Call, *, result: str, seconds: float, statements: int) -> None:
    """One line an act in the log, whether it was done or refused: who by id, no bodies, no phones, no tokens; and one more in the counters."""
    name = f"{act.__module__.removeprefix('guanxi.')}.{act.__name__}"
    who = {"conversation": str(call.conversation or ""), "person": str(call.person or ""), "company": str(call.company or ""), "actor": call.actor}
    log.info("act", act=name, result=result, key=call.key, ms=round(seconds * 1000, 1), statements=statements, **who)
    counted.ACTS.labels(name, result).inc()
    counted.ACT_SECONDS.observe(seconds)


def why_again(error: Error) -> str | None:
    """Why the act may run again, or None: a lost race, the same key in two hands at once, or a dropped connection."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state in AGAIN:
        return state
    if isinstance(error, IntegrityError) and isinstance(cause, psycopg.errors.UniqueViolation) and cause.diag.constraint_name == "call_once":
        return "key"
    if isinstance(error, (OperationalError, InterfaceError)) and (state is None or state.startswith(("57P", "08"))):
        connection.close_if_unusable_or_obsolete()
        return "connection"
    return None


def usable() -> bool:
    """Whether running again can help: not inside somebody else's broken transaction."""
    return not connection.in_atomic_block
