"""Every quarter of a minute: note what is new, send it beside the worker's other work, tell owners, forget."""

import threading
from datetime import datetime

import structlog
from django.db import Error, connections

from guanxi.base import clock
from guanxi.notify.webhook.gather import forget, gather
from guanxi.notify.webhook.table import Delivery
from guanxi.notify.webhook.tell import tell_owners

AT_ONCE = 8  # receivers written to at the same time by one worker; they wait for the network, not for us

log = structlog.get_logger(__name__)
_carriers: list[threading.Thread] = []


def look(*, now: datetime) -> None:
    """A reader of guanxi/effects.py: never waits for a receiver. May run at any time, twice and in several workers."""
    gather(now)
    tell_owners(now)
    forget(now)
    if Delivery.objects.filter(state="waiting", due_at__lte=now, webhook__state="on").exists():
        start_carriers()


def start_carriers() -> None:
    """As many threads as may run; each ends when nothing is due. Daemons: what a stopped worker leaves is sent by the next."""
    _carriers[:] = [one for one in _carriers if one.is_alive()]
    while len(_carriers) < AT_ONCE:
        one = threading.Thread(target=carry_all, name="webhooks", daemon=True)
        _carriers.append(one)
        one.start()


def carry_all() -> None:
    """Take turns until nobody waits."""
    from guanxi.notify.webhook.carry import carry, claim  # the HTTP client is loaded by those who post

    try:
        while webhook := claim(clock.now()):
            carry(webhook)
    except Error as error:
        log.warning("webhooks.wait", error=type(error).__name__)
    finally:
        connections.close_all()
