"""The counters themselves. Labels are names of ours (acts, codes), never of people, so that their number is bounded."""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from guanxi.base.figures import FOLDER, forget_the_dead

HERE = CollectorRegistry(auto_describe=False)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

ACTS = Counter("guanxi_acts", "Acts by name and outcome (done, or the code of the refusal)", ["act", "result"], registry=HERE)
ACT_SECONDS = Histogram("guanxi_act_seconds", "Time of an act, with all its tries", buckets=SECONDS, registry=HERE)
AGAIN = Counter("guanxi_act_retries", "Acts run again by why (SQLSTATE, key, connection)", ["reason"], registry=HERE)
REQUESTS = Counter("guanxi_requests", "Requests by first digit of their status", ["status"], registry=HERE)
REQUEST_SECONDS = Histogram("guanxi_request_seconds", "Time of a request", buckets=SECONDS, registry=HERE)
SOCKETS = Gauge("guanxi_gateway_sockets", "Open websockets", multiprocess_mode="livesum", registry=HERE)
TEXTS = Counter("guanxi_texts", "Texts and files acknowledged by the gateways", registry=HERE)
PUSHES = Counter("guanxi_pushes", "Web pushes by outcome (done, dropped, again, gone, failed)", ["result"], registry=HERE)
BATCHES = Counter("guanxi_text_batches", "Commits of the gateways' writers", registry=HERE)


def all_processes() -> Iterable[Metric]:
    """Of every process when they share a folder, else of this one."""
    if FOLDER not in os.environ:
        yield from HERE.collect()
        return
    forget_the_dead()
    together = CollectorRegistry(auto_describe=False)
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    yield from together.collect()
