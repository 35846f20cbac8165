"""What a gateway asks the database for, when the database no longer has what was hinted: once, and never in a circle."""

from types import SimpleNamespace
from uuid import uuid4

from guanxi.talk.audience import Parties
from guanxi.talk.gateway.catcher import Catcher
from guanxi.talk.gateway.delivery import Delivery

CONVERSATION, COMPANY = str(uuid4()), str(uuid4())


class Reader:
    """Answers in order with what it was given; each question is counted."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def ask(self, _work, then, *, failed=None):
        self.asked += 1
        if self.answers:
            then(self.answers.pop(0))


def gateway(*answers):
    here = SimpleNamespace(reader=Reader(*answers), people={})
    here.catcher, here.delivery = Catcher(here), Delivery(here)
    return here


def row(head):
    return (CONVERSATION, head, [], [])


def test_a_head_that_is_not_there_is_asked_for_once():
    here = gateway([row(3)], [row(4)])
    here.catcher.hinted(CONVERSATION, 99)
    assert here.reader.asked == 1
    assert here.catcher.done[CONVERSATION] == 3
    here.catcher.hinted(CONVERSATION, 4)
    assert here.reader.asked == 2


def test_a_conversation_that_is_gone_is_asked_for_once():
    here = gateway([])
    here.catcher.hinted(CONVERSATION, 5)
    assert here.reader.asked == 1
    assert here.catcher.wanted == {}


def test_a_hint_that_comes_while_one_pulls_is_pulled_after():
    here = gateway()
    here.catcher.hinted(CONVERSATION, 3)
    here.catcher.hinted(CONVERSATION, 4)
    assert here.reader.asked == 1
    here.reader.answers = [[row(4)]]
    here.catcher._pulled({CONVERSATION: 3}, [row(3)])
    assert here.reader.asked == 2
    assert here.catcher.done[CONVERSATION] == 4


def test_people_of_a_company_that_is_gone_are_asked_for_once():
    here, told = gateway({}), []
    here.catcher.done[CONVERSATION] = 1
    here.delivery.with_audience(CONVERSATION, Parties({COMPANY: 1}), told.append)
    assert here.reader.asked == 1
    assert told == []
    assert CONVERSATION not in here.delivery.held
    assert CONVERSATION not in here.catcher.done
