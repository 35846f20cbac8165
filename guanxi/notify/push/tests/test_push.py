"""From an entry to the locked screen: once, sealed, by the operator's keys, and never to whom it does not concern."""

import json
from datetime import time, timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.test.utils import CaptureQueriesContext
from py_vapid import Vapid02

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.deal.table import Deal
from guanxi.notify.choice.table import Choice
from guanxi.notify.nudge.acts import nudge
from guanxi.notify.push import acts, carry, keys, reader, reads
from guanxi.notify.push.gather import forget, gather
from guanxi.notify.push.table import Push, Subscription
from guanxi.notify.webhook.tests.receiver import receiving
from guanxi.people.account import acts as account
from guanxi.people.devices import acts as devices
from guanxi.people.memberships import acts as memberships
from guanxi.people.table import Membership
from guanxi.talk import receipts
from guanxi.talk.group.tests.test_group import made as people_of_a_group
from guanxi.talk.position import acts as position
from guanxi.talk.recall import acts as recall
from guanxi.talk.table import Position
from guanxi.talk.text.acts import say
from guanxi.talk.turn import turn
from tests.make import NOON, device, outsider, pair

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SOON = NOON + timedelta(seconds=30)
AUTH = b"sixteen bytes ok"


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.WEBHOOK_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = keys.draw()
    settings.VAPID_CONTACT = "mailto:post@guanxi.example"
    with clock.use(NOON):
        yield


@pytest.fixture
def service():
    with receiving() as one:
        one.answers = [201]
        yield one


