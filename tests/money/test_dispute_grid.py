"""Every act of a dispute in every state, by every role of both sides and a stranger: the rules say who may, a no changes nothing (D6, A5)."""

import pytest
from django.db import transaction

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.dispute import acts, following
from guanxi.deals.dispute.rules import DISPUTE, Plan, by
from guanxi.people.roles import can
from guanxi.people.table import ROLES
from guanxi.talk.call import by_actor
from tests import make
from tests.money.test_grid import everything
from tests.money.world import World, world

pytestmark = pytest.mark.django_db
ACTS = {
    "propose": (acts.propose, {"plan": Plan("refund", 7)}), "accept": (acts.accept, {}), "refuse": (acts.refuse, {}), "show": (acts.show, {"text": "x"}),
    "escalate": (acts.escalate, {}), "withdraw": (acts.withdraw, {}), "send_back": (following.send_back, {"carrier": "SF"}),
    "take_back": (following.take_back, {}), "contest": (following.contest, {"text": "x"}), "repay": (following.repay, {}),
    "got_back": (following.got_back, {}),
}  # fmt: skip


def in_state(state: str) -> World:
    """A dispute of the buyer that has come so far."""
    w = world().paid()
    w.ship()
    if state in ("owing", "repaid"):
        w.receive()
    w.dispute(kind="return" if state in ("returning", "sent_back") else "refund", refund=70)
    if state == "answered":
        w.propose(w.supplier, 5)
    elif state == "escalated":
        w.about(acts.escalate, w.supplier)
    elif state != "open":
        w.about(acts.accept, w.supplier)
    if state == "sent_back":
        w.about(following.send_back, w.buyer, carrier="SF")
    elif state == "repaid":
        w.about(following.repay, w.supplier)
    assert w.matter().state == state
    return w


def expected(w: World, act: str, side: str, role: str) -> bool:
    dispute = w.matter()
    standing = dispute.proposals.filter(state="open").first()
    own = act in ("accept", "refuse") and (standing is None or standing.side == side)
    return can(role, {"buyer": "buy", "supplier": "sell"}[side]) and not own and DISPUTE.find(dispute.state, act, by(act, side, dispute.opened_by)) is not None


@pytest.mark.parametrize("state", sorted(DISPUTE.states))
def test_each_role_of_each_side_may_exactly_what_the_rules_say(state):
    w = in_state(state)
    sides = {"buyer": w.buyer, "supplier": w.supplier}
    actors = [(side, role, who if role == "owner" else w.pair.colleague(who, role)) for side, who in sides.items() for role in ROLES]
    dispute = w.matter().id
    for act, (function, words) in ACTS.items():
        before = everything(w)
        for side, role, who in actors:
            allowed = expected(w, act, side, role)
            with transaction.atomic():
                try:
                    function(who.call(now=w.now), dispute_id=dispute, **words)
                    done = True
                except Refused:
                    done = False
                    assert everything(w) == before, f"a refused {act} changed something"
                assert done is allowed, f"{act} in {state} by {role} of the {side}"
                transaction.set_rollback(True)
        with pytest.raises(NotFound):
            function(make.outsider(w.where).call(now=w.now), dispute_id=dispute, **words)
        assert everything(w) == before


@pytest.mark.parametrize("state", sorted(DISPUTE.states))
def test_only_the_operator_rules_and_only_what_lies_with_him(state):
    w = in_state(state)
    how = {"dispute_id": w.matter().id, "plan": Plan("refund", 7), "reason": "So."}
    before = everything(w)
    for call in (w.buyer.call(now=w.now), w.supplier.call(now=w.now), by_actor("clock", w.where, now=w.now), by_actor("provider", w.where, now=w.now)):
        with pytest.raises(NotFound):
            following.rule(call, **how)
    if state != "escalated":
        with pytest.raises(Refused):
            following.rule(by_actor("staff", w.where, now=w.now), **how)
    assert everything(w) == before
