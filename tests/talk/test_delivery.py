"""From one gateway to every socket that may hear it: other processes, lost hints, cards, positions, removal (T6-T8, T11, T12, A1)."""

import threading
import time
from datetime import timedelta

import pytest
from django.db.models import F

from guanxi.base import clock
from guanxi.people.memberships.acts import remove
from guanxi.people.table import Company, Membership
from guanxi.talk import hints
from guanxi.talk.table import Conversation, Entry, Party, Position
from guanxi.talk.text.acts import say
from guanxi.talk.turn import turn
from tests import make
from tests.faults.processes import Gateway
from tests.talk.client import FIVE_SECONDS, Client, bearer

pytestmark = pytest.mark.django_db(transaction=True)
Two = tuple[Gateway, Gateway]


def leave(actor: make.Actor) -> None:
    """He stops working there, and no process is told: the version grows in the same transaction."""
    from django.db import transaction

    with transaction.atomic():
        Membership.objects.filter(company=actor.company, person=actor.person).update(ended_at=clock.now())
        Company.objects.filter(id=actor.company.id).update(people_version=F("people_version") + 1)


def texts(client: Client, count: int) -> list[int]:
    return [client.hear("entry")["seq"] for _ in range(count)]


def test_two_processes_deliver_to_each_other_in_order(gateways: Two) -> None:
    pair = make.pair()
    with Client(gateways[0].address, bearer(pair.buyer.person)) as ana, Client(gateways[1].address, bearer(pair.supplier.person)) as bo:
        for n in range(20):
            ana.text(pair.buyer, f"a{n}")
            bo.text(pair.supplier, f"b{n}")
        mine = [ana.answer()["seq"] for _ in range(20)]
        his = [bo.answer()["seq"] for _ in range(20)]
        last = time.monotonic() + 5
        while time.monotonic() < last and max(f["seq"] for f in [*ana.heard[1:], *bo.heard[1:]] if "seq" in f) < 40:
            bo.hears_nothing("never", within=0.05)
            ana.hears_nothing("never", within=0.05)
    assert sorted(mine + his) == list(range(1, 41))
    seen = [frame["seq"] for frame in bo.heard if frame["op"] in ("entry", "head")]
    assert seen == sorted(set(seen)), "nothing comes twice, nothing goes back"


