"""Figures as lists write them: `1,200`, `1.2万`, `2K`, 两百零五, 半."""

import re
from decimal import Decimal
from fractions import Fraction

from guanxi.sheets.vocabulary import plain

PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
TIMES = {"千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "百": 100, "亿": 100_000_000}
DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
ALONE = {"俩": 2, "仨": 3}
PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SPOKEN = "零〇一二两三四五六七八九十百千万亿廿壹贰叁肆伍陆柒捌玖拾佰仟俩仨半"
_FIGURE = re.compile(rf"(?:{PLAIN})$")


def figure(text: str) -> Decimal | None:
    """A number in figures, thousands by threes; None for anything else (`1,20`, `12,5`)."""
    text = text.strip()
    return Decimal(text.replace(",", "")) if _FIGURE.match(text) else None


def spoken(text: str) -> Decimal | None:
    """A number in characters: 两百零五 205, 一千二 1200, 三万五 35000, 半 0.5; None for anything else."""
    text = plain(text).replace("廿", "二十")
    if text == "半":
        return Decimal("0.5")
    if text in ALONE:
        return Decimal(ALONE[text])
    if not text or any(sign not in SPOKEN or sign in "半俩仨" for sign in text):
        return None
    if len(text) > 1 and all(sign in DIGITS for sign in text):
        return (
            None
            if text[0] in "零〇" or "两" in text or (len(text) == 2 and "零" not in text and "〇" not in text)
            else Decimal("".join(str(DIGITS[sign]) for sign in text))
        )
    return _placed(text)


def _placed(text: str) -> Decimal | None:
    """Digits with their places; a last digit without one belongs to the place below the last."""
    whole, part, digit, last = 0, 0, None, 1
    for sign in text:
        if sign in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = DIGITS[sign]
            last = 1 if digit == 0 else last
        elif sign in PLACES:
            part += (digit if digit is not None else 1) * PLACES[sign]
            digit, last = None, PLACES[sign]
        else:
            size = TIMES[sign]
            whole, part, digit, last = (whole + (part + (digit or 0) or 1) * size), 0, None, size
    if digit is not None:
        part += digit * (last // 10 if last >= 100 else 1)
    return Decimal(whole + part)


def number(text: str) -> Decimal | None:
    """A number however it is written: figures, with 千 K 万 W, in characters, as a fraction (`1/2`, `1 1/2`)."""
    text = plain(text)
    found = figure(text)
    if found is not None:
        return found
    if text and text[-1] in TIMES and (base := figure(text[:-1])) is not None:
        return base * TIMES[text[-1]]
    parts = re.fullmatch(r"(?:(\d+)\s+)?(\d+)/(\d+)", text)
    if parts and int(parts[3]):
        return finite(Fraction(int(parts[1] or 0)) + Fraction(int(parts[2]), int(parts[3])))
    return spoken(text)


def finite(value: Fraction) -> Decimal | None:
    """The same number as a decimal; None when it has no end (1/3)."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(value.numerator) / Decimal(value.denominator) if rest == 1 else None


def short(value: Decimal) -> str:
    """As decimal text without useless zeros or power of ten."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def natural(value: Decimal) -> int | float:
    """As JSON holds it."""
    return int(value) if value == value.to_integral_value() else float(value)
