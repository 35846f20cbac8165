"""Is it alive, is it ready, how is it: three addresses for machines. None of them tells anything about people or deals (quality.md A63)."""

import hmac
import math
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from guanxi.base import clock, counted
from guanxi.base.table import Milestone

WORKER_SILENCE = 12.0  # seconds; the worker shows itself every 2 s, and a job of its mover may take a while
GATEWAY_LIMIT = 1.5  # seconds
DUE = "FROM base_outbox WHERE moved_at IS NULL AND due_at <= now()"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Database, web, gateway and job worker, each true or false; 200 when all are, 503 otherwise."""
    parts = {"database": _answers(database_ready), "web": True, "gateway": _answers(gateway_ready), "worker": _answers(worker_ready)}
    return JsonResponse({"ready": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)


def _answers(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (OSError, DatabaseError):
        return False


def database_ready() -> bool:
    """A round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def gateway_address() -> str:
    """Where this machine reaches the gateway's own readiness."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.HOST, settings.HOST)  # noqa: S104
    return f"http://{host}:{settings.GATEWAY_PORT}/readyz"


def gateway_ready() -> bool:
    """The gateway answers and its database connections stand."""
    with urllib.request.urlopen(gateway_address(), timeout=GATEWAY_LIMIT) as answer:  # noqa: S310 our own address
        return bool(answer.status == 200)


def worker_ready() -> bool:
    """The job worker has shown itself lately."""
    return worker_silence() < WORKER_SILENCE


def worker_silence() -> float:
    """Seconds since the worker last touched its file. Raises OSError when it never did."""
    return time.time() - (Path(settings.DATA_DIR) / "run" / "worker.alive").stat().st_mtime


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to loopback or to the bearer of METRICS_TOKEN; 404 to others."""
    if not _may_read(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    registry.register(Counts())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    # Behind a proxy on this machine every caller looks local, so a forwarded request is never taken for one.
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers


class Counts:
    """What was counted as it happened, over all processes."""

    def collect(self) -> Iterable[Metric]:
        """Acts, requests, texts, sockets."""
        return counted.all_processes()


class Figures:
    """What stands in the database at the moment it is asked: the same from every process."""

    GAUGES = (
        ("guanxi_outbox_waiting", "Due effects not yet handed to the job queue", f"SELECT count(*) {DUE}"),
        (
            "guanxi_outbox_oldest_seconds",
            "Age of the oldest due effect",
            f"SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) {DUE}",  # noqa: S608 a constant of this file
        ),
        ("guanxi_jobs_waiting", "Jobs in the queue", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"),
        ("guanxi_jobs_running", "Jobs under way", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"),
        ("guanxi_jobs_failed", "Jobs given up", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"),
        ("guanxi_database_connections", "Connections of this role", "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user"),
        (
            "guanxi_database_connections_busy",
            "Connections of this role that do something",
            "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND state <> 'idle'",
        ),
        ("guanxi_database_connections_most", "Connections the server allows", "SELECT current_setting('max_connections')::int"),
        ("guanxi_database_bytes", "Size of the database", "SELECT pg_database_size(current_database())"),
        ("guanxi_provider_events_waiting", "Messages of providers nothing has handled", "SELECT count(*) FROM pay_providerevent WHERE handled_at IS NULL"),
        ("guanxi_suspense_waiting", "Unknown money no person has settled", "SELECT count(*) FROM pay_suspense WHERE settled_at IS NULL"),
    )
    MILESTONES = ("backup", "proof", "check", "retention")

    def collect(self) -> Iterable[Metric]:
        """One statement a figure."""
        with connection.cursor() as cursor:
            for name, text, statement in self.GAUGES:
                cursor.execute(statement)
                yield GaugeMetricFamily(name, text, value=float(cursor.fetchone()[0]))
        yield from self.milestones()
        yield GaugeMetricFamily("guanxi_worker_silence_seconds", "Since the job worker last showed itself", value=_silence())
        yield GaugeMetricFamily("guanxi_disk_free_bytes", "Free on the disk of DATA_DIR", value=float(shutil.disk_usage(settings.DATA_DIR).free))

    def milestones(self) -> Iterable[Metric]:
        """How long ago each was, infinite when never; and what the last check found."""
        seen = {row.name: row for row in Milestone.objects.filter(name__in=self.MILESTONES)}
        age = GaugeMetricFamily("guanxi_last_seconds", "Since this last happened", labels=["what"])
        for name in self.MILESTONES:
            age.add_metric([name], (clock.now() - seen[name].at).total_seconds() if name in seen else math.inf)
        yield age
        found = seen["check"].body.get("differences", 0) if "check" in seen else math.nan
        yield GaugeMetricFamily("guanxi_check_differences", "What the last check found", value=float(found))


def _silence() -> float:
    try:
        return worker_silence()
    except OSError:
        return float("inf")
