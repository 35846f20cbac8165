"""Too often is told, for pages and programs alike (quality.md A43, A44, A46)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.api import door
from guanxi.base.limits import Allowance
from guanxi.people import middleware
from guanxi.talk.file import store
from guanxi.talk.table import Entry, Upload
from tests import make
from tests.api.caller import caller, problem, trade
from tests.signed import signed

pytestmark = pytest.mark.django_db


def test_who_posts_without_end_is_stopped_over_all_his_browsers(monkeypatch):
    monkeypatch.setattr(middleware, "POSTS", Allowance(limit=6, seconds=3600, handful=2))
    pair = make.pair()
    one, two = signed(pair.buyer), signed(pair.buyer)
    said = {"as": str(pair.buyer.company.id), "text": "hi"}
    answers = [browser.post(f"/c/{pair.conversation}/text/say", said) for _ in range(5) for browser in (one, two)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 4
    assert int(answers[-1]["Retry-After"]) > 0
    assert Entry.objects.count() == 6
    assert one.get(f"/c/{pair.conversation}").status_code == 200
    assert signed(pair.supplier).post(f"/c/{pair.conversation}/text/say", said | {"as": str(pair.supplier.company.id)}).status_code == 302


def test_a_token_has_its_rate(monkeypatch):
    monkeypatch.setattr(door, "USUAL", Allowance(limit=4, seconds=3600, handful=2))
    program = caller(make.pair().buyer)
    answers = [program.send("GET", "/me") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    problem(answers[-1], 429, "too-often")


def test_files_are_counted_by_any_door(monkeypatch):
    monkeypatch.setattr(store, "PER_HOUR", 2)
    pair = make.pair()
    browser = signed(pair.buyer)

    def send():
        file = SimpleUploadedFile("a.txt", b"words")
        return browser.post(f"/c/{pair.conversation}/file/send", {"as": str(pair.buyer.company.id), "file": file}).status_code

    assert [send() for _ in range(3)] == [302, 302, 429]
    assert Upload.objects.count() == 2


@pytest.mark.parametrize("path", ["/rfqs/companies?q=", "/contacts?q=", "/api/v1/companies?name="])
def test_names_of_companies_are_not_tried_out_by_the_thousand(path):
    pair = make.pair()
    browser, program = signed(pair.buyer), caller(pair.buyer)

    def ask(n):
        return program.send("GET", path.removeprefix("/api/v1") + str(n)) if path.startswith("/api") else browser.get(path + str(n))

    answers = [ask(n).status_code for n in range(125)]
    assert answers[0] == 200
    assert 429 in answers


def test_whatever_size_is_asked_for_a_page_is_a_page():
    one = trade(1).ask()
    for path in ("/conversations", "/rfqs", "/orders", "/book/entries", "/companies?mine=true", f"/conversations/{one.pair.conversation}/entries"):
        join = "&" if "?" in path else "?"
        for size in ("1000000000", "0", "-5"):
            answer = one.buyer.send("GET", f"{path}{join}limit={size}")
            assert answer.status_code in (200, 422), (path, size, answer.content)
            assert answer.status_code == 422 or len(answer.json()["items"]) <= 200
        for cursor in ("x", "e30", "W10", "!" * 50, "A" * 10_000, "WyIxIiwiMiJd", "%00"):
            assert one.buyer.send("GET", f"{path}{join}cursor={cursor}").status_code in (200, 422), (path, cursor)


def test_a_cursor_of_another_company_shows_nothing_of_it():
    """A9: the place where a page ended is no key to what stands there."""
    one, other = trade(1).ask(), trade(1)
    for _ in range(2):
        one.ask()
    cursor = one.buyer.get("/rfqs?limit=1")["next"]
    assert cursor
    assert other.buyer.get(f"/rfqs?cursor={cursor}")["items"] == []
    assert other.buyer.get("/rfqs?order=door&fields=door&company_id=" + str(one.pair.buyer.company.id))["items"] == []
