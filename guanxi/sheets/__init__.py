"""The one reader of tables and lists: price lists and purchase lists, from files and pasted text. Pure: no Django, no database, nothing is written.

Purchase lists (lines of an enquiry):

    from guanxi.sheets import Unreadable, read_lines

    got = read_lines("红色文件袋 50个，要A4纸十箱")      # pasted text: free, or with tabs or commas
    got = read_lines(upload.read())                       # bytes of XLSX, XLSM, XLS, CSV, TSV, TXT in any common encoding
    got.lines       # [Line(row, sheet, name, quantity: Decimal, unit, spec, item_no, target_price: Decimal | None, currency, note)]
    got.rejected    # [Rejected(sheet, row, reason)]: formula_error, no_name, bad_quantity, no_quantity
    got.tables      # [Table(n, sheet, header, columns: [Seen(index, heading, kind, confidence, others, samples)], rows, kinds)]; [] for free text
    read_lines(data, mapping={(0, 2): "quantity"})        # column 2 of table 0 is the quantity after all

`Unreadable` (code: no_table, too_large, protected, unsafe, empty) is raised for what cannot be read; its words are for operators, callers word it for people.

Price lists, in the same way:

    got = read_prices(upload.read())
    got.products    # [Product(sheet, row, item_no, name, tiers, packs, skus, ...)], .as_dict() as `guanxi import-prices --json` prints it
    got.rejected, got.tables                              # reasons: product.REASONS, the first that holds
    read_prices(data, mapping={(0, 5): "price"})          # corrected by the user, remembered by the caller
"""

from guanxi.sheets.line import Line, Rejected
from guanxi.sheets.look import Seen, Table
from guanxi.sheets.prices import Prices, read_prices
from guanxi.sheets.product import Product
from guanxi.sheets.purchase import Purchase, read_lines
from guanxi.sheets.sheet import Unreadable

__all__ = ["Line", "Prices", "Product", "Purchase", "Rejected", "Seen", "Table", "Unreadable", "read_lines", "read_prices"]
