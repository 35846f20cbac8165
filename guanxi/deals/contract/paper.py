"""A contract as PDF: the frozen text, who confirmed it when, and the digest that anyone can compute again."""

from datetime import datetime
from pathlib import Path
from typing import Any

from guanxi.base import money
from guanxi.base.paper import pdf
from guanxi.deals.contract.table import Contract
from guanxi.deals.contract.text import CHINA
from guanxi.deals.deal.foot import price, quantity

TEMPLATE = Path(__file__).with_name("paper.typ")
WORDS = {
    "zh": {
        "heading": "买卖合同", "buyer": "买方", "supplier": "卖方", "columns": ["序号", "品名与规格", "数量", "单价", "金额"], "total": "合计 {total}",
        "extra": "特别约定", "note": "报价附注", "confirmed": "{name} 于 {at} 确认", "open": "尚未确认", "version": "{number} · 第 {version} 版",
        "digest": "文本摘要 SHA-256：{hash}",
        "state": {"offered": "待对方确认", "agreed": "双方已确认", "declined": "未获确认", "replaced": "已被新版替代"},
    },
    "en": {
        "heading": "Contract of sale", "buyer": "Buyer", "supplier": "Supplier", "columns": ["No.", "Goods", "Quantity", "Unit price", "Amount"],
        "total": "Total {total}", "extra": "Special terms", "note": "Note of the quote", "confirmed": "Confirmed by {name}, {at}", "open": "not confirmed",
        "version": "{number} · version {version}", "digest": "Digest of the text, SHA-256: {hash}",
        "state": {"offered": "waiting for the other side", "agreed": "confirmed by both sides", "declined": "declined", "replaced": "replaced"},
    },
}  # fmt: skip


def paper(contract: Contract, *, language: str) -> bytes:
    """The PDF in `zh` or `en`. The same contract in the same state gives the same bytes."""
    return pdf(TEMPLATE, _data(contract, language), at=contract.agreed_at or contract.at)


def _data(contract: Contract, language: str) -> dict[str, Any]:
    text, words = contract.text, WORDS[language]
    state = words["state"][contract.state]  # type: ignore[index]
    version = str(words["version"]).format(number=text["number"], version=contract.version)
    parties = [[words[side], text[side]["name"], text[side]["code"]] for side in ("supplier", "buyer")]
    return {
        "language": language, "title": f"{words['heading']} {text['number']}", "heading": words["heading"], "subtitle": f"{version} · {state}",
        "footer": f"{version} · {state}", "columns": words["columns"], "parties": parties, "rows": [_row(line, text["currency"]) for line in text["lines"]],
        "total": str(words["total"]).format(total=money.show(text["total"], text["currency"])), "clauses": clauses(text, language),
        "signed": [_signed(contract, side, words) for side in ("supplier", "buyer")], "digest": str(words["digest"]).format(hash=contract.hash),
    }  # fmt: skip


def clauses(text: dict[str, Any], language: str) -> list[list[str]]:
    """All clauses as they are read: those of every contract, then what was agreed for this one."""
    words = WORDS[language]
    own = [[str(words[name]), text[name]] for name in ("note", "extra") if text[name]]
    return [*text[language], *own]


def _row(line: dict[str, Any], currency: str) -> list[str]:
    name = " ".join(part for part in (line["name"], line["spec"]) if part)
    return [str(line["n"]), name, quantity(line["quantity"], line["unit"]), price(line["price"], currency) or "", money.show(line["total"], currency)]


def _signed(contract: Contract, side: str, words: dict[str, Any]) -> list[str]:
    by, at = who(contract, side)
    said = words["confirmed"].format(name=by, at=f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}") if at else words["open"]
    return [words[side], contract.text[side]["name"], said]


def who(contract: Contract, side: str) -> tuple[str, datetime | None]:
    """Who of this side confirmed, and when; nobody yet is ("", None)."""
    made = contract.text[side]["id"] == str(contract.by_company)
    return (contract.by_name, contract.at) if made else (contract.agreed_name, contract.agreed_at)
