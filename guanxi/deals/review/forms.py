"""What pages and programs send to say what they think of the other side."""

from typing import Any

from guanxi.base.reading import Reading
from guanxi.deals.payment.forms import order_of
from guanxi.deals.review import acts
from guanxi.talk.call import Call
from guanxi.talk.form import Form


def read_review(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, stars 1 to 5, text."""
    form = Reading(data)
    read = {"stars": form.whole("stars", least=1, most=5), "text": form.text("text", most=1000, multiline=True)}
    form.done()
    return order_of(data) | read


def read_words(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, text (a sheet calls it reason)."""
    form = Reading(data)
    text = form.text("text" if "text" in data else "reason", most=1000, multiline=True, least=1)
    form.done()
    return order_of(data) | {"text": text}


ACTS = {"give": Form(acts.review, read_review), "answer": Form(acts.answer, read_words), "report": Form(acts.report, read_words)}
