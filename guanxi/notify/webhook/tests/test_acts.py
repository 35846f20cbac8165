"""Who may do what with a webhook, and what a refusal leaves as it was."""

from datetime import timedelta

import pytest

from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.notify.webhook import acts, events
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.people.roles import can
from guanxi.people.table import ROLES
from tests.make import NOON, outsider, pair

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"


@pytest.fixture
def two():
    return pair()


def hook(who):
    return Webhook.objects.get(pk=acts.add(who.call(now=NOON), url=URL, kinds=["*"])["webhook"])


def failed(row):
    return Delivery.objects.create(webhook=row, kind="order.placed", state="failed", tries=8, at=NOON, due_at=NOON, made_at=NOON)


def on_existing(row):
    """Every act on a webhook that is there, by name."""
    past = failed(row)
    return {
        "rotate": lambda call: acts.rotate(call, webhook=row.pk), "test": lambda call: acts.send_test(call, webhook=row.pk),
        "redeliver": lambda call: acts.redeliver(call, webhook=row.pk, delivery=past.pk), "remove": lambda call: acts.remove(call, webhook=row.pk),
        "on": lambda call: acts.switch_on(call, webhook=row.pk),
    }  # fmt: skip


def picture():
    return list(Webhook.objects.order_by("id").values()), list(Delivery.objects.order_by("id").values())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["add", "rotate", "test", "redeliver", "on", "remove"])
def test_owner_and_admin_may_and_others_hear_who(two, role, name):
    row = hook(two.buyer)
    do = on_existing(row) | {"add": lambda call: acts.add(call, url=URL, kinds=["*"])}
    if name == "on":
        Webhook.objects.filter(pk=row.pk).update(state="off", off_at=NOON)
    who = two.buyer if role == "owner" else two.colleague(two.buyer, role)
    before = picture()
    if can(role, "manage"):
        do[name](who.call(now=NOON))
        assert picture() != before
    else:
        with pytest.raises(Refused) as refused:
            do[name](who.call(now=NOON))
        assert refused.value.code == "role-cannot-manage"
        assert picture() == before


@pytest.mark.parametrize("name", ["rotate", "test", "redeliver", "on", "remove"])
def test_to_another_company_it_does_not_exist(two, name):
    do = on_existing(hook(two.buyer))
    before = picture()
    for who in (two.supplier, outsider(two.conversation)):
        with pytest.raises(NotFound):
            do[name](who.call(now=NOON))
    assert picture() == before


def test_a_former_admin_finds_nothing(two):
    who = two.colleague(two.buyer, "admin")
    row = hook(who)
    who.person.memberships.update(ended_at=NOON)
    before = picture()
    with pytest.raises(NotFound):
        acts.rotate(who.call(now=NOON), webhook=row.pk)
    with pytest.raises(NotFound):
        acts.add(who.call(now=NOON), url=URL, kinds=["*"])
    assert picture() == before


def test_a_delivery_is_found_through_its_own_webhook_only(two):
    mine, other = hook(two.buyer), hook(two.buyer)
    foreign = failed(hook(two.supplier))
    for webhook, delivery in ((mine, foreign), (mine, failed(other))):
        with pytest.raises(NotFound):
            acts.redeliver(two.buyer.call(now=NOON), webhook=webhook.pk, delivery=delivery.pk)
    with pytest.raises(NotFound):
        acts.redeliver(two.buyer.call(now=NOON), webhook=mine.pk, delivery=new_id())


@pytest.mark.parametrize("kinds", [None, "order.*", [], [7], ["text"], ["notice"], ["order"], ["order.*", "nothing.*"], ["*"] * 51 + ["x"], ["order.\x00"]])
def test_a_wish_for_what_never_happens_is_refused(two, kinds):
    with pytest.raises(Invalid) as refused:
        acts.add(two.buyer.call(now=NOON), url=URL, kinds=kinds)
    assert list(refused.value.fields) == ["kinds"]
    assert not Webhook.objects.exists()


def test_a_family_holds_its_kinds_and_no_talk():
    assert set(events.expand(["quote.*", "order.placed"])) == {kind for kind in events.known() if kind.startswith("quote.")} | {"order.placed"}
    assert events.expand(["*"]) == events.known()
    assert not {"text", "image", "file", "notice"} & set(events.known())


def test_ten_are_enough(two):
    for _n in range(acts.MOST):
        hook(two.buyer)
    with pytest.raises(Refused) as refused:
        hook(two.buyer)
    assert refused.value.code == "too-many-webhooks"
    hook(two.supplier)


def test_what_is_off_is_neither_tested_nor_sent_to_until_it_is_on(two):
    row = hook(two.buyer)
    past = failed(row)
    call = two.buyer.call(now=NOON + timedelta(hours=1))
    with pytest.raises(Refused):
        acts.switch_on(call, webhook=row.pk)
    Webhook.objects.filter(pk=row.pk).update(state="off", off_at=NOON, told_at=NOON, fails=12, failing_since=NOON)
    for do in (lambda: acts.send_test(call, webhook=row.pk), lambda: acts.redeliver(call, webhook=row.pk, delivery=past.pk)):
        with pytest.raises(Refused) as refused:
            do()
        assert refused.value.code == "webhook-off"
    acts.switch_on(call, webhook=row.pk)
    row.refresh_from_db()
    assert (row.state, row.fails, row.failing_since, row.off_at, row.told_at, row.looked_at) == ("on", 0, None, None, None, call.now)


def test_what_still_waits_is_not_asked_for_again(two):
    row = hook(two.buyer)
    made = acts.send_test(two.buyer.call(now=NOON), webhook=row.pk)
    with pytest.raises(Refused) as refused:
        acts.redeliver(two.buyer.call(now=NOON), webhook=row.pk, delivery=Delivery.objects.get(pk=made["delivery"]).pk)
    assert refused.value.code == "delivery-waits"


def test_removing_takes_the_deliveries_along(two):
    row, other = hook(two.buyer), hook(two.buyer)
    failed(row)
    kept = failed(other)
    acts.remove(two.buyer.call(now=NOON), webhook=row.pk)
    assert (Webhook.objects.get(), Delivery.objects.get()) == (other, kept)


def test_every_family_has_words_people_choose_by():
    assert set(events.families()) - set(events.WORDS) == set(), "say them in guanxi/notify/webhook/events.py"
