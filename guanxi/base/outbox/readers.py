"""Readers look at what happened by themselves, so that acts write nothing for them (design.md section 5)."""

from importlib import import_module

import structlog
from django.db import Error, close_old_connections

from guanxi.base import clock
from guanxi.base.errors import ActError
from guanxi.effects import READERS

log = structlog.get_logger(__name__)


def run_all() -> None:
    """Each once; one that fails does not hold up the others."""
    for name, place in READERS.items():
        module, _, function = place.partition(":")
        try:
            getattr(import_module(module), function)(now=clock.now())
        except (Error, ActError) as error:
            log.warning("reader.waits", reader=name, error=type(error).__name__)
    close_old_connections()
