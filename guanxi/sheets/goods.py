"""One row of a price list: a product, or the first reason why it is none."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from guanxi.sheets import amounts
from guanxi.sheets.amounts import BadQuantity, Conflict
from guanxi.sheets.cell import Cell
from guanxi.sheets.heads import Column, bracket_unit, priced_unit, says_tax
from guanxi.sheets.packs import BadPack, Packs, packs_of
from guanxi.sheets.price import Price, price
from guanxi.sheets.product import Ladder, Product, Sku
from guanxi.sheets.rows import Goods, category
from guanxi.sheets.tiers import Tier, rising, tiers_of
from guanxi.sheets.units import unit
from guanxi.sheets.vocabulary import currency, holds, marks, pattern, plain, tax

_CJK = re.compile("[\u3400-\u9fff]")
_POWER = re.compile(r"\d+(?:\.\d+)?e\+\d+$")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_DATES = (
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年\d{1,2}月",
    rf"\d{{1,2}}-(?:{_MONTH})(?:-\d{{2,4}})?|(?:{_MONTH})-\d{{1,4}}",
    r"(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}(?: .*)?|\d{1,2}/\d{1,2}/(?:19|20)\d\d",
)
_DATE = re.compile(f"(?:{'|'.join(_DATES)})$")
_TOGETHER = re.compile(r"[/、,]")


class Wrong(Exception):
    """A row that is rejected; `reason` is one of product.REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Terms:
    """What notes say for a whole sheet."""

    currency: str | None = None
    tax: bool | None = None
    unit: str | None = None


