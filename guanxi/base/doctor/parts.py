"""What is at work: the queue and the processes."""

from collections.abc import Iterable

from django.db import connection

from guanxi.base import health
from guanxi.base.doctor.finding import Finding, good, judged
from guanxi.base.health import DUE

OLD = 60  # seconds an effect may wait


def _one(statement: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return float(cursor.fetchone()[0])


def queue() -> Iterable[Finding]:
    """Work that waits, and work that was given up."""
    waits = _one(f"SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) {DUE}")  # noqa: S608 a constant of ours
    failed = int(_one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))
    why = "Payments, notices and expiries are late."
    remedy = "Look whether the worker runs: `guanxi serve` or `guanxi worker`."
    yield judged("outbox", waits < OLD, f"oldest due effect waits {waits:.0f} s", why=why, remedy=remedy)
    remedy = "The worker's log names the error; `manage.py procrastinate` retries a job."
    yield judged("jobs", failed == 0, f"{failed} given up", why="Each was tried twelve times.", remedy=remedy, otherwise="look")


def processes() -> Iterable[Finding]:
    """Gateway and worker, when a server is meant to run."""
    for name, question in (("gateway", health.gateway_ready), ("worker", health.worker_ready)):
        try:
            well = question()
        except OSError:
            well = False
        why = "Messages would be fetched instead of arriving at once." if name == "gateway" else "Nothing that happens after an act would happen."
        remedy = "It comes back by itself while `guanxi serve` runs; if not, its lines in the log say why."
        yield good(name, "ready") if well else judged(name, False, "does not answer", why=why, remedy=remedy, otherwise="look")
