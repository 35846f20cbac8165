"""`guanxi createoperator`: the first person of the console. His password comes from a prompt or OPERATOR_PASSWORD, never from the command line."""

import getpass
import os
import sys
from datetime import datetime

import structlog
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guanxi.base import clock, text
from guanxi.base.errors import Invalid
from guanxi.people import address as addresses
from guanxi.people.operators import acts as operators
from guanxi.people.signin.acts import LONGEST_PASSWORD
from guanxi.people.table import Person
from guanxi.supervisor.trouble import Trouble

log = structlog.get_logger(__name__)


def ask_password() -> str:
    """From OPERATOR_PASSWORD, else typed twice. Raises Trouble without either."""
    if given := os.environ.get("OPERATOR_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise Trouble("There is nobody to type a password.", remedy="Run it in a terminal, or set OPERATOR_PASSWORD for this one command.")
    first = getpass.getpass("Password (10 characters or more): ")
    if getpass.getpass("The same again: ") != first:
        raise Trouble("The two differ.", remedy="Try again.")
    return first


def create(address: str, *, password: str, name: str = "", now: datetime | None = None) -> str:
    """Make the person, or take the one who has this address, and appoint him; how he is called. Raises Trouble for a weak password or bad address."""
    now = now or clock.now()
    try:
        kept = addresses.read(address)
        called = text.clean(name or kept.partition("@")[0], field="name", most=60, least=1)
        chosen = text.clean(password, field="password", most=LONGEST_PASSWORD, least=1)
        validate_password(chosen)
    except (Invalid, ValidationError) as error:
        words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise Trouble(words, remedy="Nobody was made an operator. Try again.") from None
    with transaction.atomic():
        person = Person.objects.filter(**{addresses.column(kept): kept}, closed_at=None).first()
        if person is None:
            person = Person.objects.create(name=called, **{addresses.column(kept): kept}, password=make_password(chosen), created_at=now)
        elif not (person.password and person.has_usable_password()):
            Person.objects.filter(pk=person.pk).update(password=make_password(chosen))
        else:
            raise_unless_his(person, chosen)
        operators.appoint(person.id, now=now)
    log.info("operate.operator", person=str(person.id))
    return person.name


def raise_unless_his(person: Person, password: str) -> None:
    """An account that is there keeps its password: who appoints its owner must not take it over. Raises Trouble."""
    if not person.check_password(password):
        raise Trouble(f"{person.name} has an account with another password.", remedy="Let him type his own; he can change it at /me/password.")