class Line:
    """One row with its columns; `product()` makes of it what it is."""

    def __init__(self, goods: Goods, cells: list[Cell | None], terms: Terms, *, sheet: str | None, text: bool, group: str | None) -> None:
        self.goods, self.cells, self.terms, self.sheet, self.is_text, self.group = goods, cells, terms, sheet, text, group
        self.columns = goods.header.columns

    def of(self, kind: str) -> list[tuple[Column, Cell]]:
        """Filled cells of one kind."""
        return [(column, cell) for column in self.columns if column.kind == kind and (cell := self._at(column)) is not None]

    def _at(self, column: Column) -> Cell | None:
        return self.cells[column.index] if column.index < len(self.cells) else None

    def said(self, kind: str) -> str:
        """The text of the first filled cell of one kind."""
        return next((cell.flat for _column, cell in self.of(kind)), "")

    def product(self) -> Product:
        """Raises Wrong with the first reason that holds."""
        self._refuse_early()
        name, name_en = self._names()
        tiers, ask = self._priced()
        packs, conflict = self._packs()
        amounts_now = self._amounts(packs, tiers)
        if packs is None or amounts_now is None or conflict:
            self._judge(packs, tiers)
        assert packs is not None
        assert amounts_now is not None
        moq, step, ladder = amounts_now
        made = Product(sheet=self.sheet, row=self.goods.number, name=name, name_en=name_en, item_no=self.item_no, ask=ask)
        made.barcode, made.category, made.attributes = self._barcode(), self.group, self._attributes()
        made.unit, made.packs, made.contains = packs.unit, packs.packs, packs.contains
        made.moq, made.order_multiple, made.tiers = moq, step, [] if ask else ladder
        made.currency, made.tax_included = self._currency(), self._tax()
        made.notes = next((cell.text for _column, cell in self.of("notes")), None)
        self._stocked(made, packs)
        return made

    def _refuse_early(self) -> None:
        if any(cell is not None and cell.kind == "e" for column in self.columns if column.kind != "unread" and (cell := self._at(column))):
            raise Wrong("formula_error")
        spoken = [cell.flat for kind in ("name", "name_en", "price", "stock", "notes") for _column, cell in self.of(kind)]
        if any(holds("gone", text) for text in spoken):
            raise Wrong("discontinued")
        number = next((cell for _column, cell in self.of("item_no")), None)
        if number is not None and (number.kind == "d" or number.zeros < 0 or _POWER.match(plain(number.flat)) or _DATE.match(plain(number.flat))):
            raise Wrong("damaged_item_no")
        if self.is_text and any(cell.text[0] in "=@" for kind in ("name", "name_en") for _column, cell in self.of(kind)):
            raise Wrong("unsafe_text")
        if not (self.of("name") or self.of("name_en")):
            raise Wrong("no_name")

    @cached_property
    def item_no(self) -> str | None:
        """As shown."""
        return next((cell.padded for _column, cell in self.of("item_no")), None)

    def _names(self) -> tuple[str, str | None]:
        text = next(cell.text for kind in ("name", "name_en") for _column, cell in self.of(kind))
        lines = text.split("\n")
        english = self.said("name_en") or None
        if len(lines) == 2 and bool(_CJK.search(lines[0])) != bool(_CJK.search(lines[1])):
            return (lines[0], english or lines[1]) if _CJK.search(lines[0]) else (lines[1], english or lines[0])
        flat = text.replace("\n", " ")
        return flat, None if english == flat and not self.of("name") else english

    # prices

    def price_columns(self) -> list[tuple[Column, Cell]]:
        """The price cells that hold; of a price with tax and one without, the one with where it is filled."""
        plain_ones = [column for column in self.columns if column.kind == "price" and column.bound is None]
        if len(plain_ones) > 1:
            into = [column for column in plain_ones if says_tax(column) is True]
            out = [column for column in plain_ones if says_tax(column) is False]
            order = [*into, *out] if into and out else sorted(plain_ones, key=lambda column: (-column.confidence, column.index))[:1]
            chosen = next((column for column in order if self._at(column) is not None), order[0])
            plain_ones = [chosen]
        return [
            (column, cell)
            for column in self.columns
            if column.kind == "price" and (column.bound is not None or column in plain_ones) and (cell := self._at(column)) is not None
        ]

    @cached_property
    def prices(self) -> list[tuple[Column, list[Tier]]]:
        """Every price cell as tiers; a plain price is one from the minimum."""
        return [(column, self._cell_tiers(cell)) for column, cell in self.price_columns()]

    def _cell_tiers(self, cell: Cell) -> list[Tier]:
        if cell.kind == "n":
            amount = Decimal(cell.text)
            return [Tier(None, None, Price("fixed", amount) if amount > 0 else Price("bad"))]
        if cell.kind == "d":
            return [Tier(None, None, Price("bad"))]
        return tiers_of(cell.text) or [Tier(None, None, price(cell.flat))]

    def _priced(self) -> tuple[list[tuple[Column, Tier]], bool]:
        every = [(column, tier) for column, tiers in self.prices for tier in tiers]
        if any(tier.price.state == "bad" for _column, tier in every):
            raise Wrong("bad_price")
        if not every:
            raise Wrong("no_price")
        fixed = [(column, tier) for column, tier in every if tier.price.state == "fixed"]
        return fixed, not fixed

    def _said_price(self, key: str) -> object:
        return next((value for _column, tiers in self.prices for tier in tiers if (value := getattr(tier.price, key)) is not None), None)

    def _heading(self) -> str:
        return " ".join(column.words for column, _tiers in self.prices)

    @cached_property
    def unit(self) -> str | None:
        """Price cell, price heading, unit column, note."""
        cell = self._said_price("unit")
        if cell is not None:
            return str(cell)
        return next((named for column, _tiers in self.prices if (named := priced_unit(column.words))), None) or unit(self.said("unit")) or self.terms.unit

    def _currency(self) -> str:
        said = self._said_price("currency")
        return str(said) if said else currency(self._heading()) or currency(" ".join(self._price_words())) or self.terms.currency or "CNY"

    def _price_words(self) -> list[str]:
        return [column.words for column in self.columns if column.kind == "price"]

    def _tax(self) -> bool | None:
        said = self._said_price("tax")
        ways = (said, tax(" ".join(cell.flat for _column, cell in self.of("notes"))), tax(self._heading()), tax(self.goods.section or ""), self.terms.tax)
        return next((bool(way) for way in ways if way is not None), None)

    # quantities

    def _packs(self) -> tuple[Packs | None, bool]:
        try:
            found = packs_of([(cell.flat, column.words) for column, cell in self.of("packs")], self.unit)
        except BadPack:
            return None, False
        return found, found.conflict

    def _amounts(self, packs: Packs | None, tiers: list[tuple[Column, Tier]]) -> tuple[Decimal, Decimal, Ladder] | None:
        """Minimum, multiple and tiers; None when one of them is wrong."""
        if packs is None:
            return None
        try:
            least, step = self._minimum(packs)
            ladder = self._ladder(tiers, least, packs)
        except (BadQuantity, Conflict):
            return None
        if not rising(ladder):
            raise Wrong("bad_tiers")
        return max([least, *(from_ for from_, _price in ladder[:1])]), step, ladder

    def _judge(self, packs: Packs | None, tiers: list[tuple[Column, Tier]]) -> None:
        """Which reason comes first when quantities are wrong: tiers, then quantities, then units."""
        wrong = ["bad_quantity"] if packs is None else ["unit_conflict"] if packs.conflict else []
        known = packs or Packs(self.unit)
        for check in (lambda: self._minimum(known), lambda: self._ladder(tiers, Decimal(1), known), lambda: self._stock(known)):
            try:
                check()
            except BadQuantity:
                wrong.append("bad_quantity")
            except Conflict:
                wrong.append("unit_conflict")
        bounds = [(tier.least, tier.price.amount) for _column, tier in tiers if tier.least is not None and tier.price.amount is not None]
        if not rising([(least, amount) for least, amount in bounds if least is not None and amount is not None]):
            raise Wrong("bad_tiers")
        raise Wrong("bad_quantity" if "bad_quantity" in wrong else "unit_conflict")

    def _minimum(self, packs: Packs) -> tuple[Decimal, Decimal]:
        column, cell = next(iter(self.of("moq")), (None, None))
        least, step = amounts.minimum(cell.flat, column.words, packs) if cell is not None and column is not None else (Decimal(1), None)
        column, cell = next(iter(self.of("order_multiple")), (None, None))
        if cell is not None and column is not None:
            pack = amounts.whole_pack(cell.flat)
            told = amounts.in_unit(Decimal(1), pack, packs) if pack else amounts.multiple_in(cell.flat, packs) or amounts.amount(cell.flat, column.words, packs)
            return least, told
        if step is None:
            step = next((found for _column, note in self.of("notes") if (found := amounts.step_of_remark(note.flat, packs)) is not None), None)
        return least, step or Decimal(1)

    def _ladder(self, tiers: list[tuple[Column, Tier]], least: Decimal, packs: Packs) -> Ladder:
        ladder: Ladder = []
        for column, tier in tiers:
            assert tier.price.amount is not None
            bound = column.bound
            if tier.least is not None:
                start = amounts.in_unit(tier.least, tier.unit, packs)
            elif bound is not None and bound.pack is not None:
                start = amounts.in_unit(Decimal(1), bound.pack, packs)
            elif bound is not None and bound.figure is not None:
                start = amounts.in_unit(bound.figure, bound.unit, packs)
            else:
                start = least
            if start <= 0:
                raise BadQuantity
            ladder.append((start, tier.price.amount))
        return ladder

    def _stock(self, packs: Packs) -> Decimal | None:
        column, cell = next(iter(self.of("stock")), (None, None))
        found = amounts.stock(cell.flat, column.words, packs) if cell is not None and column is not None else None
        self._across(packs)
        return found

    def _across(self, packs: Packs) -> list[tuple[str, Decimal | None]]:
        """Sizes across the head that exist, with what is there of each."""
        sizes: list[tuple[str, Decimal | None]] = []
        for column, cell in self.of("size_across"):
            words = plain(cell.flat)
            if words in marks("absent_size"):
                continue
            sizes.append((column.size or column.heading, amounts.stock(cell.flat, "", packs)))
        return sizes

    def _stocked(self, made: Product, packs: Packs) -> None:
        """Stock and SKUs of the row."""
        try:
            there = self._stock(packs)
            across = self._across(packs)
        except BadQuantity as error:
            raise Wrong("bad_quantity") from error
        except Conflict as error:
            raise Wrong("unit_conflict") from error
        colours = [one.strip() for one in _TOGETHER.split(self.said("colour")) if one.strip()]
        lengthwise: list[tuple[str, Decimal | None]] = [(one.strip(), None) for one in _TOGETHER.split(self.said("size")) if one.strip()]
        has_across = any(column.kind == "size_across" for column in self.columns)
        sizes = across if has_across else lengthwise
        if has_across and not sizes:
            made.stock = there
            return
        for colour in colours or [""]:
            for size, many in sizes or [("", None)]:
                options = {kind: value for kind, value in (("colour", colour), ("size", size)) if value}
                if options:
                    made.skus.append(Sku(options, stock=many))
        if len(made.skus) == 1 and not has_across:
            made.skus[0].stock, made.skus[0].barcode, made.barcode = there, made.barcode, None
        else:
            made.stock = there

    # words

    def _barcode(self) -> str | None:
        return next((code for _column, cell in self.of("barcode") if (code := barcode(cell.padded))), None)

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for column, cell in self.of("attribute"):
            if column.headings:
                found.setdefault(column.heading, cell.flat)
        return found


