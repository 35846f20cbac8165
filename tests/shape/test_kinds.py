"""Every kind of entry has a card module that can say it, show it and draw its samples, for both sides and in both languages."""

import pytest
from django.template import engines
from django.utils import translation

from guanxi import kinds
from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.people.viewer import Viewer
from guanxi.talk import card
from guanxi.talk.card import CardContext, EntryView
from guanxi.web.conversation.stream import item

SAMPLES = [(kind, body) for module in dict.fromkeys(kinds.KINDS.values()) for kind, body in __import__(module, fromlist=["sample"]).sample()]


def test_every_kind_has_a_sample_and_every_sample_a_kind():
    assert {kind for kind, _body in SAMPLES} == set(kinds.KINDS)


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=[f"{kind}-{n}" for n, (kind, _body) in enumerate(SAMPLES)])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_samples_are_said_and_drawn_for_both_sides(kind, body, language):
    viewer = Viewer(person=new_id(), name="Ana", company=new_id(), company_name="Haichuan", role="owner")
    draw = engines["jinja2"].get_template("web/conversation/entries.html").render
    with translation.override(language):
        for mine in (True, False):
            words = card.module_of(kind).line(kind, body, mine=mine)
            assert isinstance(words, str)
            assert 0 < len(words) <= 160
            assert "{" not in words
            entry = EntryView(new_id(), 7, kind, body, clock.now(), by_name="Bo", by_company=new_id(), about=new_id(), mine=mine)
            shown = item(entry, CardContext(viewer), first_unread=False, previous=None)
            assert shown.template == card.module_of(kind).TEMPLATE, "its view cannot read its own sample"
            assert 'data-seq="7"' in draw({"items": [shown]})
