"""The words of a contract in both languages, made once from the order and frozen. Clauses follow what the product itself does with goods and money."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.base.capitals import rmb
from guanxi.base.money import show
from guanxi.deals.order.table import Order, Stage
from guanxi.people.table import Company

CHINA = ZoneInfo("Asia/Shanghai")
STAGES = {"deposit": ("定金", "deposit"), "balance": ("尾款", "balance"), "full": ("全款", "full amount"), "part": ("进度款", "part")}


def _read(language: str) -> list[list[str]]:
    """The clauses of a language: a heading after `#`, its words below."""
    parts = Path(__file__).with_name(f"clauses.{language}.txt").read_text(encoding="utf-8").split("# ")[1:]
    return [[line.strip() for line in part.split("\n", 1)] for part in parts]


CLAUSES = {language: _read(language) for language in ("zh", "en")}


def write(order: Order, stages: list[Stage], *, buyer: Company, supplier: Company, place: str, extra: str) -> dict[str, Any]:
    """The frozen text: facts, the goods, and the clauses in both languages. Amounts are shown with their currency."""
    terms = order.terms
    goods = [line for line in terms["lines"] if line["price"] is not None]
    return {
        "v": 1, "number": order.number, "title": order.title, "currency": order.currency, "total": order.total,
        "buyer": _party(buyer), "supplier": _party(supplier), "lines": goods, "note": terms.get("note", ""), "extra": extra,
        **{name: [[title, words.format(**_facts(order, stages, place, n))] for title, words in some] for n, (name, some) in enumerate(CLAUSES.items())},
    }  # fmt: skip


def digest(text: dict[str, Any]) -> str:
    """SHA-256 of the text as canonical JSON: keys sorted, no spaces, UTF-8. Whoever has the text can compute it."""
    return hashlib.sha256(json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _party(company: Company) -> dict[str, str]:
    return {"name": company.name, "code": company.credit_code or company.registration or "", "id": str(company.id)}


def _facts(order: Order, stages: list[Stage], place: str, language: int) -> dict[str, str]:
    """What the clauses name, in Chinese (0) or English (1)."""
    terms, cur = order.terms, order.currency
    capitals = (f"（大写：{rmb(order.total)}）", f" ({rmb(order.total)})")[language] if cur == "CNY" else ""
    to_place = (f"，送至{place}", f", to {place}")[language] if place else ""
    return {
        **{name: show(getattr(order, name), cur) for name in ("goods", "freight", "tax", "total")}, "capitals": capitals,
        "tax_rate": str(terms["tax_rate"]), "tax_in": (("不含税", "exclude tax"), ("含税", "include tax"))[terms["tax_in"]][language],
        "tolerance": str(terms.get("tolerance", "0")), "ship_by": day(order.ship_by, language), "place": to_place,
        "stages": ("；", "; ")[language].join(_stage(stage, cur, language) for stage in stages),
    }  # fmt: skip


def _stage(stage: Stage, currency: str, language: int) -> str:
    name, sum_, due = STAGES[stage.name][language], show(stage.amount - stage.surplus, currency), day(stage.due_at, language)
    percent = f"{Decimal(stage.percent).normalize():f}%"
    return (f"{name} {percent} 即 {sum_}，{due} 前付", f"{name} {percent}, {sum_}, by {due}")[language]


def day(moment: datetime, language: int) -> str:
    """The day in Shanghai, as each language writes it."""
    there = moment.astimezone(CHINA)
    return f"{there.year}年{there.month}月{there.day}日" if language == 0 else f"{there:%Y-%m-%d}"
