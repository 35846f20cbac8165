"""Texts over the socket: acknowledged after the commit, numbered, keyed, within reach."""

import secrets
import threading

import pytest

from guanxi.base.errors import AlreadyDone, Conflict
from guanxi.talk.table import Conversation, Done, Entry
from guanxi.talk.text.acts import say
from tests import make
from tests.faults.processes import Gateway
from tests.talk.client import Client, bearer

pytestmark = pytest.mark.django_db(transaction=True)


def told(conversation: object) -> list[tuple[int, str]]:
    return list(Entry.objects.of(conversation).order_by("seq").values_list("seq", "body__text"))


def test_a_text_is_acknowledged_stored_and_shown_to_the_other_side(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana, Client(gateway.address, bearer(pair.supplier.person)) as bo:
        key = ana.text(pair.buyer, "  五层纸箱 3,000 只，什么价？ ")
        ack, entry = ana.answer(), bo.hear("entry")
    assert (ack["op"], ack["k"], ack["c"], ack["seq"]) == ("ack", key, str(pair.conversation), 1)
    assert entry["seq"] == 1
    assert entry["body"] == {"text": "五层纸箱 3,000 只，什么价？"}
    assert entry["by"] == {"person": str(pair.buyer.person.id), "company": str(pair.buyer.company.id), "name": "Ana"}
    assert entry["at"] == ack["at"]
    row = Entry.objects.of(pair.conversation).get()
    assert (row.seq, row.kind, row.by_person, row.by_company, row.by_name) == (1, "text", pair.buyer.person.id, pair.buyer.company.id, "Ana")
    assert row.at.isoformat() == ack["at"]
    assert Conversation.objects.get(id=pair.conversation).head == 1
    assert "entry" not in [frame["op"] for frame in ana.heard]


def test_the_other_device_of_the_writer_gets_the_entry_too(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as phone, Client(gateway.address, bearer(pair.buyer.person)) as desk:
        phone.text(pair.buyer, "在吗")
        assert phone.answer()["seq"] == desk.hear("entry")["seq"] == 1


def test_the_same_key_twice_is_one_entry_and_the_first_answer(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        ana.text(pair.buyer, "one", key="k1")
        ana.text(pair.buyer, "one", key="k1")
        ana.text(pair.buyer, "two", key="k2")
        answers = [ana.answer() for _ in range(3)]
        ana.text(pair.buyer, "one", key="k1")
        answers.append(ana.answer())
    first = [one for one in answers if one["k"] == "k1"]
    assert {(one["seq"], one["at"]) for one in first} == {(1, first[0]["at"])}
    assert told(pair.conversation) == [(1, "one"), (2, "two")]


def test_the_same_key_with_another_text_is_refused(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        ana.text(pair.buyer, "one", key="k1")
        ana.text(pair.buyer, "other", key="k1")
        answers = {one["op"]: one for one in (ana.answer(), ana.answer())}
    assert answers["ack"]["seq"] == 1
    assert answers["refused"]["reason"] == "key-reused"
    assert told(pair.conversation) == [(1, "one")]


def test_a_key_means_the_same_at_the_socket_and_at_the_api(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        ana.text(pair.buyer, "one", key="k1")
        assert ana.answer()["seq"] == 1
        with pytest.raises(AlreadyDone) as done:
            say(pair.buyer.call("k1"), body={"text": "one"})
        assert done.value.result["seq"] == 1
        assert done.value.result["heads"] == {str(pair.conversation): 1}
        with pytest.raises(Conflict):
            say(pair.buyer.call("k1"), body={"text": "other"})
        say(pair.buyer.call("k2"), body={"text": "two"})
        ana.text(pair.buyer, "two", key="k2")
        assert ana.answer()["seq"] == 2
    assert told(pair.conversation) == [(1, "one"), (2, "two")]


def test_who_has_no_reach_is_told_that_nothing_is_there(gateway: Gateway) -> None:
    pair = make.pair()
    cy = make.outsider(pair.conversation)
    with Client(gateway.address, bearer(cy.person)) as link:
        link.text(cy, "let me in")
        link.text(make.Actor(cy.person, pair.buyer.company, "owner", pair.conversation), "as another company")
        link.text(cy, "as myself", direct=True)
        link.text(make.Actor(cy.person, cy.company, "owner", make.new_id()), "to nowhere")
        assert {link.answer()["reason"] for _ in range(4)} == {"not-found"}
    assert told(pair.conversation) == []
    assert not Done.objects.exists()


def test_a_viewer_reads_but_does_not_write(gateway: Gateway) -> None:
    pair = make.pair()
    vi = pair.colleague(pair.buyer, "viewer")
    with Client(gateway.address, bearer(vi.person)) as link, Client(gateway.address, bearer(pair.supplier.person)) as bo:
        link.text(vi, "may I?")
        assert link.answer()["reason"] == "role-cannot-talk"
        bo.text(pair.supplier, "hello")
        assert link.hear("entry")["seq"] == 1
    assert told(pair.conversation) == [(1, "hello")]


def test_two_people_talk_without_companies(gateway: Gateway) -> None:
    from guanxi.base import clock
    from guanxi.talk.open import direct_conversation

    pair = make.pair()
    talk = direct_conversation(pair.buyer.person.id, pair.supplier.person.id, now=clock.now())
    ana = make.Actor(pair.buyer.person, pair.buyer.company, "owner", talk)
    with Client(gateway.address, bearer(ana.person)) as one, Client(gateway.address, bearer(pair.supplier.person)) as other:
        one.text(ana, "as a company")
        assert one.answer()["reason"] == "not-found"
        one.text(ana, "from me to you", direct=True)
        assert one.answer()["seq"] == 1
        assert other.hear("entry")["by"] == {"person": str(ana.person.id), "company": None, "name": "Ana"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"text": " \n\t "}, "blank"),
        ({"text": ""}, "blank"),
        ({"text": "x" * 5001}, "too-long"),
        ({"text": "a\x00b"}, "bad-text"),
        ({"text": "a\ud800b"}, "bad-text"),
        ({"text": 1}, "bad-frame"),
        ({"text": True}, "bad-frame"),
        ({"text": None}, "bad-frame"),
        ({"text": ["a"]}, "bad-frame"),
        ({"text": {"a": 1}}, "bad-frame"),
        ({"text": "a", "more": 1}, "bad-frame"),
        ({}, "bad-frame"),
        ([], "bad-frame"),
        ("text", "bad-frame"),
        (None, "bad-frame"),
    ],
)
def test_what_is_no_text_is_refused_and_changes_nothing(gateway: Gateway, body: object, reason: str) -> None:
    import json

    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        frame = {"op": "send", "c": str(pair.conversation), "as": str(pair.buyer.company.id), "k": "k", "kind": "text", "body": body}
        ana.link.send(json.dumps(frame))
        assert ana.answer() == {"op": "refused", "k": "k", "reason": reason}
    assert told(pair.conversation) == []


def test_odd_but_honest_texts_come_back_as_they_were(gateway: Gateway) -> None:
    pair = make.pair()
    texts = ["x" * 5000, "漢字𠮷👩‍👩‍👧‍👦", "\u202eright to left", "'; DROP TABLE talk_entry; --", '{"op":"gone"}', "a\u2028b", "%s %(a)s {} \\", "line\nline"]
    with Client(gateway.address, bearer(pair.buyer.person)) as ana, Client(gateway.address, bearer(pair.supplier.person)) as bo:
        for text in texts:
            ana.text(pair.buyer, text)
        assert [ana.answer()["op"] for _ in texts] == ["ack"] * len(texts)
        assert [bo.hear("entry")["body"]["text"] for _ in texts] == texts
    assert [text for _, text in told(pair.conversation)] == texts


def test_two_hundred_senders_at_once_leave_no_gap(gateways: tuple[Gateway, Gateway]) -> None:
    """F17, T2-T5: twenty people on two processes, ten texts each, nobody waits."""
    pair = make.pair()
    people = [pair.colleague(side, "sales", f"P{n}") for n in range(10) for side in (pair.buyer, pair.supplier)]
    headers = [bearer(one.person) for one in people]
    seqs: dict[str, list[int]] = {}

    def write(n: int) -> None:
        with Client(gateways[n % 2].address, headers[n]) as link:
            keys = [link.text(people[n], f"{n}:{m}") for m in range(10)]
            found = {answer["k"]: answer["seq"] for answer in (link.answer() for _ in keys)}
            seqs[str(n)] = [found[key] for key in keys]

    threads = [threading.Thread(target=write, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rows = told(pair.conversation)
    assert [seq for seq, _ in rows] == list(range(1, 201))
    assert all(mine == sorted(mine) for mine in seqs.values()), "a sender's entries keep his order"
    assert sorted(seq for mine in seqs.values() for seq in mine) == list(range(1, 201))
    assert dict(rows) == {seq: f"{n}:{m}" for n, mine in seqs.items() for m, seq in enumerate(mine)}


def test_an_act_that_holds_one_conversation_does_not_hold_up_another(gateway: Gateway) -> None:
    from django.db import transaction

    held, free = make.pair(), make.pair()
    with Client(gateway.address, bearer(held.buyer.person)) as slow, Client(gateway.address, bearer(free.buyer.person)) as quick:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(id=held.conversation)
            key = slow.text(held.buyer, "waits")
            quick.text(free.buyer, "does not")
            assert quick.answer()["op"] == "ack"
            assert slow.hears_nothing("ack", "refused", within=0.2)
        assert slow.answer()["k"] == key


def test_a_conversation_held_too_long_is_refused_as_busy_and_the_key_still_serves(gateway: Gateway) -> None:
    from django.db import transaction

    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(id=pair.conversation)
            key = ana.text(pair.buyer, "again")
            assert ana.answer() == {"op": "refused", "k": key, "reason": "busy"}
        ana.text(pair.buyer, "again", key=key)
        assert ana.answer()["seq"] == 1
    assert told(pair.conversation) == [(1, "again")]


def test_keys_of_odd_shape_are_refused(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        for key in ["", "x" * 65, "a\x00", "é", 1, None, True, ["k"], {"k": 1}]:
            ana.say("send", c=str(pair.conversation), **{"as": str(pair.buyer.company.id)}, k=key, kind="text", body={"text": "a"})
            assert ana.answer() == {"op": "refused", "k": None, "reason": "bad-frame"}
        ana.text(pair.buyer, "fine", key=secrets.token_hex(32))
        assert ana.answer()["op"] == "ack"
