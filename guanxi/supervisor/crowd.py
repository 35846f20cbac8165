"""What a web process does when more come than it has threads for: they queue up to a limit, then are told to come again (quality.md F14).

One thread more stands at the door: it answers `/healthz` and turns away whoever finds the queue full, also while every other thread waits
for the database. `_dispatcher` of waitress.create_server takes this class.
"""

import json
import threading
from collections.abc import Iterable
from typing import Any

from waitress.task import ThreadedTaskDispatcher

MOST = 200  # requests that wait for a thread; eight threads do as many in a few seconds
HEALTH = "/healthz"
WORDS = "Too many at once. Nothing was changed; try again in a moment. 人太多了，什么都没有改动，请稍后再试。\n"
PROBLEM = json.dumps({"type": "/docs/problems#busy", "title": "Busy", "status": 503, "code": "busy", "detail": WORDS.strip()}, ensure_ascii=False)

_here = threading.local()


class Door(ThreadedTaskDispatcher):
    """The thread at the door knows that it is."""

    def handler_thread(self, thread_no: int) -> None:
        """As every thread of waitress works, under our mark."""
        _here.door = True
        super().handler_thread(thread_no)


class Crowd(ThreadedTaskDispatcher):
    """Hands requests to the threads, or to the door."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self.most, self.door = most, Door()

    def set_thread_count(self, count: int) -> None:
        """So many threads, and the one at the door."""
        super().set_thread_count(count)
        self.door.set_thread_count(min(count, 1))

    def add_task(self, task: Any) -> None:
        """A connection whose next request is complete."""
        if len(self.queue) >= self.most or _path(task) == HEALTH:
            self.door.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Both end."""
        self.door.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


def _path(task: Any) -> str:
    requests = getattr(task, "requests", None)
    return str(getattr(requests[0], "path", "")) if requests else ""


class Turned:
    """The application behind: at the door only health is answered."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """503 with Retry-After for who came to a full queue: nothing was read, nothing was changed."""
        if not getattr(_here, "door", False) or environ.get("PATH_INFO") == HEALTH:
            return self.application(environ, start)
        kind, words = ("text/plain; charset=utf-8", WORDS) if not environ.get("PATH_INFO", "").startswith("/api/") else ("application/problem+json", PROBLEM)
        start("503 Service Unavailable", [("Content-Type", kind), ("Retry-After", "2"), ("Cache-Control", "no-store")])
        return [words.encode()]
