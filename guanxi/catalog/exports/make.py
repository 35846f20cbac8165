"""The catalogue as a file. Written row by row, so that its length costs no memory; texts never become formulas."""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from xlsxwriter import Workbook

from guanxi.catalog.exports.rows import HEADS, KINDS, rows_of
from guanxi.catalog.listing.reads import SIZES
from guanxi.catalog.listing.table import Listing

CHUNK = 500
WIDTHS = {"title": 36, "taxed": 28, "untaxed": 28, "details": 40}
EXACT = 15  # digits a spreadsheet keeps of a number (IEEE 754)


def every(company: UUID) -> Iterator[Listing]:
    """All goods of a company but those the operator removed, oldest first, a few hundred at a time."""
    rows = Listing.objects.filter(company_id=company).exclude(state="removed").select_related("category").prefetch_related(SIZES)
    return rows.order_by("id").iterator(chunk_size=CHUNK)


def workbook(company: UUID, *, language: str) -> bytes:
    """The catalogue as XLSX, its headings in `zh` or `en`."""
    out = BytesIO()
    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet = book.add_worksheet("Goods")
    bold = book.add_format({"bold": True})
    for n, (kind, head) in enumerate(zip(KINDS, HEADS[language], strict=True)):
        sheet.set_column(n, n, WIDTHS.get(kind, 12))
        sheet.write_string(0, n, head, bold)
    at = 1
    for listing in every(company):
        for row in rows_of(listing, list(listing.skus.all())):
            for n, value in enumerate(row):
                if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= EXACT:
                    sheet.write_number(at, n, float(value))
                elif value is not None:
                    sheet.write_string(at, n, str(value))
            at += 1
    book.close()
    return out.getvalue()


def lines(company: UUID) -> Iterator[str]:
    """The catalogue as one JSON document, a listing a line: everything that was said of each. Decimals are texts."""
    yield '{"format": "guanxi-catalogue-1", "listings": [\n'
    for n, listing in enumerate(every(company)):
        yield (",\n" if n else "") + json.dumps(whole(listing), ensure_ascii=False, default=str)
    yield "\n]}\n"


COLUMNS = (
    "state", "number", "title", "description", "keywords", "attributes", "dimensions", "pictures", "unit", "pack", "pack_unit", "minimum", "step", "maximum",
    "mixed", "ask", "currency", "tax_rate", "tax_included", "tiers", "prices_for", "sample_price", "sample_most", "lead_days", "origin", "freight",
    "certificates",
)  # fmt: skip


def whole(listing: Listing) -> dict[str, Any]:
    """One listing with its sizes."""
    said = {"id": listing.id, "category": listing.category_id, **{name: getattr(listing, name) for name in COLUMNS}}
    said["skus"] = [
        {"id": sku.id, "options": sku.options, "number": sku.number, "barcode": sku.barcode, "tiers": sku.tiers, "stock": sku.stock}
        for sku in listing.skus.all()
    ]
    return said
