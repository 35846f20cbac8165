"""A purchase list as people say it: a line at a time, several items in a line, figures and spoken numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

from guanxi.sheets.cell import tidy
from guanxi.sheets.figures import PLAIN, SPOKEN, number
from guanxi.sheets.line import BAD_QUANTITY, NO_QUANTITY, Line, Rejected
from guanxi.sheets.price import price
from guanxi.sheets.units import counting, measures, unit
from guanxi.sheets.vocabulary import marks, pattern, plain

CLOCK = re.compile(r"(?<![\d:*×x/])(?:[01]?\d|2[0-3])[::][0-5]\d(?![\d:*×x]*\s*(?:个|只|件))")
NUMBERING = re.compile(r"\s*(?:\(?\d{1,3}(?:、|\.(?=\s)|\.(?=[\u4e00-\u9fff])|\)|:(?=\s))|[-•·*](?=\s))\s*")
CUTS = re.compile(r"[;。!!\n]|,(?!\d{3}(?!\d))|(?<!\d),")
PUNCTUATION = " \t,.;:!?、。~…)"
_FIGURES = rf"(?:{PLAIN})\s*(?:[千万kKwW百](?![a-zA-Z]))?"
_SPOKEN_CHARS = re.sub("[俩仨]", "", SPOKEN)
_ARTICLE = re.compile(
    r"^(?P<half>half\s+an?\s+)?(?(half)|an?\s+)(?=(?:dozen|box|roll|set|pair|pack|bag|carton|case|reel|bottle|kg|ton|gross|drum|bundle)\b)", re.IGNORECASE
)
_VAGUE_WORD = r"(?:若干|适量|一些|少许|一批|some|a\s+few|several|few|as needed)"


@cache
def _units() -> str:
    """Every unit, the longest first; Latin ones end where their letters end."""
    return "|".join(re.escape(word) + (r"(?![a-z])" if word[-1].isascii() else "") for word in sorted(counting(), key=len, reverse=True))


@cache
def _at_end() -> re.Pattern[str]:
    return re.compile(
        rf"^(?P<name>.*?)(?<![a-zA-Z0-9.*×/#\-~])(?P<number>{_FIGURES}|(?<![{_SPOKEN_CHARS}])[{_SPOKEN_CHARS}]+)\s*(?P<unit>{_units()})(?P<half>半)?$",
        re.IGNORECASE,
    )


@cache
def _at_start() -> re.Pattern[str]:
    return re.compile(rf"^(?P<number>{_FIGURES}|[{_SPOKEN_CHARS}]+)\s*(?P<unit>{_units()})(?P<half>半)?(?:的)?\s*(?:of\s+)?(?P<name>\S.*)$", re.IGNORECASE)


@cache
def _vague() -> re.Pattern[str]:
    ranged = rf"(?:{PLAIN})\s*(?:-|~|到|至|—)\s*(?:{PLAIN})"
    some = rf"[几数][十百千万]*|[{_SPOKEN_CHARS}\d]+[多来余几][万千百]?|[一二三四五六七八九两]{{2}}[十百千万]*|[十百千万][几来多]|{ranged}"
    one = rf"(?:{some})\s*(?:{_units()})"
    at_end = rf"(?:^|.*?(?<![{_SPOKEN_CHARS}\d.*×/])){one}$"
    worded = rf".*(?:{_VAGUE_WORD})(?:{_units()})?$|^(?:{_VAGUE_WORD}).*"
    return re.compile(rf"{at_end}|^{one}.*|{worded}|.*\s[{_SPOKEN_CHARS}]+[多来几]$", re.IGNORECASE)


@cache
def _lead(kind: str) -> re.Pattern[str]:
    words = "|".join(re.escape(plain(word)) + (r"(?![a-z])" if word[-1].isascii() else "") for word in sorted(marks(kind), key=len, reverse=True))
    return re.compile(rf"^(?:(?:{words})[\s,:]*)+" if kind == "lead_in" else rf"(?:[\s,:]*(?:{words}))+$", re.IGNORECASE)


@cache
def _target() -> re.Pattern[str]:
    words = "|".join(re.escape(plain(word)) + (r"(?![a-z])" if word[-1].isascii() else "") for word in sorted(marks("target_words"), key=len, reverse=True))
    return re.compile(rf"(?:{words})(?:\s*(?:是|为|在|大概|约|:|{words}))*\s*(?=\S*\d)", re.IGNORECASE)


def read(text: str) -> tuple[list[Line], list[Rejected]]:
    """Lines of an enquiry out of free text; `row` is the line of the text, from 1."""
    lines: list[Line] = []
    rejected: list[Rejected] = []
    for row, raw in enumerate(text.splitlines(), 1):
        before = len(lines)
        wrong = _line(row, raw, lines)
        if (wrong and len(lines) == before) or wrong:
            rejected.append(Rejected(None, row, wrong))
    return lines, rejected


def _line(row: int, raw: str, lines: list[Line]) -> str | None:
    """Adds the items of one line; says what is wrong with it, if anything."""
    text = tidy(re.sub(r"[，；]", lambda sign: f"{sign[0]}\n", re.sub(r"\[[^\[\]]{1,6}\]", " ", raw)))
    flat = text.replace("\n", " ")
    if not flat or CLOCK.search(flat):
        return None
    numbered = NUMBERING.match(text)
    body = text[numbered.end() :] if numbered else text
    here, wrong = len(lines), None
    for piece in _pieces(body):
        first = _target().match(plain(piece))
        if first and len(lines) > here:
            lines[-1] = _priced(lines[-1], plain(piece)[first.end() :])
            continue
        items, bad = _items(row, piece)
        lines.extend(items)
        wrong = wrong or bad
    if numbered and not wrong and len(lines) == here and body.strip(PUNCTUATION):
        return NO_QUANTITY
    return wrong


def _pieces(body: str) -> Iterator[str]:
    """Cut at semicolons, commas that are in no figure, full stops."""
    for part in CUTS.split(body):
        if part and part.strip(PUNCTUATION):
            yield part.strip()


def _items(row: int, piece: str) -> tuple[list[Line], str | None]:
    """The items of one piece: usually one, none without quantity, more with 各."""
    words, _sep, ceiling = piece, "", ""
    found = _target().search(piece)
    if found and found.start():
        words, ceiling = piece[: found.start()], piece[found.end() :]
    words = _bare(words)
    got = quantity_of(words)
    if got is None:
        return [], BAD_QUANTITY if words and _vague().match(re.sub(r"\s+(?=[几数])", " ", words)) else None
    name, many, counted = got
    if many <= 0:
        return [], BAD_QUANTITY
    made = [Line(row=row, sheet=None, name=one, quantity=many, unit=counted) for one in _each(name)]
    return ([_priced(line, ceiling) for line in made] if ceiling else made), None


def _bare(words: str) -> str:
    """Without what is said around: 麻烦 … 吧, 大概, and signs at the ends."""
    before = None
    while words != before:
        before = words
        words = words.strip(" \t,.;:!、。~…")
        words = _lead("lead_out").sub("", words)
        words = _lead("lead_in").sub("", words)
        words = re.sub(rf"(?:{pattern('approximate').pattern})$", "", words, flags=re.IGNORECASE).rstrip()
        words = re.sub(rf"^(?:{pattern('approximate').pattern})\s*(?=[\d{_SPOKEN_CHARS}])", "", words, flags=re.IGNORECASE)
    return words


def quantity_of(words: str) -> tuple[str, Decimal, str | None] | None:
    """Name, quantity and unit of a piece; a counting word goes before a measure, then the end before the beginning."""
    words = _ARTICLE.sub(lambda found: "0.5 " if found["half"] else "1 ", words, count=1)
    ends = [found for found in (_ended(words), _started(words)) if found]
    if not ends:
        return _bare_end(words)
    return next((one for one in ends if one[2] not in measures()), ends[0])


def _ended(words: str) -> tuple[str, Decimal, str | None] | None:
    found = _at_end().match(words)
    if not found or (_vague().match(words) and not re.search(r"\d$", found["number"].strip())):
        return None
    name = _name_before(found["name"])
    many = _number(found["number"], found["half"])
    return (name, many, unit(found["unit"])) if many is not None and name else None


def _started(words: str) -> tuple[str, Decimal, str | None] | None:
    found = _at_start().match(words)
    if not found or found["number"].strip()[0] in "百千万亿" or (found["unit"] == "M" and not found["name"][0].isascii()):
        return None
    many = _number(found["number"], found["half"])
    return (found["name"].strip(PUNCTUATION), many, unit(found["unit"])) if many is not None and found["name"].strip(PUNCTUATION) else None


def _bare_end(words: str) -> tuple[str, Decimal, str | None] | None:
    """A spoken number of two characters or more after a blank counts without unit, and 俩."""
    found = re.match(rf"^(?P<name>.*?\S)(?:\s+(?:要|来|需要)?\s*(?P<number>[{_SPOKEN_CHARS}]{{2,}})|\s*(?P<pair>[俩仨]))$", words)
    if not found:
        return None
    many = number(found["number"] or found["pair"])
    name = _name_before(found["name"])
    return (name, many, None) if many is not None and name else None


def _number(text: str, half: str | None) -> Decimal | None:
    many = number(re.sub(r"\s+", "", text))
    return many + Decimal("0.5") if many is not None and half else many


def _name_before(name: str) -> str:
    """What stands before a quantity without 要, 来, 约 and signs."""
    before = None
    while name != before:
        before = name
        name = re.sub(rf"(?:{pattern('approximate').pattern})\s*$", "", name.strip(" \t,.;:!、。~…=-"), flags=re.IGNORECASE)
        name = re.sub(r"\s*(?:要|来|需要|订|共计?|再来|数量|\s[x×*])\s*$", "", name)
    return name


def _each(name: str) -> list[str]:
    """`文件袋 红色/蓝色 各` are two."""
    if not name.endswith("各"):
        return [name]
    name = name[:-1].rstrip(" ,、")
    head, _blank, last = name.rpartition(" ")
    kinds = [kind.strip() for kind in re.split(r"[/、,]|(?<=[\u4e00-\u9fff])[和与跟](?=[\u4e00-\u9fff])", last) if kind.strip()]
    return [f"{head} {kind}".strip() for kind in kinds] or [name]


def _priced(line: Line, text: str) -> Line:
    """With the target price that was said behind it."""
    got = ceiling_of(text)
    return replace(line, target_price=got[0], currency=got[1] or "CNY") if got else line


def ceiling_of(text: str) -> tuple[Decimal, str | None] | None:
    """A price one may pay at most, and its money if it is said; None when it is no price."""
    words = re.sub(rf"{pattern('at_most').pattern}|{pattern('target_words').pattern}|{pattern('approximate').pattern}", " ", plain(text)).strip(" :.,。!")
    words = _lead("lead_out").sub("", words).strip()
    got = price(words)
    return (got.amount, got.currency) if got.amount is not None else None
