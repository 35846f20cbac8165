"""Finding what was said: Chinese, pinyin, specifications; only what one reaches, and nothing that was taken back."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.talk.group import acts as groups
from guanxi.talk.group import coming
from guanxi.talk.recall.acts import recall
from guanxi.talk.search import reads, tokens
from guanxi.talk.search.reader import catch_up
from guanxi.talk.search.table import Indexed, ReaderPlace
from guanxi.talk.table import Conversation, Entry, Position
from guanxi.talk.text.acts import say
from tests.api.caller import caller
from tests.make import outsider, pair, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db
TEXT = "304 不锈钢外六角螺栓 M8×30，五层纸箱 3,000 只，报价 0.1011"


def sees(one):
    return viewer(one.person, one.company, one.role)


def found(one, asked):
    return [(hit.conversation, hit.seq) for hit in reads.find(sees(one), asked)]


def said(two, text=TEXT):
    seq = say(two.buyer.call(), body={"text": text})["seq"]
    catch_up(now=clock.now())
    return seq


@pytest.mark.parametrize("asked", [
    "螺栓", "不锈钢", "六角螺", "纸", "luoshuan", "luosh", "bxg", "M8*30", "m8x30", "M8×30", "Ｍ８×３０", "m8",
    "304", "0.1011", "3,000", "螺栓 M8", "五层 luoshuan",
])  # fmt: skip
def test_words_are_found_however_they_are_asked_for(asked):
    two = pair()
    said(two)
    assert found(two.supplier, asked) == [(two.conversation, 1)]


@pytest.mark.parametrize("asked", ["", "  ", "螺母", "M10", "钢螺", "'", "\\", "' | '", "!", "&|!():*<->", "%", "\x00", "“”", "😀", "a" * 5000, "螺" * 5000])
def test_other_words_and_odd_signs_find_nothing_and_break_nothing(asked):
    two = pair()
    said(two)
    assert found(two.supplier, asked) == []
    assert signed(two.buyer).get("/m/search", {"q": asked}).status_code == 200


def test_nobody_else_finds_it():
    two = pair()
    said(two)
    assert found(outsider(two.conversation), "螺栓") == []
    left = two.colleague(two.buyer, "sales")
    assert found(left, "螺栓") == [(two.conversation, 1)]
    assert found(replace(left, company=outsider(two.conversation).company), "螺栓") == []


def test_what_was_taken_back_is_found_no_more_whether_it_was_read_before_or_not():
    two = pair()
    recall(two.buyer.call(), seq=said(two))
    assert found(two.buyer, "螺栓") == []
    assert Indexed.objects.count() == 0
    seq = say(two.buyer.call(), body={"text": TEXT})["seq"]
    recall(two.buyer.call(), seq=seq)
    catch_up(now=clock.now())
    assert Indexed.objects.count() == 0


def test_what_is_taken_back_while_the_reader_looks_goes_when_it_comes_to_the_recall():
    two = pair()
    seq = said(two)
    words = Indexed.objects.values_list("words", flat=True).get()
    recall(two.buyer.call(), seq=seq)
    Indexed.objects.create(conversation_id=two.conversation, seq=seq, at=clock.now(), words=words)  # the reader had read it before
    assert found(two.buyer, "螺栓") == []
    catch_up(now=clock.now())
    assert Indexed.objects.count() == 0


def test_a_newcomer_finds_only_what_came_after_him_and_a_leaver_nothing():
    two = pair()
    wu = two.colleague(two.buyer, "sales", "Wu")
    talk = groups.create(two.buyer.call(), name="Fasteners", people=[wu.person.id])["conversation"]
    ana, wu = (replace(one, conversation=Conversation.objects.get(id=talk).id) for one in (two.buyer, wu))
    say(ana.call(), body={"text": "螺栓 before"})
    coming.accept(wu.call())
    say(ana.call(), body={"text": "螺栓 after"})
    catch_up(now=clock.now())
    assert found(ana, "螺栓") == [(ana.conversation, 4), (ana.conversation, 2)]
    assert found(wu, "螺栓") == [(ana.conversation, 4)]
    coming.remove(ana.call(), person=wu.person.id)
    assert found(wu, "螺栓") == []


def test_a_position_hides_what_lies_before_it():
    two = pair()
    said(two)
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, from_seq=1)
    assert found(two.buyer, "螺栓") == []


def test_deals_are_found_by_what_their_cards_say():
    two = pair()
    Entry.objects.create(
        conversation_id=two.conversation, seq=1, kind="rfq.sent", about=new_id(), by_company=two.buyer.company.id, at=clock.now(),
        body={"title": "紧固件", "number": "XJ-261123-7K3QX4", "lines": [{"name": "螺母", "spec": "M10*1.5", "id": str(new_id())}]},
    )  # fmt: skip
    Conversation.objects.filter(id=two.conversation).update(head=1, head_at=clock.now())
    catch_up(now=clock.now())
    for asked in ("XJ-261123-7K3QX4", "7k3qx4", "M10×1.5", "螺母"):
        assert found(two.supplier, asked) == [(two.conversation, 1)]


def test_the_reader_goes_on_where_it_stood_and_runs_twice_without_harm():
    two = pair()
    said(two)
    assert catch_up(now=clock.now()) == 0
    assert ReaderPlace.objects.get(conversation_id=two.conversation).seq == 1
    for n in range(7):
        say(two.buyer.call(), body={"text": f"螺母 {n}"})
    assert catch_up(now=clock.now()) == 7
    assert Indexed.objects.filter(conversation_id=two.conversation).count() == 8


def test_two_statements_for_one_hit_and_for_fifty():
    two = pair()
    counts = []
    for more in (1, 60):
        for n in range(more):
            say(two.buyer.call(), body={"text": f"螺栓 {n}"})
        catch_up(now=clock.now())
        with CaptureQueriesContext(connection) as queries:
            hits = reads.find(sees(two.supplier), "螺栓")
        counts.append(len(queries))
    assert counts == [2, 2]
    assert len(hits) == reads.MOST


def test_the_page_and_the_api_lead_to_the_entry():
    two = pair()
    said(two, TEXT + "<script>alert(1)</script>")
    page = signed(two.supplier).get("/m/search", {"q": "luoshuan"}).content.decode()
    assert f"/c/{two.conversation}?at=1#e1" in page
    assert "<script>alert" not in page
    items = caller(two.supplier).get("/search?q=%E8%9E%BA%E6%A0%93")["items"]
    assert [(one["conversation"], one["seq"], one["name"]) for one in items] == [(str(two.conversation), 1, "Haichuan")]
    assert caller(outsider(two.conversation)).get("/search?q=M8x30")["items"] == []


def test_the_worst_text_takes_linear_time():
    for worst in ("M8*" * 40_000, "螺" * 100_000, "1.2.3." * 20_000, "x×" * 50_000):
        assert len(tokens.of_text(worst)) < 20_000