def barcode(text: str) -> str | None:
    """8, 12, 13 or 14 digits with a right GS1 check digit (GS1 General Specifications 7.9)."""
    code = re.sub(r"[\s-]", "", text)
    if not code.isascii() or not code.isdigit() or len(code) not in (8, 12, 13, 14):
        return None
    total = sum(int(sign) * (3 if n % 2 else 1) for n, sign in enumerate(reversed(code)))
    return code if total % 10 == 0 else None


def same_number(text: str) -> str:
    """How item numbers are compared."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def terms_of(notes: list[str]) -> Terms:
    """What notes say of tax, currency and unit; those that speak of prices before others."""
    found = Terms()
    for note in sorted(notes, key=lambda text: not re.search(r"价|单位|币|price|currency|unit|报价", plain(text))):
        found.currency = found.currency or currency(note)
        found.tax = tax(note) if found.tax is None else found.tax
        found.unit = found.unit or _unit_in(note)
    return found


def _unit_in(note: str) -> str | None:
    words = plain(note)
    named = priced_unit(words) if currency(words) or pattern("price_filler").search(words) or "单位" in words else None
    if named:
        return named
    told = re.search(r"(?:单位|unit)\s*:?\s*([^\s,;。:/()]+)", words)
    return unit(told[1]) if told and currency(told[1]) is None and bracket_unit(f"({told[1]})") else None


def group_of(line_section: str | None) -> str | None:
    """The category a section names."""
    return category(line_section) if line_section else None
