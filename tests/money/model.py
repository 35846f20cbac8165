"""The oracle: what a plain dictionary and whole numbers say should be true of one order. Shares no code with the product."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

RELEASE, EXTEND, EXPIRE = timedelta(days=10), timedelta(days=3), timedelta(minutes=30)
DAY = timedelta(days=1)
ANSWER, RULING, BACK, REPAY, AFTER = 3 * DAY, 7 * DAY, 10 * DAY, 7 * DAY, 15 * DAY
OTHER = {"buyer": "supplier", "supplier": "buyer"}
ASKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


def new_order(lines: list[tuple[int, int]], stages: list[int], goods: int) -> dict[str, Any]:
    """`lines`: (whole quantity, total in minor units); `stages`: amounts."""
    return {
        "state": "placed", "stages": [{"amount": amount, "state": "due"} for amount in stages], "total": sum(stages), "goods": goods,
        "lines": [{"quantity": quantity, "total": total, "shipped": 0, "received": 0} for quantity, total in lines],
        "escrow": 0, "released": 0, "returned": 0, "wrong": 0, "payments": [], "release_at": None, "alarms": [], "extended": False, "asked": False,
        "back": 0, "dispute": None, "settled": False, "ended_at": None,
    }  # fmt: skip


def is_paid(o: dict) -> bool:
    return all(stage["state"] != "due" for stage in o["stages"])


def any_paid(o: dict) -> bool:
    return any(stage["state"] != "due" for stage in o["stages"])


def is_shipped(o: dict) -> bool:
    return any(line["shipped"] for line in o["lines"])


def on_its_way(o: dict) -> bool:
    return any(line["shipped"] > line["received"] for line in o["lines"])


def first_due(o: dict) -> int | None:
    return next((n for n, stage in enumerate(o["stages"]) if stage["state"] == "due"), None)


def may_pay(o: dict) -> bool:
    due = first_due(o)
    running = any(p["stage"] == due and p["state"] == "pending" for p in o["payments"])
    return o["state"] == "placed" and due is not None and not running and not o["asked"] and not o["dispute"]


def pay(o: dict, now: datetime) -> None:
    polls = [now + wait for wait in ASKS]
    o["payments"].append({"stage": first_due(o), "state": "pending", "charge": "open", "expires": now + EXPIRE, "polls": polls, "expired": False})


def hear_paid(o: dict, p: dict) -> str:
    """The right amount is known to have arrived."""
    if p["state"] not in ("pending", "failed", "expired"):
        return "again"
    stage = o["stages"][p["stage"]]
    if o["state"] == "placed" and stage["state"] == "due" and not o["dispute"]:
        p["state"], stage["state"] = "held", "held"
        o["escrow"] += stage["amount"]
        return "held"
    p["state"] = "returned"
    o["returned"] += stage["amount"]
    return "returned"


def hear(o: dict, p: dict) -> str:
    """Whatever the provider knows of this payment reaches us."""
    if p["charge"] == "paid":
        return hear_paid(o, p)
    if p["charge"] in ("failed", "wrong", "closed") and p["state"] == "pending":
        p["state"] = "failed"
    return "failed"


def decide(o: dict, p: dict, outcome: str) -> str:
    """The payer acts at the provider; all but `delay` is heard at once."""
    p["charge"] = {"fail": "failed", "wrong_amount": "wrong"}.get(outcome, "paid")
    if outcome == "wrong_amount":
        o["wrong"] += o["stages"][p["stage"]]["amount"] - 1
    return "silent" if outcome == "delay" else hear(o, p)


def ship(o: dict, load: list[int], now: datetime) -> None:
    for line, quantity in zip(o["lines"], load, strict=True):
        line["shipped"] += quantity
    o["release_at"] = now + RELEASE
    o["alarms"].append(o["release_at"])


def receive(o: dict, load: list[int], now: datetime) -> int:
    """How much is released by this receipt."""
    for line, quantity in zip(o["lines"], load, strict=True):
        line["received"] += quantity
    whole = all(line["received"] == line["quantity"] for line in o["lines"])
    worth = sum(Fraction(line["total"] * line["received"], line["quantity"]) for line in o["lines"])
    total = o["total"] - o["back"]
    target = total if whole else min(total, int(total * worth / o["goods"]))
    amount = max(0, target - o["released"])
    o["released"] += amount
    o["escrow"] -= amount
    if whole:
        o["state"], o["release_at"], o["ended_at"] = "completed", None, now
        for stage in o["stages"]:
            stage["state"] = "settled" if o["back"] else "released"
    elif not on_its_way(o):
        o["release_at"] = None
    return amount


def cancel(o: dict) -> None:
    o["state"] = "cancelled"
    o["returned"] += o["escrow"]
    o["escrow"] = 0
    for p in o["payments"]:
        p["state"] = "returned" if p["state"] == "held" else p["state"]
    for stage in o["stages"]:
        stage["state"] = "cancelled" if stage["state"] == "due" else "refunded"


def pass_time(o: dict, now: datetime) -> set[str]:
    """Everything the clock has to do by now; what happened."""
    seen = set()
    for p in o["payments"]:
        asked = [at for at in p["polls"] if at <= now]
        p["polls"] = [at for at in p["polls"] if at > now]
        if asked and p["state"] == "pending" and p["charge"] != "open":
            seen.add("heard by asking")
            seen.add(hear(o, p))
        if p["expires"] <= now and not p["expired"]:
            p["expired"] = True
            if p["state"] == "pending" and p["charge"] == "open":
                p["charge"], p["state"] = "closed", "expired"
                seen.add("expired")
            elif p["state"] == "pending" and p["charge"] == "paid":
                seen.add("expiry against payment")
                seen.add(hear(o, p))
            elif p["state"] == "pending":
                p["state"] = "expired"
    due = [at for at in o["alarms"] if at <= now]
    o["alarms"] = [at for at in o["alarms"] if at > now]
    for _alarm in due:
        if o["state"] == "placed" and o["release_at"] is not None and o["release_at"] <= now:
            receive(o, [line["shipped"] - line["received"] for line in o["lines"]], now)
            seen.add("released by the clock")
        else:
            seen.add("clock found nothing to do")
    if o["dispute"] and o["dispute"]["due"] <= now:
        seen.add(lapse(o, now))
    return seen


def escrow_by_stage(o: dict) -> int:
    """Held is what was paid into stages, less what left: the same figure by another way."""
    paid = sum(stage["amount"] for stage in o["stages"] if stage["state"] in ("held", "released", "settled"))
    return paid - o["released"] - o["back"]


def may_dispute(o: dict, side: str, now: datetime) -> bool:
    if o["dispute"]:
        return False
    if o["state"] == "completed":
        return side == "buyer" and now <= o["ended_at"] + AFTER and not o["settled"]
    return o["state"] == "placed" and any_paid(o) and (side == "buyer" or is_shipped(o))


def stake(o: dict) -> int:
    """What a plan may give back."""
    return o["escrow"] if o["state"] == "placed" else o["released"]


def possible(o: dict, kind: str, refund: int) -> bool:
    if kind == "go_on":
        return o["state"] == "placed" and refund < o["escrow"]
    return kind == "refund" or is_shipped(o)


def dispute(o: dict, side: str, plan: tuple[str, int], now: datetime) -> None:
    left = o["release_at"] - now if o["release_at"] else None
    o["dispute"] = {"by": side, "state": "open", "turn": OTHER[side], "due": now + ANSWER, "left": max(left, 0 * DAY) if left is not None else None,
                    "standing": side, "plan": plan, "frozen": o["escrow"] if o["state"] == "placed" else 0}  # fmt: skip
    o["release_at"], o["asked"] = None, False


def may_about(o: dict, what: str, side: str) -> bool:
    """Whether a side (or staff) may do this about the dispute now."""
    d = o["dispute"]
    if not d:
        return False
    state, other = d["state"], side != d["by"]
    talk = state == "answered" or (state == "open" and other)
    return {
        "propose": talk, "escalate": talk, "accept": talk and d["standing"] not in (None, side), "refuse": talk and d["standing"] not in (None, side),
        "withdraw": state in ("open", "answered", "escalated") and not other, "rule": state == "escalated" and side == "staff",
        "send_back": state == "returning" and side == "buyer", "take_back": state == "sent_back" and side == "supplier",
        "contest": (state == "sent_back" and side == "supplier") or (state == "owing" and side == "buyer"),
        "repay": state == "owing" and side == "supplier", "got_back": state == "repaid" and side == "buyer",
    }[what]  # fmt: skip


def wait(d: dict, state: str, turn: str, due: datetime) -> None:
    d["state"], d["turn"], d["due"] = state, turn, due


def about(o: dict, what: str, side: str, plan: tuple[str, int], now: datetime) -> str:
    """Do it; what came of it, in a word."""
    d = o["dispute"]
    if what == "propose":
        wait(d, "answered", OTHER[side], now + ANSWER)
        d["standing"], d["plan"] = side, plan
    elif what == "refuse":
        wait(d, "answered", d["standing"], now + ANSWER)
        d["standing"] = None
    elif what in ("escalate", "contest"):
        return escalate(d, now, "a side")
    elif what == "withdraw":
        unfreeze(o, now)
        return "withdrawn"
    elif what in ("accept", "rule"):
        d["plan"] = plan if what == "rule" else d["plan"]
        return conclude(o, now, "ruled" if what == "rule" else "agreed")
    elif what == "send_back":
        wait(d, "sent_back", "supplier", now + BACK)
    elif what == "take_back":
        return taken_back(o, now, "goods taken back")
    elif what == "repay":
        wait(d, "repaid", "buyer", now + REPAY)
    else:
        close(o, now)
        return "debt repaid"
    return what


def escalate(d: dict, now: datetime, by: str) -> str:
    wait(d, "escalated", "staff", now + RULING)
    d["standing"] = None
    return f"escalated by {by}"


def conclude(o: dict, now: datetime, word: str) -> str:
    d = o["dispute"]
    kind, refund = d["plan"]
    if kind == "return":
        wait(d, "returning", "buyer", now + BACK)
    elif o["state"] == "completed" and refund:
        wait(d, "owing", "supplier", now + REPAY)
    else:
        close(o, now)
    return word


def taken_back(o: dict, now: datetime, word: str) -> str:
    d = o["dispute"]
    if o["state"] == "completed" and d["plan"][1]:
        wait(d, "owing", "supplier", now + REPAY)
    else:
        close(o, now)
    return word


def close(o: dict, now: datetime) -> None:
    """As it was decided; nothing moves when the order was over before."""
    kind, refund = o["dispute"]["plan"]
    o["settled"] = True
    if o["state"] == "placed":
        o["back"] += refund
        o["escrow"] -= refund
        if kind != "go_on":
            o["released"] += o["escrow"]
            o["escrow"], o["dispute"], o["ended_at"] = 0, None, now
            o["state"] = "completed" if o["released"] else "cancelled"
            ended = "released" if not o["back"] else "settled" if o["released"] else "refunded"
            for stage in o["stages"]:
                stage["state"] = "cancelled" if stage["state"] == "due" else ended
            return
    unfreeze(o, now)


def unfreeze(o: dict, now: datetime) -> None:
    left = o["dispute"]["left"]
    o["dispute"] = None
    if o["state"] == "placed" and on_its_way(o):
        o["release_at"] = now + (RELEASE if left is None else max(left, DAY))
        o["alarms"].append(o["release_at"])


def lapse(o: dict, now: datetime) -> str:
    """Who owed a move did not make it in time."""
    d = o["dispute"]
    if d["state"] == "sent_back":
        return taken_back(o, now, "goods taken back by the clock")
    if d["state"] == "repaid":
        close(o, now)
        return "repaid by the clock"
    return escalate(d, now, "the clock") if d["state"] != "escalated" else "still with the operator"
