"""Out to a phone or a mailbox: codes now, obligations from `notify`. settings.SENDER names the way."""

from collections.abc import Mapping
from importlib import import_module

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi import ports
from guanxi.base.errors import Busy

log = structlog.get_logger(__name__)


def send(address: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> None:
    """`address` as kept in people: E.164 or e-mail; `headers` are for mail. Raises Busy when the operator's sender fails. Never inside a transaction."""
    way = import_module(ports.SENDERS.get(settings.SENDER, settings.SENDER))
    try:
        way.send(address, " ".join(subject.split()), text, headers or {})  # one line: a subject becomes a header (quality.md A29)
    except Exception as error:
        log.error("sender.failed", sender=settings.SENDER, error=type(error).__name__)
        raise Busy(_("The message could not be sent. Try again in a moment.")) from error
