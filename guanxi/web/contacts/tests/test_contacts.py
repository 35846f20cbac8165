"""The address book."""

from uuid import uuid4

import pytest

from guanxi.base import clock
from guanxi.people.companies.reads import name_key
from guanxi.people.table import Company
from guanxi.talk.open import direct_conversation, pair_conversation
from guanxi.talk.table import Pair
from guanxi.web.contacts.letters import letter, order
from tests.make import Actor, company, member, person
from tests.signed import signed


def actor(name: str, of: Company, role: str = "owner") -> Actor:
    who = person(name)
    member(of, who, role)
    return Actor(who, of, role, uuid4())


@pytest.mark.parametrize(("name", "sign"), [
    ("方寸包装", "F"), ("冀盛五金", "J"), ("铭固紧固件", "M"), ("素棉纺织", "S"), ("甬力标准件", "Y"), ("鑫达", "X"), ("阿里", "A"), ("温州海川", "W"),
    ("中山", "Z"), ("overseas Ltd", "O"), ("3M", "#"), ("", "#"), ("（上海）", "S"), ("Ω", "#"), ("嘉兴", "J"),
])  # fmt: skip
def test_the_letter_of_a_name(name, sign):
    assert letter(name) == sign


def test_names_stand_in_the_order_of_their_pinyin():
    names = ["甬力", "3M", "铭固", "方寸", "素棉", "冀盛", "apex"]
    assert sorted(names, key=order) == ["apex", "方寸", "冀盛", "铭固", "素棉", "甬力", "3M"]


@pytest.mark.django_db
def test_companies_one_talks_with_and_no_others():
    ana = actor("Ana", company("海川"))
    known, other = company("铭固"), company("甬力")
    pair_conversation(ana.company.id, known.id, now=clock.now())
    pair_conversation(known.id, other.id, now=clock.now())
    shown = signed(ana).get("/contacts").content.decode()
    assert "铭固" in shown
    assert "甬力" not in shown


@pytest.mark.django_db
def test_a_company_is_found_by_its_exact_name_or_link_only():
    ana = actor("Ana", company("海川"))
    company("铭固紧固件", name_key=name_key("铭固紧固件"), handle="c-minggu1")
    browser = signed(ana)
    assert "/co/c-minggu1" in browser.get("/contacts", {"q": "铭固 紧固件"}).content.decode()
    assert "/co/c-minggu1" in browser.get("/contacts", {"q": "https://market.example/co/c-minggu1"}).content.decode()
    for almost in ("铭固", "紧固件", "%", "_"):
        assert "/co/c-minggu1" not in browser.get("/contacts", {"q": almost}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["'", "%", "\\", "\x00", "\u202e", "😀", "x" * 100_000, "<script>", "&:*|!()"])
def test_any_words_may_be_asked(asked):
    shown = signed(actor("Ana", company("海川"))).get("/contacts", {"q": asked})
    assert shown.status_code == 200
    assert "<script>" not in shown.content.decode().replace("<script src", "").replace('<script type="module"', "")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "9" * 40, "x", "１", "1e9"])
def test_any_page_number(page):
    assert signed(actor("Ana", company("海川"))).get("/contacts", {"page": page}).status_code == 200


@pytest.mark.django_db
def test_trying_out_names_by_the_thousand_is_stopped():
    browser = signed(actor("Ana", company("海川")))
    answers = [browser.get("/contacts", {"q": f"name {n}"}).status_code for n in range(121)]
    assert 429 in answers


@pytest.mark.django_db
def test_people_are_colleagues_and_those_who_answer_at_companies_one_talks_with():
    ana = actor("Ana", company("海川"))
    colleague = actor("Co", ana.company, "sales")
    bo = actor("Bo", company("铭固"))
    silent = actor("Silent", bo.company, "sales")
    stranger = actor("Stranger", company("甬力"))
    pair_conversation(bo.company.id, ana.company.id, now=clock.now(), responsible=bo.person.id)
    browser = signed(ana)
    shown = browser.get("/contacts?show=people").content.decode()
    assert "Co" in shown
    assert f"/contacts/people/{bo.person.id}" in shown
    assert str(silent.person.id) not in shown
    assert browser.get(f"/contacts/people/{colleague.person.id}").status_code == 200
    assert browser.get(f"/contacts/people/{bo.person.id}").status_code == 200
    for nobody in (stranger.person.id, uuid4(), ana.person.id):
        assert browser.get(f"/contacts/people/{nobody}").status_code == 404
        assert browser.post(f"/contacts/people/{nobody}", {"as": str(ana.company.id)}).status_code == 404
    assert Pair.objects.filter(key__startswith="direct").count() == 0


@pytest.mark.django_db
def test_writing_to_a_colleague_opens_the_talk_of_the_two():
    ana = actor("Ana", company("海川"))
    colleague = actor("Co", ana.company, "sales")
    answer = signed(ana).post(f"/contacts/people/{colleague.person.id}", {"as": str(ana.company.id)})
    assert answer["Location"] == f"/c/{direct_conversation(ana.person.id, colleague.person.id, now=clock.now())}"


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries):
    ana = actor("Ana", company("海川"))
    browser = signed(ana)
    for many in (5, 45):
        for n in range(many):
            pair_conversation(ana.company.id, company(f"公司{n}").id, now=clock.now())
        with django_assert_max_num_queries(7):
            assert browser.get("/contacts").status_code == 200
