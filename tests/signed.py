"""A client signed in as somebody of the cast."""

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from guanxi.base import clock
from guanxi.people.table import Device
from tests.make import Actor


def session_of(actor: Actor, *, factor: bool = False) -> str:
    """The key of a new session of this person, acting for his company; with `factor` a second one was just shown."""
    session = SessionStore()
    session.create()
    device = Device.objects.create(
        person=actor.person, company_id=actor.company.id, session_key=session.session_key, label="phone", signed_in_at=clock.now(), seen_at=clock.now(),
        factor_at=clock.now() if factor else None,
    )  # fmt: skip
    session["device"] = str(device.id)
    session.save()
    return str(session.session_key)


def signed(actor: Actor, client: Client | None = None, *, factor: bool = False) -> Client:
    """A browser without script, in English."""
    client = client or Client()
    client.cookies["sessionid"] = session_of(actor, factor=factor)
    client.cookies["django_language"] = "en"
    return client
