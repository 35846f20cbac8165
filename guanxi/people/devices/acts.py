"""Devices: where a person is signed in. Ending one ends its session and its sockets (quality.md A50)."""

from datetime import datetime
from importlib import import_module
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from guanxi.base.errors import NotFound
from guanxi.people import announce
from guanxi.people.table import Device

LABEL = 200


def add(person: UUID, *, session_key: str, label: str, address: str, now: datetime) -> Device:
    """A browser that has just signed in. `label` is its User-Agent."""
    said = label.replace("\x00", "").encode("utf-8", "ignore").decode()[:LABEL]
    return Device.objects.create(person_id=person, session_key=session_key, label=said, address=_address(address), signed_in_at=now, seen_at=now)


def act_for(device: UUID | None, company: UUID) -> None:
    """On this device its person acts for `company` from now on; sockets of its other tabs hear of it. The caller has checked that he works there."""
    if device is not None:
        with transaction.atomic():
            Device.objects.filter(pk=device).update(company_id=company)
            announce.devices_changed([device])


def end(person: UUID, device: UUID, *, now: datetime) -> None:
    """Sign one of my devices out. Raises NotFound for one that is not mine or has ended."""
    if not _end(Device.objects.filter(person=person, pk=device), now):
        raise NotFound


def end_all(person: UUID, *, now: datetime, but: UUID | None = None) -> int:
    """Sign me out everywhere, or everywhere else; how many devices."""
    his = Device.objects.filter(person=person)
    return _end(his.exclude(pk=but) if but else his, now)


def end_session(session_key: str, *, now: datetime) -> int:
    """The device of one session, if it has one."""
    return _end(Device.objects.filter(session_key=session_key), now)


def _end(devices: QuerySet[Device], now: datetime) -> int:
    with transaction.atomic():
        living = list(devices.filter(ended_at=None).select_for_update().values_list("id", "session_key"))
        Device.objects.filter(pk__in=[one for one, _key in living]).update(ended_at=now)
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for _one, key in living:
            store(key).delete()
        announce.sessions_ended(one for one, _key in living)
        announce.devices_changed(one for one, _key in living)
    return len(living)


def _address(given: str) -> str | None:
    try:
        return str(ip_address(given))
    except ValueError:
        return None
