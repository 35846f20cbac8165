"""Every template compiles; a page is one document, strict about scripts, and marked up for readers."""

import re
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import jinja2
import pytest
from django.template import engines
from django.test import Client, RequestFactory

HOUSE = Path(__file__).parents[2] / "guanxi"
TEMPLATES = sorted(str(path.relative_to(HOUSE)) for path in HOUSE.rglob("*.html"))
PAGES = ("/ui/gallery", "/ui/gallery/talk", "/ui/gallery/list", "/ui/gallery/table", "/keys", "/offline")


def env() -> jinja2.Environment:
    return engines["jinja2"].env


def rendered(text: str, **context: object) -> str:
    request = RequestFactory().get("/")
    request.viewer = SimpleNamespace(company_id=UUID(int=7), company_name="Haichuan <Ltd>", theme="")
    return env().from_string('{% import "web/ui/macros.html" as ui with context %}' + text).render(request=request, csrf_token="t0k3n", **context)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    env().get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_script_or_style_stands_in_a_template(name):
    text = (HOUSE / name).read_text()
    assert not re.search(r"<style|\sstyle=|\son(click|load|submit|change|input|key\w+|focus|blur|error|toggle)=|javascript:|hx-on|hx-vals=['\"]js", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_what_is_not_given_is_an_error_not_an_empty_place():
    with pytest.raises(jinja2.UndefinedError):
        env().from_string("{{ nothing }}").render()


def test_words_from_people_are_escaped():
    assert "<b>" not in rendered('{{ ui.chip(words) }}{{ ui.field("note", "Note", words, kind="textarea") }}{{ ui.on_behalf() }}', words="<b>\"'")


def test_every_form_carries_token_company_and_key():
    html = rendered('{{ ui.form_start("/act") }}{{ ui.form_end() }}')
    assert 'name="csrfmiddlewaretoken" value="t0k3n"' in html
    assert f'name="as" value="{UUID(int=7)}"' in html
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', html)
    assert 'name="key"' not in rendered('{{ ui.form_start("/act", key=False) }}')


def test_a_field_says_its_error_and_hint_to_readers():
    html = rendered('{{ ui.field("price", "Price", "x", figure=True, before="¥", error="At most 6 decimals", hint="per piece") }}')
    assert 'aria-describedby="f-price-e f-price-h"' in html
    assert 'aria-invalid="true"' in html
    assert '<label for="f-price">' in html
    assert 'inputmode="decimal"' in html


def test_a_button_that_is_off_points_at_the_reason_and_cannot_submit():
    html = rendered('{{ ui.button("Pay", type="submit", off="why") }}')
    assert 'aria-disabled="true" aria-describedby="why"' in html
    assert 'type="submit"' not in html


def test_more_than_five_lines_fold_after_three():
    rows = [{"name": f"item {n}", "cells": ["1"]} for n in range(6)]
    html = rendered('{{ ui.lines(["Item", "Sum"], rows) }}', rows=rows)
    assert html.index("item 2") < html.index("data-rest") < html.index("item 3")
    assert "data-rest" not in rendered('{{ ui.lines(["Item", "Sum"], rows) }}', rows=rows[:5])


def test_the_money_bar_fills_its_width_and_says_it_in_words():
    html = rendered('{{ ui.money_bar([("held", 420000, "in escrow"), ("due", 980000, "due now")]) }}')
    assert 'aria-label="in escrow ¥4,200.00, due now ¥9,800.00"' in html
    assert 'x="300.0" width="700.0"' in html


@pytest.mark.django_db
@pytest.mark.urls("tests.web.gallery_urls")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_is_one_document_with_one_head_and_one_main(path, language):
    answer = Client(headers={"accept-language": language}).get(path)
    html = answer.content.decode()
    ids = re.findall(r'\sid="([^"]+)"', re.sub(r"<template>.*?</template>", "", html, flags=re.S))
    assert answer.status_code == 200
    assert len(re.findall(r"<h1", html)) == 1
    assert len(re.findall(r"<main", html)) == 1
    assert html.count('id="main"') == 1
    assert len(ids) == len(set(ids))
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert '<html lang="zh-CN">' in html or (language == "en" and path != "/offline")


@pytest.mark.django_db
@pytest.mark.urls("tests.web.gallery_urls")
def test_pages_travel_compressed_and_small():
    answer = Client(headers={"accept-encoding": "gzip"}).get("/ui/gallery/talk")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 12_000
    assert "Content-Encoding" not in Client(headers={"accept-encoding": "gzip"}).get("/sw.js")