class Phone:
    """A browser that gets pushes, with its own keys."""

    def __init__(self, who, url, path="/hook?x=1"):
        self.draw()
        self.who, self.device, self.url = who, device(who.person), url.replace("/hook?x=1", path)
        self.row = self.subscribe()

    def draw(self):
        self.own = ec.generate_private_key(ec.SECP256R1())
        self.point = keys.packed(self.own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def subscribe(self):
        said = {"endpoint": self.url, "p256dh": self.point, "auth": keys.packed(AUTH)}
        return acts.add(self.who.person.id, self.device.id, now=NOON, **said)

    def read(self, got):
        return json.loads(http_ece.decrypt(got.body, private_key=self.own, auth_secret=AUTH, version="aes128gcm"))


def write(who, text="price 42", *, now=NOON + SECOND, **more):
    return say(who.call(now=now), body={"text": text, **more})


def happen(who, kind="payment.held", *, now=NOON + SECOND):
    with turn(who.call(now=now)) as talk:
        return talk.add(kind, {"v": 1, "secret": "price 42"}, about=new_id())


def rounds(now=SOON):
    """One round at `now`: how many pushes were looked at."""
    with clock.use(now):
        gather(now)
        looked = 0
        while one := carry.claim(now):
            done = carry.carry(one)
            looked += done
            if not done:
                break
        return looked


def test_a_text_arrives_sealed_and_says_only_who_and_what(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    write(two.supplier)
    assert rounds() == 1
    (got,) = service.got
    said = phone.read(got)
    assert (said["title"], said["text"]) == ("Minggu", "Bo wrote to you.")
    assert said["to"].startswith(f"/c/{two.conversation}")
    assert b"42" not in json.dumps(said).encode().replace(str(two.conversation).encode(), b"").replace(said["tag"].encode(), b"")
    assert got.headers["content-encoding"] == "aes128gcm"
    assert int(got.headers["ttl"]) > 0
    assert len(got.headers["topic"]) == 32
    assert Push.objects.get().state == "done"


def test_the_service_knows_us_by_our_key(service):
    two = pair()
    Phone(two.buyer, service.url)
    write(two.supplier)
    rounds()
    header = service.got[0].headers["authorization"]
    assert Vapid02.verify(header)
    assert header.endswith(f"k={keys.public()}")


def test_it_comes_once_however_often_it_is_looked_for(service):
    two = pair()
    Phone(two.buyer, service.url)
    write(two.supplier)
    for later in range(4):
        rounds(SOON + later * SECOND)
    assert len(service.got) == 1


def test_several_texts_of_a_talk_are_one_push(service):
    two = pair()
    Phone(two.buyer, service.url)
    for n in range(3):
        write(two.supplier, f"text {n}", now=NOON + n * SECOND)
    assert rounds() == 1


def test_who_chose_details_reads_the_words(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    acts.choose(two.buyer.person.id, phone.row.id, talk=True, details=True)
    write(two.supplier)
    rounds()
    assert phone.read(service.got[0])["text"] == "price 42"


def test_nobody_hears_of_what_he_did_himself(service):
    two = pair()
    Phone(two.supplier, service.url)
    write(two.supplier)
    happen(two.supplier)
    assert rounds() == 0


def test_a_stranger_hears_nothing(service):
    two = pair()
    Phone(outsider(two.conversation), service.url)
    write(two.supplier)
    assert rounds() == 0


def test_quiet_hours_are_silent_and_what_waits_comes_after(service):
    two = pair()
    Phone(two.buyer, service.url)
    Choice.objects.create(person_id=two.buyer.person.id, quiet_from=time(11), quiet_to=time(14))
    write(two.supplier)
    assert rounds() == 0
    assert not Push.objects.exists()
    assert rounds(NOON + timedelta(hours=2, minutes=1)) == 1


def test_muted_talk_is_silent(service):
    two = pair()
    Phone(two.buyer, service.url)
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, muted=True)
    write(two.supplier)
    happen(two.supplier)
    assert rounds() == 0


def test_a_mention_by_name_passes_through_mute(service):
    ana, bo = people_of_a_group("Bo")
    phone = Phone(bo, service.url)
    position.hear(bo.call(), muted=True)
    write(ana)
    assert rounds() == 0
    write(ana, at=[str(bo.person.id)])
    assert rounds(SOON + SECOND) == 1
    said = phone.read(service.got[0])
    assert (said["title"], said["text"]) == ("Fasteners", "Ana mentioned you.")


def test_my_turn_and_a_nudge_pass_through_mute_by_kind(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    position.hear(two.buyer.call(), muted=True)
    made = happen(two.supplier, "quote.sent")
    row = {"buyer_id": two.buyer.company.id, "supplier_id": two.supplier.company.id, "title": "Bolts", "currency": "CNY", "created_at": NOON}
    waits = {"turn": "quote", "turn_company": two.buyer.company.id, "updated_at": NOON, "seq": made.seq}
    own = Deal.objects.create(id=made.about, conversation_id=two.conversation, **row, **waits)
    assert rounds() == 1
    assert phone.read(service.got[0])["text"] == "Your turn to quote"
    nudge(two.supplier.call(now=NOON + 2 * SECOND), deal_id=own.id)
    assert rounds(SOON + SECOND) == 1
    assert phone.read(service.got[1])["text"] == "Bo asks for a reply."
    Choice.objects.create(person_id=two.buyer.person.id, turns=False)
    again = happen(two.supplier, "quote.sent", now=NOON + 3 * SECOND)
    Deal.objects.create(id=again.about, conversation_id=two.conversation, **row, **(waits | {"seq": again.seq}))
    assert rounds(SOON + 2 * SECOND) == 0


def test_money_that_runs_out_within_a_day_comes_in_quiet_hours(service):
    two = pair()
    Phone(two.buyer, service.url)
    Choice.objects.create(person_id=two.buyer.person.id, quiet_from=time(11), quiet_to=time(14))
    made = happen(two.supplier, "order.placed")
    row = {"buyer_id": two.buyer.company.id, "supplier_id": two.supplier.company.id, "title": "Bolts", "currency": "CNY", "created_at": NOON}
    waits = {"turn": "pay", "turn_company": two.buyer.company.id, "updated_at": NOON, "seq": made.seq, "due_at": NOON + timedelta(hours=3)}
    Deal.objects.create(id=made.about, conversation_id=two.conversation, **row, **waits)
    assert rounds() == 1
    assert rounds(NOON + timedelta(hours=2, minutes=1)) == 0


def test_without_texts_only_deals_come(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    acts.choose(two.buyer.person.id, phone.row.id, talk=False, details=False)
    write(two.supplier)
    assert rounds() == 0
    happen(two.supplier)
    assert rounds() == 1
    assert phone.read(service.got[0])["text"] == "News: Payments"


def test_money_not_wanted_does_not_come(service):
    two = pair()
    Phone(two.buyer, service.url)
    Choice.objects.create(person_id=two.buyer.person.id, money=False)
    happen(two.supplier)
    assert rounds() == 0


def test_what_was_read_is_not_pushed(service):
    two = pair()
    Phone(two.buyer, service.url)
    write(two.supplier)
    gather(SOON)
    receipts.mark(two.conversation, two.buyer.person.id, 99)
    with clock.use(SOON):
        carry.carry(Subscription.objects.get().pk)
    assert Push.objects.get().state == "dropped"
    assert service.got == []


def test_what_was_taken_back_is_not_pushed(service):
    two = pair()
    Phone(two.buyer, service.url)
    write(two.supplier)
    gather(SOON)
    recall.recall(two.supplier.call(now=NOON + 2 * SECOND), seq=1)
    with clock.use(SOON):
        carry.carry(Subscription.objects.get().pk)
    assert service.got == []


def test_a_device_that_is_gone_is_forgotten(service):
    two = pair()
    Phone(two.buyer, service.url)
    service.answers = [410]
    write(two.supplier)
    assert rounds() == 1
    assert not Subscription.objects.exists()
    assert not Push.objects.exists()


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_in_trouble_is_tried_again_and_gets_it_once(service, status):
    two = pair()
    Phone(two.buyer, service.url)
    service.answers = [status, 201]
    write(two.supplier)
    assert rounds() == 1
    assert (Push.objects.get().state, Push.objects.get().status) == ("waiting", status)
    assert rounds(SOON + 5 * SECOND) == 0
    assert rounds(SOON + timedelta(minutes=1)) == 1
    assert rounds(SOON + timedelta(hours=1)) == 0
    assert len(service.got) == 2
    assert Push.objects.get().state == "done"


def test_a_refused_message_is_not_sent_again(service):
    two = pair()
    Phone(two.buyer, service.url)
    service.answers = [413]
    write(two.supplier)
    assert rounds() == 1
    assert rounds(SOON + timedelta(hours=1)) == 0
    assert Push.objects.get().state == "failed"


def signed_out(two, phone):
    devices.end(two.buyer.person.id, phone.device.id, now=NOON)


def new_password(two, _phone):
    account.set_password(two.buyer.person.id, old="", new="correct horse battery", device=None, now=NOON)


def closed(two, _phone):
    account.close(two.buyer.person.id, now=NOON)


@pytest.mark.parametrize("end", [signed_out, new_password, closed])
def test_it_ends_with_its_session(service, end):
    two = pair()
    phone = Phone(two.buyer, service.url)
    write(two.supplier)
    gather(SOON)
    end(two, phone)
    assert not Subscription.objects.exists()
    assert rounds() == 0


def test_it_ends_with_role_and_membership(service):
    two = pair()
    who = two.colleague(two.buyer, "sales")
    call = two.buyer.call(now=NOON)
    own = Membership.objects.get(person=who.person).id
    Phone(who, service.url)
    memberships.set_role(call, membership=own, role="viewer")
    assert not Subscription.objects.exists()
    Phone(who, service.url)
    memberships.remove(call, membership=own)
    assert not Subscription.objects.exists()


def test_a_private_address_is_refused(settings):
    two = pair()
    settings.WEBHOOK_LOOPBACK = False
    own = Phone.__new__(Phone)
    own.draw()
    here = device(two.buyer.person).id
    for url in (
        "https://10.0.0.1/x",
        "https://127.0.0.1/x",
        "http://push.example.com/x",
        "https://localhost/x",
        "https://[2606:4700::1111]/x",
        "file:///etc/passwd",
        7,
        None,
    ):
        with pytest.raises(Invalid) as caught:
            acts.add(two.buyer.person.id, here, endpoint=url, p256dh=own.point, auth=keys.packed(AUTH), now=NOON)
        assert "endpoint" in caught.value.fields
    assert not Subscription.objects.exists()


def test_a_name_that_leads_inside_is_not_posted_to(service, settings):
    two = pair()
    Phone(two.buyer, "https://push.example.com/x")
    settings.WEBHOOK_LOOPBACK = False
    write(two.supplier)
    gather(SOON)
    with clock.use(SOON):
        carry.carry(Subscription.objects.get().pk, find=lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.7", 443))])
    assert (Push.objects.get().state, Push.objects.get().error) == ("waiting", "address")
    assert service.got == []


@pytest.mark.parametrize(("p256dh", "auth", "blamed"), [("", None, "p256dh"), ("x" * 87, None, "p256dh"), (None, "", "auth"), (None, "é", "auth")])
def test_keys_that_are_none_are_refused(service, p256dh, auth, blamed):
    two = pair()
    phone = Phone(two.buyer, service.url)
    given = {"p256dh": phone.point if p256dh is None else p256dh, "auth": keys.packed(AUTH) if auth is None else auth}
    with pytest.raises(Invalid) as caught:
        acts.add(two.buyer.person.id, phone.device.id, endpoint=service.url, now=NOON, **given)
    assert blamed in caught.value.fields


def test_nobody_turns_off_what_is_another_s(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    for act in (lambda who: acts.remove(who, phone.row.id), lambda who: acts.choose(who, phone.row.id, talk=False, details=True)):
        with pytest.raises(NotFound):
            act(two.supplier.person.id)
    assert Subscription.objects.get().talk


def test_nobody_takes_an_address_without_its_keys(service):
    two = pair()
    Phone(two.buyer, service.url)
    with pytest.raises(Invalid):
        Phone(two.supplier, service.url)
    assert Subscription.objects.get().person_id == two.buyer.person.id


def test_a_browser_has_one_address_and_changes_hands(service):
    two = pair()
    phone = Phone(two.buyer, service.url)
    phone.subscribe()
    assert Subscription.objects.count() == 1
    phone.who, phone.device = two.supplier, device(two.supplier.person)
    phone.subscribe()
    assert Subscription.objects.get().person_id == two.supplier.person.id


def test_at_most_ten_devices(service):
    two = pair()
    for n in range(acts.MOST):
        Phone(two.buyer, service.url, f"/{n}")
    with pytest.raises(Refused):
        Phone(two.buyer, service.url, "/more")
    assert Subscription.objects.count() == acts.MOST


def test_a_bad_key_is_as_none(settings):
    for bad in ("x", "é", keys.draw()[:20]):
        settings.VAPID_PRIVATE_KEY = bad
        assert not keys.is_on()
        assert keys.public() == ""
        with pytest.raises(keys.BadKey, match="guanxi vapid"):
            keys.probe()


def test_a_contact_nobody_can_write_to_is_found_by_the_doctor(settings):
    settings.VAPID_CONTACT = "me"
    assert not keys.is_on()
    with pytest.raises(keys.BadKey, match="VAPID_CONTACT"):
        keys.probe()
    for good in ("", "https://guanxi.example", "mailto:me@guanxi.example"):
        settings.VAPID_CONTACT = good
        keys.probe()


def test_without_keys_there_is_nothing(service, settings):
    two = pair()
    phone = Phone(two.buyer, service.url)
    settings.VAPID_PRIVATE_KEY = ""
    with pytest.raises(NotFound):
        phone.subscribe()
    write(two.supplier)
    reader.look(now=SOON)
    assert not Push.objects.exists()


def test_another_key_ends_every_subscription(service, settings):
    two = pair()
    Phone(two.buyer, service.url)
    settings.VAPID_PRIVATE_KEY = keys.draw()
    write(two.supplier)
    assert rounds() == 0


def test_the_responsible_colleague_is_told_and_the_others_are_not(service):
    two = pair()
    who = two.colleague(two.buyer, "purchaser")
    Phone(who, service.url, "/colleague")
    Phone(two.buyer, service.url)
    write(two.supplier)
    assert rounds() == 1
    assert service.got[0].path == "/hook?x=1"


def test_a_round_costs_the_same_for_one_device_and_for_ten(service):
    two = pair()
    costs = []
    for n in range(10):
        Phone(two.buyer, service.url, f"/{n}")
        if n in (0, 9):
            write(two.supplier, now=NOON + timedelta(minutes=n))
            with CaptureQueriesContext(connection) as cost:
                gather(NOON + timedelta(minutes=n, seconds=30))
            costs.append(len(cost))
    assert costs[0] == costs[1]
    assert Push.objects.count() > 9


def test_old_pushes_are_forgotten(service):
    two = pair()
    Phone(two.buyer, service.url)
    write(two.supplier)
    rounds()
    assert forget(NOON + timedelta(days=8)) == 1


def test_the_list_costs_two_statements_and_begins_here(service):
    two = pair()
    phones = [Phone(two.buyer, service.url, f"/{n}") for n in range(5)]
    with CaptureQueriesContext(connection) as cost:
        rows = reads.mine(two.buyer.person.id, here=phones[2].device.id)
    assert len(cost) == 2
    assert [row.here for row in rows] == [True] + [False] * 4
