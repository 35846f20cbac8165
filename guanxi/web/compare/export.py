"""The comparison as XLSX: texts are texts, whatever they begin with, and figures are figures (quality.md A-formula)."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.base.money import CURRENCIES, exponent
from guanxi.web.compare.table import Column, Table
from guanxi.web.figures import quantity
from guanxi.web.moments import until_day

# A text from a stranger is never read as a formula, a link or a number.
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(table: Table) -> bytes:
    """One sheet: a column a supplier, a row an item, the sums and terms below; the lowest price of each row is marked."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    sheet = book.add_worksheet(_("Comparison")[:31])
    sign, places = CURRENCIES[table.rfq.currency][0], exponent(table.rfq.currency)
    bold, best = book.add_format({"bold": True}), {"bold": True, "bg_color": "#DDF2E3"}
    forms = {name: book.add_format({"num_format": f'"{sign}"#,##0{mask}', **more}) for name, mask, more in (
        ("price", ".00####", {}), ("best", ".00####", best), ("sum", "." + "0" * places if places else "", {}))}  # fmt: skip
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 1 + max(len(table.columns), 1), 20)
    sheet.freeze_panes(1, 2)
    for at, words in enumerate([f"{table.rfq.number} {table.rfq.title}", _("Quantity"), *(column.company.name for column in table.columns)]):
        sheet.write_string(0, at, words, bold)
    for at, line in enumerate(table.lines):
        sheet.write_string(at + 1, 0, f"{line.name} {line.spec}".strip())
        sheet.write_string(at + 1, 1, quantity(line.quantity, line.unit))
        for side, column in enumerate(table.columns, 2):
            cell = column.cells[at]
            if cell.price is None:
                sheet.write_string(at + 1, side, _("not available"))
            else:
                sheet.write_number(at + 1, side, float(cell.price), forms["best" if cell.best else "price"])
    foot(table, sheet, forms["sum"], bold, 10**places)
    book.close()
    return out.getvalue()


def foot(table: Table, sheet: Any, sum_: Any, bold: Any, unit: int) -> None:
    """Sums and terms, below the items."""
    at = len(table.lines) + 1
    for words, name in ((_("Goods"), "goods"), (_("Freight"), "freight"), (_("Tax"), "tax"), (_("Landed total"), "total")):
        sheet.write_string(at, 0, words, bold)
        for side, column in enumerate(table.columns, 2):
            sheet.write_number(at, side, float(Decimal(getattr(column.quote, name)) / unit), sum_)
        at += 1
    for n, words in enumerate((_("Lead time"), _("Payment"), _("Valid until"))):
        sheet.write_string(at + n, 0, words, bold)
        for side, column in enumerate(table.columns, 2):
            sheet.write_string(at + n, side, terms(column)[n])


def terms(column: Column) -> tuple[str, str, str]:
    """Lead time, stages and validity in words."""
    days = int(column.quote.terms["lead_days"])
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}, column.stages, until_day(column.quote.valid_until)
