"""The order of an address book: the letter a name's pinyin begins with.

The first 3,755 signs of GB 2312 stand in the order of their pinyin (GB 2312-80, level 1), so the letter follows from the code;
signs of level 2 stand by radical, and the ones common in names are listed.
"""

STARTS = (
    (0xB0A1, "A"), (0xB0C5, "B"), (0xB2C1, "C"), (0xB4EE, "D"), (0xB6EA, "E"), (0xB7A2, "F"), (0xB8C1, "G"), (0xB9FE, "H"), (0xBBF7, "J"),
    (0xBFA6, "K"), (0xC0AC, "L"), (0xC2E8, "M"), (0xC4C3, "N"), (0xC5B6, "O"), (0xC5BE, "P"), (0xC6DA, "Q"), (0xC8BB, "R"), (0xC8F6, "S"),
    (0xCBFA, "T"), (0xCDDA, "W"), (0xCEF4, "X"), (0xD1B9, "Y"), (0xD4D1, "Z"),
)  # fmt: skip
LEVEL_1_END = 0xD7F9
LEVEL_2 = {
    sign: letter
    for letter, signs in {
        "C": "铖琛宸晁岑", "F": "芙菲璠霏", "G": "珙赓", "H": "昊晖泓瀚衢颢", "J": "珺婧钜璟臻菁靓", "K": "锴恺", "L": "璐俪玮琳麟岚泷", "M": "淼鄢岷",
        "P": "芃邳", "Q": "琪祺麒芊衢沁", "R": "榕芮", "S": "晟飒莘", "T": "彤滕郯", "W": "炜玮雯暐", "X": "鑫昕忻煊馨萱", "Y": "甬钰烨瑜熠怡昱懿鄞弈煜",
        "Z": "圳郅铮甄",
    }.items()
    for sign in signs
}  # fmt: skip
OTHER = "#"


def letter(name: str) -> str:
    """`A` to `Z`, or `#` for what has none."""
    first = next((sign for sign in name if sign.isalnum()), "")
    if first.isascii() and first.isalpha():
        return first.upper()
    code = int.from_bytes(first.encode("gb2312", "ignore"), "big")
    if STARTS[0][0] <= code <= LEVEL_1_END:
        return [found for start, found in STARTS if start <= code][-1]
    return LEVEL_2.get(first, OTHER)


def order(name: str) -> tuple[bool, str, bytes]:
    """Sort key: by letter, `#` last, then by the code of the whole name."""
    found = letter(name)
    return found == OTHER, found, name.casefold().encode("gb18030", "ignore")
