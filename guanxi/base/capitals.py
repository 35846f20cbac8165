"""Amounts of renminbi in the capital figures that contracts and bank papers carry.

The rules are those of the People's Bank of China for filling in bills and settlement papers (支付结算办法, annex 1): zeros inside are one 零,
整 closes an amount without fen. Where the annex leaves a 零 to the writer it is left out.
"""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
WAN, YI = 10**4, 10**8


def rmb(amount: int) -> str:
    """`amount` in fen: 1400050 gives 人民币壹万肆仟元伍角整. Raises ValueError below zero."""
    if amount < 0:
        raise ValueError("an amount in capitals is never negative")
    yuan, rest = divmod(amount, 100)
    jiao, fen = divmod(rest, 10)
    words = f"{whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        words += DIGITS[0]
    return f"人民币{words}{DIGITS[fen]}分" if fen else f"人民币{words}整"


def whole(number: int) -> str:
    """A whole number in capital figures."""
    if number == 0:
        return DIGITS[0]
    for size, name in ((YI, "亿"), (WAN, "万")):
        if number >= size:
            high, low = divmod(number, size)
            return whole(high) + name + (_after(low, size) if low else "")
    return _group(number)


def _after(low: int, size: int) -> str:
    """What follows a larger unit: with a 零 when its own first place is empty."""
    return (DIGITS[0] if low < size // 10 else "") + whole(low)


def _group(number: int) -> str:
    """1 to 9999."""
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += (DIGITS[0] if zero and words else "") + DIGITS[digit] + PLACES[place]
        zero = digit == 0
    return words
