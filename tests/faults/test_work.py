"""Faults to work that waits and to those we wait for: workers that die or freeze, clocks that jump, providers that lie, devices that come back
(F4, F11, F15, F16, F18)."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from guanxi.base import clock
from guanxi.base.outbox import mover
from guanxi.base.table import Outbox
from guanxi.deals.payment import events
from guanxi.deals.payment.provider import payout, poll, start
from guanxi.deals.payment.table import Payment, Payout
from guanxi.deals.quote.table import Quote
from guanxi.pay.port import Event, TryAgain, number_of
from guanxi.pay.providers.sandbox import payer
from guanxi.pay.providers.sandbox.provider import Sandbox
from guanxi.pay.providers.sandbox.table import SandboxMove
from guanxi.talk.table import Entry
from tests import trade
from tests.api.caller import Caller, caller
from tests.api.caller import trade as programs
from tests.make import NOON
from tests.money.world import World, world

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def sandbox(settings) -> None:
    """The provider of these stories."""
    settings.PROVIDERS, settings.SANDBOX_SECRET = ["sandbox"], "a secret for tests of the sandbox alone"


def received() -> tuple[World, Outbox]:
    """Everything is received; the payout waits in the outbox."""
    w = world(percents=(100,)).paid()
    w.ship()
    from guanxi.deals.shipment import acts as goods
    from guanxi.talk.run import run

    run(goods.receive, w.buyer.call(now=w.now), order_id=w.order)
    return w, Outbox.objects.get(moved_at=None, effect="payment.payout")


@pytest.mark.parametrize("comes_back", [False, True])
def test_f04_f16_a_worker_that_dies_or_freezes_with_an_effect_leaves_it_to_another_and_it_happens_once(comes_back: bool) -> None:
    w, row = received()
    Outbox.objects.exclude(id=row.id).update(moved_at=w.now)
    with clock.use(w.now):
        dead = mover.claim(w.now)
        assert dead is not None
        assert mover.claim(w.now) is None, "nobody else has it meanwhile"
    later = w.now + mover.HELD + timedelta(seconds=1)
    with clock.use(later):
        other = mover.claim(later)
        assert other == dead
        mover.settle(other)
        if comes_back:
            mover.settle(dead)
        assert mover.claim(later + timedelta(days=1)) is None
    assert SandboxMove.objects.filter(kind="release").count() == 1
    assert Payout.objects.get().state == "done"
    assert w.differences() == []


@pytest.mark.parametrize(
    "jumps",
    [
        [timedelta(hours=-1), timedelta(days=365), timedelta(days=-365), timedelta(days=365)],
        [datetime(2028, 2, 29, 15, 59, tzinfo=UTC) - NOON, timedelta(days=-900), timedelta(days=1500)],
        [timedelta(0)] * 3,
    ],
)
def test_f11_jumps_of_the_clock_release_and_pay_out_once(jumps: list[timedelta]) -> None:
    w = world(percents=(100,)).paid()
    w.ship()
    for jump in jumps:
        w.now += jump
        with clock.use(w.now):
            w.drain()
    w.now = NOON + timedelta(days=2000)
    w.drain()
    assert w.said().count("receipt.confirmed") == 1
    assert (w.row().state, w.row().released) == ("completed", w.row().total)
    assert SandboxMove.objects.filter(kind="release").count() == Payout.objects.count() == 1
    assert w.differences() == []


def test_f11_a_payment_that_a_jump_expired_is_not_opened_again_when_the_clock_returns() -> None:
    w = world(percents=(100,))
    payment = w.pay()
    w.later(days=365).drain()
    assert w.payment(payment).state in ("expired", "closed")
    w.later(days=-365)
    w.drain()
    assert w.payment(payment).state in ("expired", "closed")
    assert w.row().money == "none"
    assert w.differences() == []


class Scripted(Sandbox):
    """A provider that is slow, silent, and then answers twice. Never asked inside a turn."""

    def __init__(self, silent: int) -> None:
        self.silent = silent
        self.asked: list[str] = []

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        assert not connection.in_atomic_block, "nothing inside a turn waits for a provider"
        if self.asked.count(what) <= self.silent:
            raise TryAgain

    def start(self, charge: Any, *, now: datetime) -> Any:
        self._ask("start")
        return super().start(charge, now=now)

    def fetch(self, number: str, *, now: datetime) -> Event | None:
        self._ask("fetch")
        return super().fetch(number, now=now)

    def release(self, outgoing: Any, *, now: datetime) -> Event:
        self._ask("release")
        return super().release(outgoing, now=now)


def test_f15_a_provider_that_is_silent_and_then_says_everything_twice_moves_the_money_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(silent=2)
    monkeypatch.setattr("guanxi.deals.payment.provider.find_provider", lambda _name: one)
    from guanxi.deals.payment import acts

    w = world(percents=(100,))
    payment = Payment.objects.get(pk=acts.pay(w.buyer.call(now=w.now), order_id=w.order)["payment"])
    body = {"payment": str(payment.id)}
    for _again in range(3):
        patiently(start, w, body)
    payer.decide(number_of(payment.id), "delay", now=w.now)
    for _again in range(4):
        patiently(poll, w, body)
    notice = payer.tell(number_of(payment.id), now=w.now)
    assert [events.receive("sandbox", notice.raw, notice.headers, now=w.now).status for _ in range(3)] == [200] * 3
    assert w.balance("escrow") == w.payment(payment.id).paid
    assert w.said().count("payment.held") == 1
    assert one.asked.count("start") == 3
    w.ship()
    from guanxi.deals.shipment import acts as goods

    w.now = w.row().release_at
    goods.receive(w.buyer.call(now=w.now), order_id=w.order)
    paid_out = {"payout": str(Payout.objects.get().id)}
    for _again in range(5):
        patiently(payout, w, paid_out)
    assert one.asked.count("release") == 3
    assert SandboxMove.objects.filter(kind="release").count() == 1


def patiently(effect: Any, w: World, body: Mapping[str, Any]) -> None:
    """As the job queue does: what is not done yet is tried again later."""
    try:
        effect(w.where, body, key="", now=w.now)
    except TryAgain:
        w.later(seconds=5)


def test_f15_a_notice_of_a_wrong_amount_or_merchant_moves_nothing() -> None:
    w = world(percents=(100,))
    payment = w.pay()
    payer.decide(number_of(payment), "delay", now=w.now)
    from guanxi.pay.providers.sandbox import notice
    from guanxi.pay.providers.sandbox.provider import news_of

    true = news_of(payer.get_charge(number_of(payment)))
    assert true is not None
    for n, wrong in enumerate([{"amount": true.amount + 1}, {"merchant": "somebody"}, {"currency": "XAU"}, {"number": "0" * 32}]):
        told = notice.write(replace(true, id=f"wrong-{n}", **wrong), now=w.now)
        events.receive("sandbox", told.raw, told.headers, now=w.now)
    assert (w.row().money, w.balance("escrow")) == ("none", 0)
    right = payer.tell(number_of(payment), now=w.now)
    events.receive("sandbox", right.raw, right.headers, now=w.now)
    assert w.payment(payment).state == "held"


def test_f18_fifty_queued_acts_replayed_by_two_devices_happen_once_each() -> None:
    t = programs()
    path, said = f"/conversations/{t.pair.conversation}/entries", [{} for _ in range(2)]

    def replay(n: int) -> None:
        device = Caller(t.buyer.token, t.buyer.actor)
        for act in range(50)[:: 1 if n else -1]:
            said[n][act] = device.send("POST", path, {"text": f"queued {act}"}, key=f"queued-{act}-offline").json()["seq"]
        connection.close()

    threads = [threading.Thread(target=replay, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said[0] == said[1]
    assert sorted(said[0].values()) == list(range(1, 51))
    assert Entry.objects.of(t.pair.conversation).count() == 50


def test_f18_of_two_devices_that_decided_differently_one_wins_and_the_other_is_told() -> None:
    t = programs().ask().offer()
    colleague = t.pair.colleague(t.pair.buyer, "purchaser")
    here, there = t.buyer, caller(colleague)
    given = trade.together(
        lambda: here.send("POST", f"/quotes/{t.quote}/accept", {}, key="accept-offline-1"),
        lambda: there.send("POST", f"/quotes/{t.quote}/decline", {"reason": "no"}, key="decline-offline-1"),
    )
    assert sorted(answer.status_code for answer in given) == [200, 409]
    lost = next(answer for answer in given if answer.status_code == 409)
    assert json.loads(lost.content)["detail"]
    assert Quote.objects.get().state in ("accepted", "declined")
