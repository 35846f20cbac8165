"""The oracle: what a plain dictionary and whole numbers say should be true of one order. Shares no code with the product."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

RELEASE, EXTEND, EXPIRE = timedelta(days=10), timedelta(days=3), timedelta(minutes=30)
ASKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


def new_order(lines: list[tuple[int, int]], stages: list[int], goods: int) -> dict[str, Any]:
    """`lines`: (whole quantity, total in minor units); `stages`: amounts."""
    return {
        "state": "placed", "stages": [{"amount": amount, "state": "due"} for amount in stages], "total": sum(stages), "goods": goods,
        "lines": [{"quantity": quantity, "total": total, "shipped": 0, "received": 0} for quantity, total in lines],
        "escrow": 0, "released": 0, "returned": 0, "wrong": 0, "payments": [], "release_at": None, "alarms": [], "extended": False, "asked": False,
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
    return o["state"] == "placed" and due is not None and not running and not o["asked"]


def pay(o: dict, now: datetime) -> None:
    polls = [now + wait for wait in ASKS]
    o["payments"].append({"stage": first_due(o), "state": "pending", "charge": "open", "expires": now + EXPIRE, "polls": polls, "expired": False})


def hear_paid(o: dict, p: dict) -> str:
    """The right amount is known to have arrived."""
    if p["state"] not in ("pending", "failed", "expired"):
        return "again"
    stage = o["stages"][p["stage"]]
    if o["state"] == "placed" and stage["state"] == "due":
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


def receive(o: dict, load: list[int]) -> int:
    """How much is released by this receipt."""
    for line, quantity in zip(o["lines"], load, strict=True):
        line["received"] += quantity
    whole = all(line["received"] == line["quantity"] for line in o["lines"])
    worth = sum(Fraction(line["total"] * line["received"], line["quantity"]) for line in o["lines"])
    target = o["total"] if whole else int(o["total"] * worth / o["goods"])
    amount = target - o["released"]
    o["released"] += amount
    o["escrow"] -= amount
    if whole:
        o["state"], o["release_at"] = "completed", None
        for stage in o["stages"]:
            stage["state"] = "released"
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
            receive(o, [line["shipped"] - line["received"] for line in o["lines"]])
            seen.add("released by the clock")
        else:
            seen.add("clock found nothing to do")
    return seen


def escrow_by_stage(o: dict) -> int:
    """Held is what was paid into stages, less what left: the same figure by another way."""
    paid = sum(stage["amount"] for stage in o["stages"] if stage["state"] in ("held", "released"))
    return paid - o["released"]
