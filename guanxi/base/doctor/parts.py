"""What is at work: the queue and the processes."""

from collections.abc import Iterable

from django.db import connection

from guanxi.base import health
from guanxi.base.doctor.finding import Finding, good, judged
from guanxi.base.health import DUE

OLD = 60  # seconds an effect may wait
STALLED = """
    SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '1 minute')
"""
PAYOUTS = """
    SELECT count(*) FROM deals_payout p WHERE state = 'asked' AND (asked_at < now() - interval '2 hours'
        OR EXISTS (SELECT 1 FROM base_milestone m WHERE m.name = 'refused:' || replace(p.id::text, '-', '')))
"""
MONEY = (
    ("payouts refused or unconfirmed", PAYOUTS, "Work"),
    ("provider messages not handled", "SELECT count(*) FROM pay_providerevent WHERE handled_at IS NULL AND received_at < now() - interval '1 minute'",
     "Reconciliation"),
    ("unknown money", "SELECT count(*) FROM pay_suspense WHERE settled_at IS NULL", "Reconciliation"),
)  # fmt: skip


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
    remedy = "Console, Work: the log names the error by the job's number; send it off again there once the cause is gone."
    yield judged("jobs", failed == 0, f"{failed} given up", why="Each was tried twelve times.", remedy=remedy, otherwise="look")
    stalled = int(_one(STALLED))
    remedy = "The worker takes them back by itself within half a minute; if not, start it again."
    yield judged("stalled jobs", stalled == 0, str(stalled), why="Their worker is gone.", remedy=remedy, otherwise="look")


def money() -> Iterable[Finding]:
    """What only a person can settle."""
    why = "Somebody waits for money, or we hold what nobody asked for."
    for name, statement, page in MONEY:
        many = int(_one(statement))
        yield judged(name, many == 0, str(many), why=why, remedy=f"Console, {page}.", otherwise="look")


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
