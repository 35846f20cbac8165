"""`make bench`: figures of talk, acts and pages beside the bare transactions, all in one run against one running demo server.

    .venv/bin/python -m bench.run --base URL --pid SUPERVISOR [--only texts,deals,pages,growth]

Ratios are what counts; milliseconds depend on the machine. What falls short is explained in bench/README.md.
"""

import argparse
import json
import logging
import os
import sys
from statistics import median

import django
import structlog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
django.setup()
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # acts in this process log nothing

from django.conf import settings  # noqa: E402 after setup

from bench import deals, growth, pages, texts, world  # noqa: E402
from bench.baseline import Bare  # noqa: E402
from bench.sockets import address  # noqa: E402

PARTS = ("texts", "deals", "pages", "growth")


class Table:
    """Prints a line a figure and keeps it."""

    def __init__(self) -> None:
        self.rows: list[dict] = []

    def growth(self, what: str, ratio: float, goal: float) -> None:
        """A figure that is a ratio already: large to small."""
        print(f"  {what:<62} {ratio:6.2f} x   goal {goal} {'ok' if ratio <= goal else 'ABOVE'}", flush=True)
        self.rows.append({"what": what, "ratio": round(ratio, 3), "goal": goal})

    def against(self, name: str, bare_ms: float):
        def say(what: str, cpu_ms: float, goal: float) -> None:
            ratio = cpu_ms / bare_ms
            mark = "ok" if ratio <= goal else "ABOVE"
            print(f"  {what:<62} {cpu_ms:8.3f} ms CPU {ratio:7.2f} x {name}   goal {goal:<5} {mark}", flush=True)
            self.rows.append({"what": what, "cpu_ms": round(cpu_ms, 4), "ratio": round(ratio, 3), "of": name, "goal": goal})

        return say


def main() -> int:
    given = arguments()
    server = texts.Server(given.pid, given.base.rstrip("/"), address(given.base, given.gateway_port))
    bare, table = Bare(settings.DATABASE_URL, given.pid), Table()
    try:
        if "texts" in given.only:
            texts.measure(server, table.against("A", bare_a(bare)), bare.tidy)
        if "deals" in given.only:
            deals.measure(server, table.against("B", bare_b(bare)))
        if "pages" in given.only:
            pages.measure(server, table.against("B", bare_b(bare)))
        if "growth" in given.only:
            growth.measure(table.growth)
    finally:
        bare.close()
        world.close()
    print(json.dumps(table.rows))
    return 0


def bare_a(bare: Bare) -> float:
    """CPU in ms of A alone now, the median of three rounds; what batches cost is printed beside it."""
    alone = median(bare.a(700).cpu_ms for _round in range(3))
    print(f"bare A alone {alone:.3f} ms CPU, in tens {bare.a(150, 10).cpu_ms:.3f}, in hundreds {bare.a(30, 100).cpu_ms:.3f}", flush=True)
    return alone


def bare_b(bare: Bare) -> float:
    """CPU in ms of B now, the median of three rounds: on a shared machine it is not the same all the time."""
    bare.tidy()
    found = [bare.b(300).cpu_ms for _round in range(3)]
    print("bare B " + ", ".join(f"{one:.3f}" for one in found) + " ms CPU", flush=True)
    return median(found)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=f"http://127.0.0.1:{settings.PORT}")
    parser.add_argument("--gateway-port", type=int, default=settings.GATEWAY_PORT)
    parser.add_argument("--pid", type=int, required=True, help="the supervisor's process id")
    parser.add_argument("--only", default=",".join(PARTS), type=lambda text: text.split(","))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
