"""The job worker: does what waits in the outbox, performs the jobs of what failed, returns the jobs of dead workers, sweeps, shows that it lives."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ProcrastinateException

from guanxi.base import clock, limits, process
from guanxi.base.db import conninfo
from guanxi.base.outbox import mover, readers

WORK = "guanxi_work"  # where talk.hints says that the outbox has something new
IDLE = timedelta(seconds=2)
REAP_SECONDS = 15
SWEEP_SECONDS = 3600
JOBS_AT_ONCE = 4

log = structlog.get_logger(__name__)


def alive_file() -> Path:
    """Touched every two seconds; `/readyz` and the supervisor look at its age."""
    return Path(settings.DATA_DIR) / "run" / "worker.alive"


def run() -> None:
    """Work until SIGTERM or SIGINT; a job under way is finished."""
    process.speak_safely()
    process.end_with_threads()
    alive_file().parent.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    moving = threading.Thread(target=move_forever, args=(stop,), name="mover", daemon=True)
    moving.start()
    try:
        asyncio.run(perform_forever())
    finally:
        stop.set()
        moving.join(timeout=5)


def move_forever(stop: threading.Event) -> None:
    """Have done what is due: at once when a hint says that something happened, at the next due time otherwise."""
    listening: psycopg.Connection | None = None
    hands = Hands(JOBS_AT_ONCE)
    while not stop.is_set():
        try:
            if listening is None:
                listening = psycopg.connect(**conninfo("mover", direct=True), autocommit=True)
                listening.execute(f"LISTEN {WORK}")
            while hands.take_one():
                pass
            alive_file().touch()
            wait = mover.next_due(clock.now(), most=IDLE)
            for _hint in listening.notifies(timeout=wait, stop_after=1):
                pass
        except (psycopg.Error, Error, OSError) as error:
            log.warning("mover.waits", error=type(error).__name__)
            listening = None
            connection.close()
            stop.wait(1)


class Hands:
    """Threads that do effects. One is free before an effect is claimed: what is claimed never waits, and a slow one holds up no other."""

    def __init__(self, count: int) -> None:
        self.threads = ThreadPoolExecutor(count, thread_name_prefix="effect")
        self.free = threading.Semaphore(count)

    def take_one(self) -> bool:
        """Claim what is due and let it be done; False when nothing is due, or no hand was free for a while."""
        if not self.free.acquire(timeout=IDLE.total_seconds()):
            return False
        held = None
        try:
            held = mover.claim(clock.now())
        finally:
            if held is None:
                self.free.release()
        if held is not None:
            self.threads.submit(self._do, held)
        return held is not None

    def _do(self, held: mover.Claimed) -> None:
        try:
            close_old_connections()  # looks whether the database is still there, as before a request
            mover.settle(held)
        except (psycopg.Error, Error) as error:  # the database is away: the claim runs out, then it comes due again
            log.warning("effect.waits", effect=held.name, error=type(error).__name__)
            connection.close()
        finally:
            self.free.release()


async def perform_forever() -> None:
    """The queue's own worker beside the reaper, until a signal stops the first."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        async with working.open_async():
            reaper = asyncio.create_task(reap_forever(working))
            try:
                await working.run_worker_async(
                    queues=["effects"], concurrency=JOBS_AT_ONCE, fetch_job_polling_interval=2, listen_notify=True, delete_jobs="successful",
                    shutdown_graceful_timeout=5,
                )  # fmt: skip
            finally:
                reaper.cancel()


async def reap_forever(working: App) -> None:
    """Jobs whose worker died go back to the queue; there is no lock on them, so two reapers do no harm."""
    swept = 0.0
    while True:
        try:
            for job in await working.job_manager.get_stalled_jobs(queue="effects"):
                log.warning("job.returned", job=job.id)
                await working.job_manager.retry_job(job)
            if (passed := asyncio.get_running_loop().time()) - swept > SWEEP_SECONDS:
                swept = passed
                await asyncio.to_thread(sweep)
            await asyncio.to_thread(readers.run_all)
        except (psycopg.Error, ProcrastinateException) as error:
            log.warning("reaper.waits", error=type(error).__name__)
        await asyncio.sleep(REAP_SECONDS)


def sweep() -> None:
    """Old rows nobody asks for."""
    mover.sweep(clock.now())
    limits.sweep(clock.now())
    close_old_connections()


if __name__ == "__main__":
    import django

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    django.setup()
    run()
