"""What a column is, by its headings; words/columns_*.toml hold the words."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from guanxi.sheets.figures import PLAIN, number
from guanxi.sheets.units import counting, pieces, unit
from guanxi.sheets.vocabulary import currency, marks, money_words, plain, table, tax

PRICE_KINDS = (
    "unread",
    "item_no",
    "model",
    "barcode",
    "name",
    "name_en",
    "category",
    "colour",
    "size",
    "unit",
    "price",
    "moq",
    "order_multiple",
    "packs",
    "stock",
    "notes",
    "attribute",
)
LINE_KINDS = ("quantity", "target", "spec", "item_no", "name", "unit", "notes", "unread")
_EXACT_ONLY = """
    no # s/n sn sr row line seq min case rate title type limit group style cost size model grade details required needed units budget item material goods
    order desc avail inv
"""
EXACT = frozenset(_EXACT_ONLY.split())
_LETTERS = r"\d{0,2}x{0,4}[sl]|x{1,4}[sl]|[sml]|\d?[1-9]?xl|f|free ?size|one ?size|os|均码|[小中大]码|[小中大]号|加大|特大"
_FIGURED = r"(?:eu|us|uk)?\s?\d{2}(?:\.5)?码?|\d{2,3}cm|1[0-9]0|[89]0|\d{2,3}/\d{2,3}[a-z]?"
SIZE = re.compile(rf"(?:{_LETTERS}|{_FIGURED})$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CJK = re.compile("[\u4e00-\u9fff]")
_NUM = rf"(?:{PLAIN})\s*(?:[千万kw])?"


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind with how sure we are (0 to 1)."""

    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a tier begins: at a figure in `unit` (None: the price's), at one `pack`, or at the minimum (neither)."""

    figure: Decimal | None = None
    unit: str | None = None
    pack: str | None = None


@dataclass(slots=True)
class Column:
    """One column of a table: its headings from top to bottom, its kind and what they say besides."""

    index: int
    headings: list[str]
    kind: str = "unread"
    confidence: float = 0.0
    others: list[Guess] = field(default_factory=list)
    bound: Bound | None = None
    size: str | None = None

    @property
    def heading(self) -> str:
        """The lowest filled one: its name as an attribute."""
        return self.headings[-1] if self.headings else ""

    @property
    def words(self) -> str:
        """All of them."""
        return " ".join(self.headings)


def columns_of(rows: list[list[str | None]], use: str) -> list[Column]:
    """Columns out of one or more header rows; `use` is prices or lines."""
    width = max(len(row) for row in rows)
    columns = []
    for n in range(width):
        texts: list[str] = []
        for row in rows:
            text = row[n] if n < len(row) else None
            if text and (not texts or texts[-1] != text):
                texts.append(text)
        columns.append(_column(n, texts, use))
    if use == "prices":
        _sizes(columns)
        _tiers(columns)
    _settle(columns, use)
    return columns


def _column(index: int, texts: list[str], use: str) -> Column:
    column = Column(index, texts)
    if texts:
        column.others = guesses(column.words, use) if len(texts) == 1 else _joined(texts, use)
        if column.others:
            column.kind, column.confidence = column.others[0].kind, column.others[0].confidence
        else:
            column.kind, column.confidence = ("attribute" if use == "prices" else "unread"), 0.5
    return column


def _joined(texts: list[str], use: str) -> list[Guess]:
    """Of several headings the lowest that says something counts; one that says price above stays a price."""
    lowest = guesses(texts[-1], use)
    above = guesses(" ".join(texts[:-1]), use)
    if lowest and lowest[0].kind != "attribute":
        return lowest
    if above and above[0].kind == "price" and not lowest:
        return above
    if above and above[0].kind in ("packs", "stock", "moq", "unread", "colour", "size") and not lowest:
        return above
    return lowest or [guess for guess in above if guess.kind in ("price", "attribute")]


@lru_cache(maxsize=4096)
def _guesses(text: str, use: str) -> tuple[Guess, ...]:
    whole = plain(text).replace("*", "").strip(" :")
    bare = _BRACKETS.sub(" ", whole).strip() or whole.strip("()[] ")
    found: dict[str, float] = {}
    for form in (whole, bare):
        for kind, words in _exact(use).items():
            if _key(form) in words:
                found[kind] = 1.0
    if not found and use == "prices":
        found = _shaped(bare)
    if not found:
        found = _inside(bare, use)
    return tuple(sorted((Guess(kind, round(sure, 2)) for kind, sure in found.items()), key=lambda one: -one.confidence))


def guesses(text: str, use: str) -> list[Guess]:
    """What a heading may mean, the likeliest first."""
    return list(_guesses(text, use)) if len(text) <= 80 else []


def _key(text: str) -> str:
    return re.sub(r"[\s.:,_]+", "", text)


@cache
def _words(use: str) -> dict[str, list[str]]:
    """Words of each kind for one use, both languages."""
    kinds = PRICE_KINDS if use == "prices" else LINE_KINDS
    zh, en = table("columns_zh"), table("columns_en")
    both = {kind: [plain(word) for word in (*zh.get(kind, []), *en.get(kind, []))] for kind in kinds}
    if use == "lines":
        both["item_no"] += [plain(word) for word in en["model"] if not word.startswith("model")]
        taken = {word for kind in ("quantity", "target", "spec") for word in both[kind]}
        both["unread"] = [word for word in both["unread"] if word not in taken]
    return both


_MINIMUM = re.compile(r"最[低小少].{0,4}[订定批购售].{0,2}[量数]?$|起[订定批拿购售送卖发](?:数量|[量数])?$")
_PER_PIECE = re.compile(r"(?P<inner>[^/]+?)\s*(?:/|\bper\b)\s*(?:1\s*)?(?P<pack>[^/]+)$")
_PER_PACK = re.compile(r"[每一](?P<pack>[^\d]{1,2}?)(?:含|内|装|入)?(?:数量|[量数]|多少|几.)?(?:装)?$")
_OF_PACK = re.compile(r"(?:qty|quantity|pcs|units|pieces)\s*(?:/|per|in)\s*(?:a\s+)?(?P<pack>[a-z]+)$|(?P<before>[a-z]+)\s*(?:qty|quantity|pack)$")
_PACKS = frozenset({"bag", "box", "case", "ctn", "carton", "pack", "packet", "bundle", "inner", "drum", "reel", "roll", "tray", "pallet", "display", "bale"})


def _shaped(bare: str) -> dict[str, float]:
    """Headings told by how they are built: a minimum, so many of one to a pack (双/箱, 每手, pcs per bag)."""
    text = re.sub(r"[.:_]", "", bare).strip()
    if _MINIMUM.search(re.sub(r"\s", "", text)):
        return {"moq": 0.9}
    both = _PER_PIECE.match(text)
    if both and plain(both["inner"]) in counting() and plain(both["pack"]) in counting():
        return {"packs": 0.9}
    each = _PER_PACK.match(re.sub(r"\s", "", text))
    if each and plain(each["pack"]) in counting():
        return {"packs": 0.9}
    english = _OF_PACK.match(text)
    if english and (unit(english["pack"] or english["before"]) or "") in _PACKS:
        return {"packs": 0.9}
    return {}


@cache
def _exact(use: str) -> dict[str, frozenset[str]]:
    return {kind: frozenset(_key(word) for word in words) for kind, words in _words(use).items()}


@cache
def _shapes(use: str) -> tuple[list[tuple[str, str]], list[tuple[re.Pattern[str], int, str]]]:
    """Chinese words as they are compared, English ones as patterns, each with its kind."""
    chinese, english = [], []
    for kind, words in _words(use).items():
        for word in words:
            if _CJK.search(word):
                chinese.append((_key(word), kind))
            elif word not in EXACT:
                english.append((re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])"), len(word), kind))
    return chinese, english


def _inside(bare: str, use: str) -> dict[str, float]:
    """Words that stand inside a heading. In Chinese the last word is the head; in English the longest, then the last."""
    per = re.sub(r"\s*(?:/|每|\bper\b)\s*[^/]*$", "", bare) or bare
    words, patterns = _shapes(use)
    key, spaced = _key(per), re.sub(r"[.:_]", "", per)
    chinese = [(at + len(word), len(word), kind) for word, kind in words if (at := key.rfind(word)) >= 0]
    english = []
    if re.search(r"[a-z#]", spaced):
        english = [(size, found.end(), kind) for shape, size, kind in patterns if (found := shape.search(spaced))]
    ranked = [(kind, size / max(1, len(_key(per)))) for _end, size, kind in sorted(chinese, reverse=True)]
    ranked += [(kind, size / max(1, len(per))) for size, _end, kind in sorted(english, reverse=True)]
    if chinese and english and max(english)[2] == "attribute" and ranked[0][0] == "packs":
        ranked.insert(0, ("attribute", 0.8))  # 外箱 Meas. is a measure, no pack
    if not ranked and use == "prices" and re.search(r"价$", _key(per)):
        ranked = [("price", 0.3)]
    found_kinds: dict[str, float] = {}
    for place, (kind, share) in enumerate(ranked):
        found_kinds.setdefault(kind, max(0.1, 0.6 + 0.4 * min(1.0, share) - 0.15 * place))
    return found_kinds


def _sizes(columns: list[Column]) -> None:
    """Two or more neighbours headed by sizes are sizes across the head, unless a price stands above them."""
    run: list[Column] = []
    for column in [*columns, Column(-1, [])]:
        fits = bool(column.headings) and SIZE.match(plain(column.heading)) is not None and not _says_price(column)
        if fits and (not run or run[-1].index + 1 == column.index):
            run.append(column)
            continue
        if len(run) >= 2:
            for one in run:
                one.kind, one.size, one.confidence = "size_across", one.heading, 0.95
        run = [column] if fits else []


def _says_price(column: Column) -> bool:
    return any(guess.kind == "price" for text in column.headings for guess in guesses(text, "prices")[:1])


def _tiers(columns: list[Column]) -> None:
    """Columns whose lowest heading holds a bound, under a price heading or beside one."""
    for column in columns:
        if not column.headings or (column.kind in ("size_across", "moq", "packs", "unread", "stock", "order_multiple") and not _says_price(column)):
            continue
        under = _says_price(column)
        bound = bound_of(column.heading, bare=under and len(column.headings) > 1)
        if bound is not None and (under or (column.kind in ("attribute", "price", "name") and column.confidence < 1)):
            column.kind, column.bound, column.confidence = "price", bound, 0.9


@cache
def _noise() -> re.Pattern[str]:
    words = [plain(word) for word in (*table("columns_zh")["price"], *table("columns_en")["price"])]
    return re.compile(
        "|".join(re.escape(word) + ("(?![a-z])" if word[-1].isascii() else "") for word in sorted(words, key=len, reverse=True))
        + r"|价|含税|未税|不含税|tax|vat|数量|qty"
    )


@cache
def _bounds() -> list[tuple[re.Pattern[str], bool]]:
    some = "|".join(re.escape(word) for word in sorted(counting() | {plain(one) for one in ("千件", "手", "打", "箱")}, key=len, reverse=True))
    word = rf"(?P<unit>{some})?"
    return [
        (re.compile(rf"(?:<|≤|<=|少于|不足|under|below|up to|小于)\s*(?:{_NUM})\s*{word}|(?:{_NUM})\s*(?:{some})?\s*(?:以下|以内|内)"), False),
        (re.compile(rf"(?P<n>{_NUM})\s*(?:{some})?\s*(?:-|~|—|–|至|到|to)\s*(?:{_NUM})\s*{word}"), True),
        (re.compile(rf"(?:≥|>=|≧|>|满|大于等于|大于|不少于|over|from|above|min\.?)\s*(?P<n>{_NUM})\s*{word}(?:\s*(?:以上|及以上|起))?"), True),
        (re.compile(rf"(?P<n>{_NUM})\s*{word}\s*(?:\+|以上|及以上|起批?|起订|起|or more|and up|and above|up|above|\+)"), True),
    ]


def bound_of(heading: str, *, bare: bool = False) -> Bound | None:
    """The bound a heading holds; with `bare` a figure alone is one too (it stands under a price)."""
    text = plain(heading)
    if any(plain(word) in text for word in marks("loose_price")):
        return Bound()
    for word in sorted(marks("whole_pack"), key=len, reverse=True):
        if word in text and ("价" in text or bare):
            return Bound(pack=word[1:])
    text = re.sub(r"[()\[\]]", " ", text)
    for shape, counted in _bounds():
        found = shape.search(text)
        if not found or not _only(text[: found.start()] + " " + text[found.end() :]):
            continue
        if not counted:
            return Bound()
        return Bound(number(re.sub(r"\s", "", found["n"])), unit(found["unit"]))
    if (
        bare
        and (found := re.fullmatch(rf"(?P<n>{_NUM})\s*(?P<unit>[^\d\s]{{1,8}})?", text.strip()))
        and (not found["unit"] or plain(found["unit"]) in counting())
    ):
        return Bound(number(re.sub(r"\s", "", found["n"])), unit(found["unit"]))
    return None


def _only(rest: str) -> bool:
    """Whether nothing but words of price, money and units is left."""
    rest = money_words().sub(" ", _noise().sub(" ", rest))
    return all(word in counting() or word in ("/", "", ":", "每", "per") for word in re.split(r"[\s/:,]+", rest))


def _settle(columns: list[Column], use: str) -> None:
    """One column for each kind that may be there once; models are item numbers where no column of numbers is."""
    if use == "prices":
        if not any(column.kind == "item_no" for column in columns):
            first = next((column for column in columns if column.kind == "model"), None)
            if first is not None:
                first.kind = "item_no"
        for column in columns:
            column.kind = "attribute" if column.kind == "model" else column.kind
        _names(columns)
    spare = "attribute" if use == "prices" else "unread"
    for kind in ("item_no", "barcode", "category", "colour", "size", "unit", "moq", "order_multiple", "stock", "quantity", "target"):
        best = sorted((column for column in columns if column.kind == kind), key=lambda column: (-column.confidence, column.index))
        for column in best[1:]:
            column.kind = spare
    if use == "lines":
        names = sorted((column for column in columns if column.kind == "name"), key=lambda column: (-column.confidence, column.index))
        for column in names[1:]:
            column.kind = "spec" if re.search("desc", plain(column.words)) else "unread"


ENGLISH = re.compile(r"英文|english|\ben\b|\(en\)")
CHINESE = re.compile(r"中文|chinese|\bcn\b|\bzh\b|\(cn\)")


_LESS_A_NAME = frozenset({"材料", "material", "title", "项目名称", "花名", "品种"})  # names only where nothing else is


def _names(columns: list[Column]) -> None:
    """Of two name columns the Chinese one is the name; a second one in the same language is described, not named."""
    names = [column for column in columns if column.kind in ("name", "name_en")]
    if not names:
        return
    english = [
        column
        for column in names
        if column.kind == "name_en" or ENGLISH.search(plain(column.words)) or not (_CJK.search(column.words) or CHINESE.search(plain(column.words)))
    ]
    chinese = [column for column in names if column not in english]
    main = max(chinese or english, key=lambda column: (plain(column.heading) not in _LESS_A_NAME, column.confidence, -column.index))
    if not chinese and len(english) > 1 and re.search("item|code", plain(main.words)) and not re.search("name|desc", plain(main.words)):
        main = next((column for column in english if re.search("name|desc", plain(column.words))), main)
    for column in names:
        column.kind = "name" if column is main else "name_en" if column in english and main in chinese else "attribute"


@cache
def _per() -> re.Pattern[str]:
    """What stands behind `/`, 每 or per: a unit we know, the longest first, or one character or word."""
    long = "|".join(re.escape(word) for word in sorted(counting(), key=len, reverse=True) if len(word) > 1 and _CJK.search(word))
    return re.compile(rf"(?:/|每|\bper\b)\s*((?:10000|10,000|1000|1,000|100|1k|一?[千百万])?\s*(?:{long}|[a-z㎡\u4e00-\u9fff][a-z0-9²]*)\.?)")


def priced_unit(text: str) -> str | None:
    """The unit a price heading or a note names: 元/千件, 批发价/双, USD per 1000 pcs."""
    for found in _per().finditer(plain(text)):
        name = unit(found[1])
        core = (name or "").lstrip("千百万") or (name or "")
        word = plain(found[1].strip("."))
        if name and (core in counting() or core in pieces() or word in counting() or unit(core) in ("kg", "t", "m", "g", "l")) and currency(found[1]) is None:
            return name
    return None


def bracket_unit(text: str) -> str | None:
    """The unit in a heading's bracket: 起订(袋), 库存(件), MOQ (pcs), 装箱数(个/箱)."""
    for found in re.finditer(r"[(\[]([^()\[\]]+)[)\]]|/\s*([^()/]+)$", plain(text)):
        inside = (found[1] or found[2]).strip()
        inside = inside.removeprefix("单位").strip(" :")
        first = inside.split("/")[0].strip()
        if plain(first) in counting() or (first[:1] in "千百万" and plain(first[1:]) in counting()):
            return unit(first)
    return None


def says_tax(column: Column) -> bool | None:
    """What the headings say of tax."""
    return tax(column.words)
