"""Pages as a signed-in person gets them: CPU of all server processes a page, beside B."""

import importlib
from collections.abc import Callable

import httpx
from django.conf import settings

from bench.processes import cpu_seconds
from bench.texts import Server
from guanxi.base import clock
from guanxi.people.table import Company, Device, Person

ROUNDS = 60
Say = Callable[[str, float, float], None]


def session_of(person: Person, company: Company) -> str:
    """The cookie of a device signed in for this company."""
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    now = clock.now()
    device = Device.objects.create(person=person, company_id=company.id, session_key=store.session_key, label="bench", signed_in_at=now, seen_at=now)
    store["device"] = str(device.id)
    store.save()
    return store.session_key


def measure(server: Server, say: Say) -> None:
    """The five pages of the issue, as the buyer of the demo world sees them."""
    from guanxi.deals.order.table import Order
    from guanxi.deals.rfq.table import Rfq

    company = Company.objects.get(handle="haichuan")
    person = Person.objects.get(email="lin@haichuan.demo")
    order = Order.objects.filter(buyer_id=company.id).order_by("-placed_at").first()
    rfq = Rfq.objects.filter(company_id=company.id, state="awarded").order_by("-created_at").first()
    client = httpx.Client(base_url=server.base, cookies={settings.SESSION_COOKIE_NAME: session_of(person, company)}, timeout=60)
    talk = order.conversation_id
    for name, path in (
        ("message list", "/m"), ("conversation", f"/c/{talk}"), ("deal", f"/c/{talk}/deals/{order.deal_id}"), ("comparison", f"/rfqs/{rfq.id}/compare"),
        ("company", "/co/minggu"),
    ):  # fmt: skip
        say(f"page: {name}", timed(server, client, path), 6)


def timed(server: Server, client: httpx.Client, path: str) -> float:
    """CPU in ms a page, after five to warm up."""
    for _warm in range(5):
        given = client.get(path)
        if given.status_code != 200:
            raise RuntimeError(f"{path}: {given.status_code}")
    before = cpu_seconds(server.pid)
    for _round in range(ROUNDS):
        client.get(path)
    return (cpu_seconds(server.pid) - before) * 1000 / ROUNDS
