"""Every quarter of a minute: note what is new, send it beside the worker's other work, forget. Nothing at all without keys."""

import threading
from datetime import datetime

import structlog
from django.db import Error, connections

from guanxi.base import clock
from guanxi.notify.push import keys
from guanxi.notify.push.table import Push

AT_ONCE = 8  # devices written to at the same time by one worker

log = structlog.get_logger(__name__)
_carriers: list[threading.Thread] = []


def look(*, now: datetime) -> None:
    """A reader of guanxi/effects.py: never waits for a push service. May run at any time, twice and in several workers."""
    if not keys.is_on():
        return
    from guanxi.notify.push.gather import forget, gather

    gather(now)
    forget(now)
    if Push.objects.filter(state="waiting", due_at__lte=now).exists():
        start_carriers()


def start_carriers() -> None:
    """As many threads as may run; each ends when nothing is due. Daemons: what a stopped worker leaves is sent by the next."""
    _carriers[:] = [one for one in _carriers if one.is_alive()]
    while len(_carriers) < AT_ONCE:
        one = threading.Thread(target=carry_all, name="pushes", daemon=True)
        _carriers.append(one)
        one.start()


def carry_all() -> None:
    """Take turns until nobody waits."""
    from guanxi.notify.push.carry import carry, claim  # the HTTP client is loaded by those who post

    try:
        while subscription := claim(clock.now()):
            carry(subscription)
    except Error as error:
        log.warning("pushes.wait", error=type(error).__name__)
    finally:
        connections.close_all()
