"""Logs of every process: one JSON object a line on standard error, configured by Django's own set-up (settings.LOGGING_CONFIG).

A line says who by id, never by name, phone or mail; never what was written, a token or a code. What other libraries log goes through the same sieve.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from guanxi.base import clock

NEVER = frozenset({
    "address", "phone", "email", "mail", "text", "body", "subject", "name", "password", "code", "token", "secret", "cookie", "authorization", "headers",
    "args", "data",
})  # fmt: skip
ADDRESSES = re.compile(r"[^\s@'\"<>=(]+@[^\s@'\"<>)]+\.\w+|(?<![\w-])\+\d{7,15}(?!\w)|(?<![\w-])1[3-9]\d{9}(?!\w)")
SECRETS = re.compile(r"(?i)\b(bearer\s+|(?:token|password|secret|key)=)\S+")
URL_PASSWORDS = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")
MOST = 2000  # signs of somebody else's words
NOISY = ("waitress.queue", "procrastinate.worker", "procrastinate.jobs", "procrastinate.job_manager")


def configure(chosen: Mapping[str, Any]) -> None:
    """`format` is json or text (for a person at a terminal); `level` what is said at least."""
    level = logging.getLevelNamesMapping()[str(chosen.get("level", "INFO")).upper()]
    shape = chosen.get("format") or ("text" if sys.stderr.isatty() else "json")
    last: list[Processor] = [structlog.processors.JSONRenderer(ensure_ascii=False)] if shape == "json" else [structlog.dev.ConsoleRenderer()]
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp, sieve, brief_error]
    structlog.configure(
        processors=[*shared, *last], wrapper_class=structlog.make_filtering_bound_logger(level), logger_factory=Lines(), cache_logger_on_first_use=False
    )
    handler = logging.StreamHandler()
    handler.setFormatter(Foreign([structlog.processors.add_log_level, stamp, brief_error, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    for name in ("django", "django.server"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a 404 has its line already
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


class Lines:
    """Writes to whatever standard error is at that moment, so that a test which borrows it reads along."""

    def __call__(self, *_names: Any) -> structlog.WriteLogger:
        return structlog.WriteLogger(sys.stderr)


def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """When, and which process."""
    return {"at": clock.machine_time().isoformat(timespec="milliseconds"), "process": os.environ.get("GUANXI_PROCESS", "guanxi"), **event}


def sieve(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Whatever a line may not hold is left out by its name; the rest is as its writer meant it."""
    return {name: value for name, value in event.items() if name not in NEVER}


def brief_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception by type and places. Its words may quote a row (psycopg's DETAIL), so only the first line is kept, and addresses are masked."""
    found = event.pop("exc_info", None)
    error = found if isinstance(found, BaseException) else found[1] if isinstance(found, tuple) else sys.exc_info()[1] if found else None
    if error is not None:
        places = [f"{frame.filename.rpartition('/guanxi/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-12:]]
        event.update(error=type(error).__name__, words=masked(str(error).partition("\n")[0]), where=places)
    return event


def masked(words: str) -> str:
    """Somebody else's words without addresses, tokens and passwords."""
    return SECRETS.sub(r"\1…", URL_PASSWORDS.sub(r"\1…@", ADDRESSES.sub("…", words)))[:MOST]


class Foreign(logging.Formatter):
    """A line of a library in our shape."""

    def __init__(self, processors: list[Processor]) -> None:
        super().__init__()
        self.processors = processors

    def format(self, record: logging.LogRecord) -> str:
        """The job queue quotes a job's arguments, which are bodies: of it only the kind of event and the job's number are kept."""
        event: EventDict = {"event": masked(first_line(record)), "from": record.name}
        if record.name.startswith("procrastinate"):
            event = {"event": getattr(record, "action", "procrastinate"), "from": record.name, "job": job_of(record)}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        shown: Any = event
        for process in self.processors:
            shown = process(None, record.levelname.lower(), shown)
        return str(shown)


def first_line(record: logging.LogRecord) -> str:
    """The message; a broken one is no reason to fall."""
    try:
        return record.getMessage().partition("\n")[0]
    except (TypeError, ValueError):
        return str(record.msg).partition("\n")[0]


def job_of(record: logging.LogRecord) -> object:
    """The number of the job a line of the queue is about."""
    job = getattr(record, "job", None)
    return job.get("id") if isinstance(job, dict) else None