def test_an_act_of_a_page_reaches_the_sockets_as_the_entry_itself(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        say(pair.buyer.call("k"), body={"text": "from a page"})
        assert bo.hear("entry")["body"] == {"text": "from a page"}


def test_a_card_comes_as_its_head_alone(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        with turn(pair.buyer.call()) as talk:
            talk.add("quote.countered", {"secret": "price"})
        assert bo.hear("head", "entry") == {"op": "head", "c": str(pair.conversation), "seq": 1}


def test_an_entry_of_unknown_kind_is_a_head_too(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        with turn(pair.buyer.call()) as talk:
            talk.add("from.the.future", {"a": 1})
        assert bo.hear("head", "entry")["op"] == "head"


def test_a_lost_hint_is_found_within_five_seconds(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "announce", lambda _heads: None)
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        say(pair.buyer.call("k"), body={"text": "nobody tells"})
        assert bo.hear("entry", within=FIVE_SECONDS)["seq"] == 1


def test_doubled_reordered_and_lying_hints_change_nothing(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        for n in range(3):
            say(pair.buyer.call(f"k{n}"), body={"text": str(n)})
        assert bo.hear("entry", "head")
        for head in (1, 3, 2, 3, 1, 99):
            hints.announce({pair.conversation: head})
            hints.announce({make.new_id(): head})
        bo.hears_nothing("never", within=0.3)
        seen = [frame["seq"] for frame in bo.heard if frame["op"] in ("entry", "head")]
        assert seen == sorted(set(seen))
        assert seen[-1] == 3


def test_nothing_reaches_whoever_takes_no_part(gateway: Gateway) -> None:
    pair = make.pair()
    cy = make.outsider(pair.conversation)
    with Client(gateway.address, bearer(cy.person)) as outside, Client(gateway.address, bearer(pair.buyer.person)) as ana:
        ana.text(pair.buyer, "between us")
        assert ana.answer()["op"] == "ack"
        outside.say("typing", c=str(pair.conversation))
        outside.say("read", c=str(pair.conversation), seq=1)
        assert outside.hears_nothing("entry", "head", "read", "typing", "gone")
        assert ana.hears_nothing("typing", "read")
        outside.say("sync", cursor=None)
        assert outside.hear("heads")["heads"] == {}
    assert not Position.objects.exists()


@pytest.mark.parametrize("hinted", [True, False])
def test_who_was_removed_hears_nothing_from_then_on(gateways: Two, hinted: bool) -> None:
    """T11: also on an open socket, also when no hint of the removal came, on the writing process and on the other."""
    pair = make.pair()
    former = pair.colleague(pair.supplier, "sales")
    headers = bearer(former.person)
    links = [Client(gateways[n].address, who) for n, who in ((0, headers), (1, headers), (0, bearer(pair.buyer.person)))]
    with links[0] as here, links[1] as there, links[2] as ana:
        ana.text(pair.buyer, "before")
        assert ana.answer()["seq"] == here.hear("entry")["seq"] == there.hear("entry")["seq"] == 1
        if hinted:
            remove(pair.supplier.call(), membership=Membership.objects.get(company=former.company, person=former.person).id)
        else:
            leave(former)
        for n in range(5):
            ana.text(pair.buyer, f"after {n}")
            assert ana.answer()["op"] == "ack"
        say(pair.buyer.call("k"), body={"text": "after, from a page"})
        ana.say("typing", c=str(pair.conversation))
        for link in (here, there):
            assert link.hear("gone", within=FIVE_SECONDS)["c"] == str(pair.conversation)
            link.hears_nothing("never", within=0.3)
            assert [frame["seq"] for frame in link.heard if frame["op"] in ("entry", "head")] == [1]
            assert not [frame for frame in link.heard if frame["op"] in ("typing", "read")]
        here.text(former, "let me back in")
        assert here.answer()["reason"] == "not-found"


def test_a_removal_in_the_midst_of_a_stream_is_a_clean_cut(gateway: Gateway) -> None:
    """What was committed after the removal's own commit is never seen; compared by the database's own order."""
    pair = make.pair()
    former = pair.colleague(pair.supplier, "sales")
    with Client(gateway.address, bearer(former.person)) as ears, Client(gateway.address, bearer(pair.buyer.person)) as ana:
        stop = threading.Event()
        acked: list[int] = []

        def write() -> None:
            while not stop.is_set():
                ana.text(pair.buyer, "x")
                acked.append(ana.answer()["seq"])

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.3)
        leave(former)
        after = acked[-1] + 1  # at most one was on its way
        time.sleep(0.3)
        stop.set()
        writer.join(10)
        ears.hears_nothing("never", within=0.3)
        seen = [frame["seq"] for frame in ears.heard if frame["op"] in ("entry", "head")]
    assert acked[-1] > after + 5
    assert max(seen) <= after
    assert seen == list(range(1, len(seen) + 1))


def test_a_new_colleague_hears_from_then_on(gateway: Gateway) -> None:
    pair = make.pair()
    new = make.actor("Nu", "Elsewhere", pair.conversation)
    links = [Client(gateway.address, bearer(who)) for who in (new.person, pair.buyer.person, pair.supplier.person)]
    with links[0] as ears, links[1] as ana, links[2] as bo:
        ana.text(pair.buyer, "before")
        assert ana.answer()["seq"] == bo.hear("entry")["seq"] == 1
        make.member(pair.supplier.company, new.person, "sales")
        Company.objects.filter(id=pair.supplier.company.id).update(people_version=F("people_version") + 1)
        ana.text(pair.buyer, "after")
        assert ears.hear("entry", "head")["seq"] == 2


def test_a_party_that_left_hears_nothing(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo, Client(gateway.address, bearer(pair.buyer.person)) as ana:
        Party.objects.of(pair.conversation).filter(company_id=pair.supplier.company.id).update(left_at=clock.now())
        Conversation.objects.filter(id=pair.conversation).update(audience=F("audience") + 1)
        ana.text(pair.buyer, "alone")
        assert ana.answer()["op"] == "ack"
        assert bo.hears_nothing("entry", "head")
        bo.text(pair.supplier, "hello?")
        assert bo.answer()["reason"] == "not-found"


def test_reading_moves_forward_only_and_at_most_to_the_head(gateways: Two) -> None:
    """T12; the other side and one's own devices are told, colleagues are not."""
    pair = make.pair()
    mate = pair.colleague(pair.supplier, "sales")
    links = [Client(gateways[n % 2].address, bearer(who)) for n, who in enumerate((pair.buyer.person, pair.supplier.person, pair.supplier.person, mate.person))]
    ana, phone, desk, colleague = links
    for n in range(3):
        ana.text(pair.buyer, str(n))
        assert ana.answer()["op"] == "ack"
    moves = []
    for seq in (2, 1, 99, 2**63 - 1, 3):
        phone.say("read", c=str(pair.conversation), seq=seq)
        phone.say("ping")
        phone.hear("pong")
        time.sleep(0.1)
        moves.append(Position.objects.of(pair.conversation).get(person_id=pair.supplier.person.id).read_seq)
    assert moves == [2, 2, 3, 3, 3]
    expected = {"op": "read", "c": str(pair.conversation), "person": str(pair.supplier.person.id)}
    for link in (ana, desk):
        assert [link.hear("read"), link.hear("read")] == [expected | {"seq": 2}, expected | {"seq": 3}]
    assert colleague.hears_nothing("read")
    assert Position.objects.count() == 1
    for link in links:
        link.link.close()


def test_typing_is_told_to_the_others_once_in_a_while(gateways: Two) -> None:
    pair = make.pair()
    with Client(gateways[0].address, bearer(pair.buyer.person)) as ana, Client(gateways[1].address, bearer(pair.supplier.person)) as bo:
        for _ in range(10):
            ana.say("typing", c=str(pair.conversation))
        assert bo.hear("typing") == {"op": "typing", "c": str(pair.conversation), "person": str(pair.buyer.person.id), "name": "Ana"}
        assert bo.hears_nothing("typing")
        assert ana.hears_nothing("typing", within=0.1)
    assert not Entry.objects.exists()


def test_who_missed_a_thousand_entries_finds_them_by_its_cursor(gateway: Gateway) -> None:
    """T6: sync names the conversation, pulling by seq gives every entry once."""
    from guanxi.talk import read

    pair = make.pair()
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        cursor = bo.hello["cursor"]
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        keys = [ana.text(pair.buyer, f"t{n}") for n in range(400)]
        assert [ana.answer()["seq"] for _ in keys] == list(range(1, 401))
    for n in range(400, 1000):
        Entry.objects.create(conversation_id=pair.conversation, seq=n + 1, kind="text", body={"text": f"t{n}"}, at=clock.now())
    Conversation.objects.filter(id=pair.conversation).update(head=1000, head_at=clock.now())
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        bo.say("sync", cursor=cursor)
        found = bo.hear("heads")
        assert found["heads"] == {str(pair.conversation): 1000}
        assert found["more"] is False
        mine: list[Entry] = []
        while rows := read.rows(pair.conversation, after=mine[-1].seq if mine else 0, limit=200, person=pair.supplier.person.id):
            mine += rows
        assert [row.body["text"] for row in mine] == [f"t{n}" for n in range(1000)]
        say(pair.buyer.call("k"), body={"text": "next"})
        assert bo.hear("entry", "head", within=FIVE_SECONDS)["seq"] == 1001


def test_a_large_conversation_does_not_hold_up_a_small_one(gateway: Gateway) -> None:
    large, small = make.pair(), make.pair()
    people = [large.colleague(large.supplier, "sales", f"P{n}") for n in range(40)]
    ears = [Client(gateway.address, bearer(one.person)) for one in people for _ in range(5)]
    links = [Client(gateway.address, bearer(who.person)) for who in (large.buyer, small.buyer, small.supplier)]
    with links[0] as loud, links[1] as ana, links[2] as bo:
        for n in range(100):
            loud.text(large.buyer, f"{n}" * 100)
        began = time.monotonic()
        ana.text(small.buyer, "quick")
        assert bo.hear("entry", within=3)["seq"] == 1
        passed = time.monotonic() - began
        for ear in ears:
            assert texts(ear, 100) == list(range(1, 101))
        assert time.monotonic() - began > passed
    for ear in ears:
        ear.link.close()


def test_a_conversation_changed_while_asleep_is_found_however_old_its_cursor(gateway: Gateway) -> None:
    pair = make.pair()
    say(pair.buyer.call("k", now=clock.now() - timedelta(days=30)), body={"text": "long ago"})
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        for cursor in (None, "", "0", "nonsense", "9" * 100, "1.2.3", "-1", "x" * 3000):
            bo.say("sync", cursor=cursor)
            found = bo.hear("heads")
            assert found["heads"] in ({}, {str(pair.conversation): 1})
            if cursor in (None, "", "0", "nonsense"):
                assert found["heads"] == {str(pair.conversation): 1}
