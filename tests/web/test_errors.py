"""One refusal, three readers: a page, a part of a page, a program."""

import json

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.gallery_urls")]
PAGE = {"accept": "text/html", "accept-language": "en"}
PART = PAGE | {"hx-request": "true"}
PROGRAM = {"accept": "application/json", "accept-language": "en"}


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("missing", 404, "This page does not exist, or it is not shared with you."),
        ("refused", 409, "This offer was changed a moment ago, so it was not accepted for you."),
        ("conflict", 409, "Reload the page to see what stands."),
        ("busy", 503, "Nothing was changed and nothing is lost."),
        ("often", 429, "Try again in 2 minutes."),
        ("invalid", 422, "At most 6 decimals."),
    ],
)
def test_each_reader_gets_status_and_reason(client, kind, status, words):
    for headers in (PAGE, PART, PROGRAM):
        answer = client.get(f"/ui/gallery/error/{kind}", headers=headers)
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_page_that_is_not_yours_looks_like_one_that_does_not_exist(client):
    refused = client.get("/ui/gallery/error/missing", headers=PAGE)
    absent = client.get("/no/such/page/at/all", headers=PAGE)
    strip = lambda answer: answer.content.decode().split("<main")[1]  # noqa: E731
    assert (refused.status_code, strip(refused)) == (absent.status_code, strip(absent))


def test_a_part_opens_over_the_page_and_names_the_fields(client):
    answer = client.post("/ui/gallery/post", {"wish": "bad"}, headers=PART)
    assert answer["HX-Retarget"] == "#over"
    assert json.loads(answer["HX-Trigger"])["guanxi:invalid"]["fields"].keys() == {"wish", "lines.0.quantity"}
    assert answer.content.decode().count("<dialog") == 1
    assert "<html" not in answer.content.decode()


def test_a_redirect_becomes_a_whole_page_for_htmx(client):
    answer = client.post("/ui/gallery/post", {"wish": "well"}, headers=PART)
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, "/ui/gallery", b"")
    assert client.post("/ui/gallery/post", {"wish": "well"}, headers=PAGE).status_code == 302


def test_retry_after_is_said(client):
    assert client.get("/ui/gallery/error/often", headers=PROGRAM)["Retry-After"] == "120"


def test_an_accident_has_a_number_and_no_insides(client):
    for headers in (PAGE, PART, PROGRAM):
        answer = client.get("/ui/gallery/error/broken", headers=headers)
        assert answer.status_code == 500
        assert "the gallery" not in answer.content.decode().lower()
    assert len(answer.json()["number"]) == 6


def test_a_form_without_its_token_changes_nothing_and_says_so():
    answer = Client(enforce_csrf_checks=True).post("/ui/gallery/post", {"wish": "well"}, headers=PAGE)
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_a_wrong_method_is_not_a_server_error(client):
    assert client.get("/ui/gallery/post", headers=PAGE).status_code == 405
