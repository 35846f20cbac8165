"""Forwarding: seen there, allowed here, and nothing private comes along."""

import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.base import clock
from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.talk.file import acts as files
from guanxi.talk.file import reads
from guanxi.talk.file.store import store
from guanxi.talk.forward.acts import forward
from guanxi.talk.open import pair_conversation
from guanxi.talk.recall.acts import recall
from guanxi.talk.table import Conversation, Entry, Position
from guanxi.talk.text.acts import say
from tests.api.caller import caller
from tests.make import actor, outsider, pair, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return pair()


@pytest.fixture
def cy():
    return actor("Cy", "Elsewhere")


@pytest.fixture
def there(two, cy):
    """Ana's conversation with Cy: where she forwards to."""
    return pair_conversation(two.buyer.company.id, cy.company.id, now=clock.now())


def trade(two, **body):
    by = {"by_company": two.supplier.company.id, "at": clock.now()}
    Entry.objects.create(conversation_id=two.conversation, seq=1, kind="quote.sent", about=new_id(), body=body, **by)
    Conversation.objects.filter(id=two.conversation).update(head=1)


def at(one, talk):
    return replace(one, conversation=talk).call()


def test_words_go_along_without_their_writer_or_what_they_answer(two, there):
    say(two.supplier.call(), body={"text": "hello"})
    say(two.supplier.call(), body={"text": "fine", "reply": 1})
    assert forward(at(two.buyer, there), source=two.conversation, seq=2)["seq"] == 1
    row = Entry.objects.of(there).get()
    assert (row.kind, row.body, row.by_person) == ("forward", {"text": "fine"}, two.buyer.person.id)
    assert "fine" in signed(two.buyer).get(f"/c/{there}").content.decode()


def test_of_a_deal_only_the_goods_go_along(two, there):
    lines = [{"name": f"Bolt {n}", "spec": "M8*30", "price": "0.1011", "quantity": "3000", "amount": 30330} for n in range(12)]
    trade(two, title="Fasteners", number="DD-261123-7K3QX4", lines=lines, total=999999, note="zephyr", freight=12345, supplier="Minggu")
    forward(at(two.buyer, there), source=two.conversation, seq=1)
    body = Entry.objects.of(there).get().body
    assert body == {"title": "Fasteners", "items": [f"Bolt {n} M8*30" for n in range(10)], "more": 2}
    for private in ("0.1011", "3000", "30330", "999999", "zephyr", "12345", "DD-2611", "Minggu"):
        assert private not in json.dumps(body)


def test_a_file_goes_along_and_is_reached_there(two, there, cy):
    upload = store(two.supplier.person.id, two.supplier.company.id, SimpleUploadedFile("plan.txt", b"plan"))
    files.send(two.supplier.call(), upload_id=upload.id)
    with pytest.raises(NotFound):
        reads.open_to(viewer(cy.person, cy.company), upload.id)
    seq = forward(at(two.buyer, there), source=two.conversation, seq=1)["seq"]
    assert reads.open_to(viewer(cy.person, cy.company), upload.id)
    recall(at(two.buyer, there), seq=seq)
    with pytest.raises(NotFound):
        reads.open_to(viewer(cy.person, cy.company), upload.id)
    assert reads.open_to(viewer(two.buyer.person, two.buyer.company), upload.id)


def test_what_one_does_not_see_cannot_be_forwarded(two, there, cy):
    say(two.supplier.call(), body={"text": "zephyr"})
    with pytest.raises(NotFound):
        forward(at(cy, there), source=two.conversation, seq=1)
    with pytest.raises(NotFound):
        forward(at(two.supplier, there), source=two.conversation, seq=1)
    with pytest.raises(NotFound):
        forward(at(two.buyer, there), source=two.conversation, seq=9)
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, from_seq=1)
    with pytest.raises(NotFound):
        forward(at(two.buyer, there), source=two.conversation, seq=1)
    assert Entry.objects.of(there).count() == 0


def test_recalled_words_notices_and_cards_without_goods_stay(two, there):
    seq = say(two.buyer.call(), body={"text": "zephyr"})["seq"]
    recall(two.buyer.call(), seq=seq)
    with pytest.raises(NotFound):
        forward(at(two.buyer, there), source=two.conversation, seq=seq)
    with pytest.raises(Refused):
        forward(at(two.buyer, there), source=two.conversation, seq=2)
    assert Entry.objects.of(there).count() == 0


def test_who_may_only_read_forwards_nothing(two, there):
    say(two.supplier.call(), body={"text": "hello"})
    reader = two.colleague(two.buyer, "viewer")
    with pytest.raises(Refused):
        forward(at(reader, there), source=two.conversation, seq=1)


def test_the_sheet_the_door_and_the_api(two, there):
    say(two.supplier.call(), body={"text": "hello"})
    client = signed(two.buyer)
    assert "Elsewhere" in client.get(f"/c/{two.conversation}/entries/1/forward").content.decode()
    sent = {"as": str(two.buyer.company.id), "source": str(two.conversation), "seq": "1"}
    assert client.post(f"/c/{there}/forward/send", sent)["Location"] == f"/c/{there}#e1"
    for wrong in ({"seq": "x"}, {"source": "x"}, {"seq": "-1"}):
        assert client.post(f"/c/{there}/forward/send", sent | wrong).status_code == 404
    assert caller(two.buyer).post(f"/conversations/{there}/forward", {"conversation": str(two.conversation), "seq": 1})["seq"] == 2
    assert signed(outsider(there)).get(f"/c/{two.conversation}/entries/1/forward").status_code == 404
