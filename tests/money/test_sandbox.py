"""The contract every provider keeps, tried on the sandbox; and what its signature refuses (quality.md A16)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.pay import port
from guanxi.pay.port import Charge, Final, Outgoing, Unverified
from guanxi.pay.providers.sandbox import notice, payer
from guanxi.pay.providers.sandbox.table import SandboxCharge, SandboxMove

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["sandbox"])
def provider(request, settings):
    settings.PROVIDERS = [request.param]
    return port.find_provider(request.param)


def charge(**changes) -> Charge:
    return replace(Charge(new_id().hex, new_id().hex, 14_000_00, "CNY", "Bolts", NOW + timedelta(minutes=30)), **changes)


def pay(provider, outcome="approve") -> Charge:
    one = charge()
    provider.start(one, now=NOW)
    payer.decide(one.number, outcome, now=NOW)
    return one


def out_of(one: Charge, amount: int, number: str = "") -> Outgoing:
    return Outgoing(number or new_id().hex, one.number, one.attach, amount, one.currency)


def test_a_provider_that_is_not_in_use_is_not_found(settings):
    settings.PROVIDERS = []
    with pytest.raises(NotFound):
        port.find_provider("sandbox")


def test_starting_twice_is_one_charge_and_another_amount_is_refused(provider):
    one = charge()
    assert provider.start(one, now=NOW) == provider.start(one, now=NOW)
    assert SandboxCharge.objects.count() == 1
    with pytest.raises(Final):
        provider.start(replace(one, amount=1), now=NOW)


def test_an_open_charge_has_no_news_and_a_paid_one_says_what_we_asked(provider):
    one = charge()
    assert provider.fetch(one.number, now=NOW) is None
    provider.start(one, now=NOW)
    assert provider.fetch(one.number, now=NOW) is None
    payer.decide(one.number, "delay", now=NOW)
    news = provider.fetch(one.number, now=NOW)
    assert (news.kind, news.number, news.attach, news.amount) == ("paid", one.number, one.attach, one.amount)
    assert (news.currency, news.merchant) == ("CNY", provider.merchant)


def test_a_cancelled_charge_cannot_be_paid_and_a_paid_one_cannot_be_cancelled(provider):
    one = charge()
    provider.start(one, now=NOW)
    assert provider.cancel(one.number, now=NOW).kind == "failed"
    with pytest.raises(Refused):
        payer.decide(one.number, "approve", now=NOW)
    assert provider.cancel(pay(provider).number, now=NOW).kind == "paid"


@pytest.mark.parametrize("way", ["release", "refund"])
def test_money_leaves_a_charge_once_a_number_and_never_more_than_is_held(provider, way):
    one = pay(provider)
    ask = out_of(one, one.amount - 100)
    first = getattr(provider, way)(ask, now=NOW)
    assert getattr(provider, way)(ask, now=NOW + timedelta(hours=1)) == first
    with pytest.raises(Final):
        getattr(provider, way)(replace(ask, amount=1), now=NOW)
    with pytest.raises(Final):
        getattr(provider, way)(out_of(one, 101), now=NOW)
    with pytest.raises(Final):
        getattr(provider, way)(replace(out_of(one, 1), currency="GBP"), now=NOW)
    assert sum(SandboxMove.objects.exclude(kind="capture").values_list("amount", flat=True)) == one.amount - 100


@pytest.mark.parametrize(
    ("outcome", "notices", "paid"),
    [("approve", 1, 1400000), ("duplicate", 2, 1400000), ("delay", 0, 1400000), ("wrong_amount", 1, 1399999), ("fail", 1, 0)],
)
def test_each_outcome_moves_the_ledger_and_tells_as_often_as_it_says(provider, outcome, notices, paid):
    one = charge()
    provider.start(one, now=NOW)
    told = payer.decide(one.number, outcome, now=NOW)
    assert len(told) == notices
    assert SandboxCharge.objects.get().paid == sum(SandboxMove.objects.values_list("amount", flat=True)) == paid
    events = [provider.read(each.headers, each.raw, now=NOW) for each in told]
    assert len({event.id for event in events}) <= 1, "the same news has the same id"
    with pytest.raises(Refused):
        payer.decide(one.number, "approve", now=NOW)


def test_a_late_notice_tells_the_same_event(provider):
    one = pay(provider, "delay")
    late = payer.tell(one.number, now=NOW + timedelta(days=2))
    assert provider.read(late.headers, late.raw, now=NOW + timedelta(days=2)) == provider.fetch(one.number, now=NOW)


def spoiled():
    def other_key(raw, headers):
        return raw, headers | {notice.SIGNATURE: "0" * 64}

    def changed(raw, headers):
        return raw.replace(b"1400000", b"9400000"), headers

    def spaced(raw, headers):
        return raw + b" ", headers

    def unsigned(raw, headers):
        return raw, {}

    def odd_time(raw, headers):
        return raw, headers | {notice.TIMESTAMP: "\u0663"}

    def huge_time(raw, headers):
        return raw, headers | {notice.TIMESTAMP: "9" * 40}

    def restamped(raw, headers):
        return raw, headers | {notice.TIMESTAMP: str(int(headers[notice.TIMESTAMP]) + 1)}

    return [other_key, changed, spaced, unsigned, odd_time, huge_time, restamped]


@pytest.mark.parametrize("spoil", spoiled(), ids=lambda how: how.__name__)
def test_a_notice_that_is_not_the_providers_word_is_not_believed(provider, spoil):
    told = payer.tell(pay(provider).number, now=NOW)
    with pytest.raises(Unverified):
        provider.read(*reversed(spoil(told.raw, told.headers)), now=NOW)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_an_old_or_future_notice_is_not_believed(provider, minutes):
    told = payer.tell(pay(provider).number, now=NOW)
    with pytest.raises(Unverified):
        provider.read(told.headers, told.raw, now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "changes", [{"amount": "1"}, {"amount": True}, {"amount": 1.5}, {"kind": "ruled"}, {"number": None}, {"number": "x" * 200}, {"at": "yesterday"}, {"id": 5}]
)
def test_a_signed_notice_of_a_form_we_do_not_know_is_not_believed(provider, changes):
    told = payer.tell(pay(provider).number, now=NOW)
    raw = json.dumps(json.loads(told.raw) | changes).encode()
    stamp = told.headers[notice.TIMESTAMP]
    with pytest.raises(Unverified):
        provider.read({notice.TIMESTAMP: stamp, notice.SIGNATURE: notice.sign(raw, stamp)}, raw, now=NOW)
    for raw in (b"", b"[]", b"\xff", b"null", b"{"):
        with pytest.raises(Unverified):
            provider.read({notice.TIMESTAMP: stamp, notice.SIGNATURE: notice.sign(raw, stamp)}, raw, now=NOW)
