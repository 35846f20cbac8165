"""Which of waitress's threads takes a request: the one that worked last.

Each thread has a database connection of its own, which learns plans as it is used. Taken by turns, all eight would be cold.
"""

import threading

from guanxi.supervisor.crowd import Crowd


class LastFirst:
    """A condition that wakes who began to wait last. Call everything with `lock` held."""

    def __init__(self, lock: threading.Lock) -> None:
        self.lock = lock
        self.waiting: list[threading.Lock] = []

    def wait(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        self.waiting.append(mine)
        self.lock.release()
        try:
            mine.acquire()
        finally:
            self.lock.acquire()

    def notify(self) -> None:
        if self.waiting:
            self.waiting.pop().release()

    def notify_all(self) -> None:
        while self.waiting:
            self.notify()


def dispatcher(count: int) -> Crowd:
    """`count` threads that serve requests, and one at the door."""
    made = Crowd()
    made.queue_cv = LastFirst(made.lock)
    made.set_thread_count(count)
    return made
