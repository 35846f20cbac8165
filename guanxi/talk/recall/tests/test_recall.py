"""Taking back one's own words: the row is emptied, its place stays, everybody is told by number alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from guanxi.base.errors import AlreadyDone, NotFound, Refused
from guanxi.people.table import Membership
from guanxi.talk.file import acts as files
from guanxi.talk.file import reads
from guanxi.talk.file.store import store
from guanxi.talk.recall.acts import recall
from guanxi.talk.table import Conversation, Entry
from guanxi.talk.text.acts import say
from tests.make import NOON, outsider, pair, viewer

pytestmark = pytest.mark.django_db
SECRET = "zephyr"


def log(two):
    return list(Entry.objects.of(two.conversation).order_by("seq").values_list("seq", "kind", "body"))


def said(two):
    return say(two.buyer.call(now=NOON), body={"text": SECRET})["seq"]


def refused(code, call, seq):
    with pytest.raises(Refused) as no:
        recall(call, seq=seq)
    assert no.value.code == code


def test_the_words_leave_the_row_and_an_entry_tells_the_place():
    two = pair()
    seq = said(two)
    made = recall(two.buyer.call(now=NOON + timedelta(seconds=120)), seq=seq)
    assert log(two) == [(1, "recalled", {}), (2, "recall", {"seq": 1})]
    assert made == {"conversation": str(two.conversation), "seq": 2, "recalled": 1}
    row = Entry.objects.of(two.conversation).get(seq=1)
    assert (row.by_person, row.by_company, row.at) == (two.buyer.person.id, two.buyer.company.id, NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM talk_entry WHERE body::text LIKE %s", [f"%{SECRET}%"])
        assert cursor.fetchone()[0] == 0


def test_a_second_later_than_two_minutes_is_too_late():
    two = pair()
    seq = said(two)
    refused("too-late", two.buyer.call(now=NOON + timedelta(seconds=121)), seq)
    assert log(two) == [(1, "text", {"text": SECRET})]


def test_nobody_recalls_the_words_of_another_not_even_a_colleague():
    two = pair()
    seq = said(two)
    for other in (two.supplier, two.colleague(two.buyer, "admin")):
        refused("not-yours", other.call(now=NOON), seq)
    for stranger in (outsider(two.conversation),):
        with pytest.raises(NotFound):
            recall(stranger.call(now=NOON), seq=seq)
    with pytest.raises(NotFound):
        recall(two.buyer.call(now=NOON), seq=99)
    assert log(two) == [(1, "text", {"text": SECRET})]


def test_who_may_only_read_now_recalls_nothing():
    two = pair()
    seq = said(two)
    Membership.objects.filter(person=two.buyer.person).update(role="viewer")
    with pytest.raises(Refused):
        recall(replace(two.buyer, role="viewer").call(now=NOON), seq=seq)
    assert log(two) == [(1, "text", {"text": SECRET})]


def test_twice_is_once_and_the_same_key_gives_the_same_answer():
    two = pair()
    seq = said(two)
    first = recall(two.buyer.call("k-1", seq, now=NOON), seq=seq)
    with pytest.raises(AlreadyDone) as again:
        recall(two.buyer.call("k-1", seq, now=NOON), seq=seq)
    assert again.value.result["seq"] == first["seq"]
    refused("already-recalled", two.buyer.call(now=NOON), seq)
    refused("on-record", two.buyer.call(now=NOON), 2)
    assert len(log(two)) == 2


def test_what_companies_did_stays_on_record():
    two = pair()
    ana = {"by_person": two.buyer.person.id, "by_company": two.buyer.company.id, "about": two.conversation}
    Entry.objects.create(conversation_id=two.conversation, seq=1, kind="quote.sent", body={}, at=NOON, **ana)
    Conversation.objects.filter(id=two.conversation).update(head=1)
    refused("on-record", two.buyer.call(now=NOON), 1)


@pytest.mark.parametrize("change", [
    "UPDATE talk_entry SET body = '{\"text\": \"other\"}'", "UPDATE talk_entry SET kind = 'recalled', body = '{\"text\": \"x\"}'",
    "UPDATE talk_entry SET kind = 'recalled', body = '{}', at = now()", "UPDATE talk_entry SET kind = 'recalled', body = '{}', by_person = NULL",
    "UPDATE talk_entry SET body = '{}'", "DELETE FROM talk_entry",
])  # fmt: skip
def test_the_database_lets_nothing_else_through(change):
    two = pair()
    said(two)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert log(two) == [(1, "text", {"text": SECRET})]


def test_a_recalled_file_is_out_of_reach_for_the_other_side():
    two = pair()
    upload = store(two.buyer.person.id, two.buyer.company.id, SimpleUploadedFile("plan.txt", b"plan"))
    seq = files.send(two.buyer.call(now=NOON), upload_id=upload.id)["seq"]
    bo = viewer(two.supplier.person, two.supplier.company)
    assert reads.open_to(bo, upload.id)
    recall(two.buyer.call(now=NOON), seq=seq)
    with pytest.raises(NotFound):
        reads.open_to(bo, upload.id)


def test_a_file_shown_twice_stays_where_it_is_still_shown():
    two = pair()
    upload = store(two.buyer.person.id, two.buyer.company.id, SimpleUploadedFile("plan.txt", b"plan"))
    first = files.send(two.buyer.call(now=NOON), upload_id=upload.id)["seq"]
    files.send(two.buyer.call(now=NOON), upload_id=upload.id)
    recall(two.buyer.call(now=NOON), seq=first)
    assert reads.open_to(viewer(two.supplier.person, two.supplier.company), upload.id)
