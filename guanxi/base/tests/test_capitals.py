"""Amounts in capital figures, with the examples of the rule itself (支付结算办法, annex 1) and the places where zeros meet."""

import pytest

from guanxi.base.capitals import rmb


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (1, "壹分"), (10, "壹角整"), (56, "伍角陆分"), (100, "壹元整"), (101, "壹元零壹分"), (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"), (168032, "壹仟陆佰捌拾元叁角贰分"), (10700053, "壹拾万柒仟元伍角叁分"), (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"), (100000, "壹仟元整"), (1000100, "壹万零壹元整"), (1001000, "壹万零壹拾元整"), (10000000000, "壹亿元整"),
        (10000000700, "壹亿零柒元整"), (10000700000, "壹亿零柒仟元整"), (123456789012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        (10**15, "壹拾万亿元整"), (2000000000000000, "贰拾万亿元整"),
    ],
)  # fmt: skip
def test_an_amount_in_capital_figures(fen, words):
    assert rmb(fen) == f"人民币{words}"


def test_nothing_below_zero():
    with pytest.raises(ValueError, match="negative"):
        rmb(-1)


def test_every_amount_reads_back():
    """An independent reader: figures and units back into a number."""
    digits = {word: n for n, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}

    def number(words: str) -> int:
        for unit, size in (("亿", 10**8), ("万", 10**4)):
            if unit in words:
                high, low = words.rsplit(unit, 1) if unit == "万" else words.split(unit, 1)
                return number(high) * size + number(low)
        total = last = 0
        for word in words:
            if word in places:
                total, last = total + last * places[word], 0
            else:
                last = digits[word]
        return total + last

    for fen in (*range(0, 3000, 7), *(10**n + d for n in range(2, 13) for d in (-1, 0, 1, 10, 1000, 100000))):
        words = rmb(fen).removeprefix("人民币").removesuffix("整")
        yuan, _, rest = words.rpartition("元")
        jiao, _, tail = rest.rpartition("角")
        found = number(yuan or "零") * 100 + number(jiao or "零") * 10 + number(tail.removesuffix("分") or "零")
        assert found == fen, words
