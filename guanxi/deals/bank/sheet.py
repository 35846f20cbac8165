"""A statement of account as a workbook and as PDF. What people wrote is data: never a formula (quality.md A40), never markup (A28)."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from guanxi.base import money
from guanxi.base.clock import HOME
from guanxi.base.paper import pdf
from guanxi.deals.bank.statement import Account, Statement

TEMPLATE = Path(__file__).with_name("statement.typ")


def heads() -> list[str]:
    """The columns."""
    return [_("Date"), _("Order"), _("What"), _("Amount"), _("Change"), _("Running balance"), _("In escrow")]


def title(account: Account) -> str:
    """`We buy · CNY`."""
    side = _("We buy") if account.side == "buyer" else _("We sell")
    return f"{side} · {account.currency}"


def lines(account: Account) -> list[list[str]]:
    """The rows as text, opening and closing balance around them."""
    cur = account.currency
    shown = [[day(row.at), row.number, row.words, *(money.plain(one, cur) for one in (row.amount, row.change, row.balance, row.held))] for row in account.rows]
    opening = ["", "", _("Opening balance"), "", "", money.plain(account.opening, cur), ""]
    return [opening, *shown, ["", "", _("Closing balance"), "", "", money.plain(account.closing, cur), money.plain(account.held, cur)]]


def day(at: datetime) -> str:
    return at.astimezone(HOME).strftime("%Y-%m-%d %H:%M")


def xlsx(found: Statement, *, ours: str, theirs: str) -> bytes:
    """One sheet an account. Every text is written as text, every amount as a number with its decimals."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    bold = book.add_format({"bold": True})
    for n, account in enumerate(found.accounts or [Account("buyer", "CNY")], 1):
        sheet = book.add_worksheet(f"{n} {account.currency}")
        sheet.set_column(0, 2, 22)
        sheet.set_column(3, 6, 14)
        for at, words in enumerate((_("Statement of account"), f"{ours} – {theirs}", f"{found.first} – {found.last}", title(account))):
            sheet.write_string(at, 0, words, bold)
        for column, words in enumerate(heads()):
            sheet.write_string(5, column, words, bold)
        put(book, sheet, account)
    book.close()
    return out.getvalue()


def put(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, account: Account) -> None:
    """The rows of one account from the seventh line on."""
    places = money.exponent(account.currency)
    figure = book.add_format({"num_format": f"#,##0.{'0' * places}" if places else "#,##0"})
    for at, line in enumerate(lines(account), 6):
        for column, words in enumerate(line):
            if column > 2 and words:
                sheet.write_number(at, column, Decimal(words.replace(",", "").replace("\N{MINUS SIGN}", "-")), figure)
            elif words:
                sheet.write_string(at, column, words)


def paper(found: Statement, *, ours: str, theirs: str, at: datetime) -> bytes:
    """The PDF."""
    accounts = [{"title": title(one), "lines": lines(one)} for one in found.accounts]
    data = {
        "heading": _("Statement of account"), "parties": f"{ours} – {theirs}", "period": f"{found.first} – {found.last}", "heads": heads(),
        "accounts": accounts, "none": _("Nothing happened in this period."), "made": day(at),
        "note": _("The balance is what the buyer still has to pay; below zero the supplier owes."),
    }  # fmt: skip
    return pdf(TEMPLATE, data, at=at)
