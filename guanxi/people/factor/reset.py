"""An operator helps one who lost phone and paper: his second factors go, and with them every session and token."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.people import tokens
from guanxi.people.devices import acts as devices
from guanxi.people.factor import acts
from guanxi.people.operators import acts as operators
from guanxi.people.table import Person


def reset(operator: UUID, person: UUID, *, reason: object, now: datetime) -> None:
    """Raises NotFound, Invalid for `reason`, Refused for another operator: that is done on the machine."""
    with transaction.atomic():
        row = Person.objects.select_for_update(no_key=True).filter(pk=person, closed_at=None).first()
        if row is None:
            raise NotFound
        if row.operator_since:
            raise Refused("operator", _("This is an operator. Take that away first, by command on the machine."))
        operators.note(operator, "factor.reset", reason=reason, now=now, person=person)
        acts.forget(person)
        devices.end_all(person, now=now)
        tokens.end_all(person, now=now)
