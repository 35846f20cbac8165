"""Text as tokens: Chinese by pairs of signs and, for pinyin, by words; specifications such as M8×30 whole; everything else by word.

Pairs need no dictionary, so that a search finds any part of a run of Chinese, whatever a dictionary would have cut.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import rjieba
from pypinyin import Style, lazy_pinyin

MOST_TEXT = 6000  # characters of one entry
MOST_ASKED = 12  # tokens of one question
LONGEST = 60
CHINESE = re.compile(r"[\u3400-\u9fff]+")
PLAIN = re.compile(r"[^\W_\u3400-\u9fff]+(?:[.*/x×#+-][^\W_\u3400-\u9fff]+)*")
TIMES = re.compile(r"(?<=[\da-z])[*×](?=[\da-z])")


def of_text(text: str) -> set[str]:
    """What a text is found by."""
    plain = normal(text[:MOST_TEXT])
    found: set[str] = set()
    for run in CHINESE.findall(plain):
        found.update(run)
        found.update(run[n : n + 2] for n in range(len(run) - 1))
    for word in rjieba.cut(plain):
        if CHINESE.fullmatch(word):
            found.update(spoken(word))
    for spec in PLAIN.findall(plain):
        found.update(parts(spec))
    return {one[:LONGEST] for one in found if one}


@lru_cache(maxsize=20_000)
def spoken(word: str) -> tuple[str, ...]:
    """A Chinese word in pinyin: whole, by its first letters, and by syllable."""
    syllables = lazy_pinyin(word, style=Style.NORMAL)
    return ("".join(syllables), "".join(one[0] for one in syllables if one), *syllables)


def parts(spec: str) -> Iterator[str]:
    """A specification whole, and its words."""
    yield spec
    yield from re.split(r"[.*/#+-]|(?<=\d)x(?=\d)", spec)


def query(asked: str) -> str:
    """A tsquery of all that is asked, or '' for nothing: pairs of Chinese signs as they are, everything else by its beginning."""
    return " & ".join(quoted(one) if CHINESE.match(one) else quoted(one) + ":*" for one in wanted(asked))


def wanted(asked: str) -> list[str]:
    """What is looked for, each once: pairs of Chinese signs, then words and specifications."""
    plain = normal(asked[:200])
    pairs = [run[n : n + 2] for run in CHINESE.findall(plain) for n in range(max(1, len(run) - 1))]
    return list(dict.fromkeys([*pairs, *(spec[:LONGEST] for spec in PLAIN.findall(plain))]))[:MOST_ASKED]


def quoted(token: str) -> str:
    """A token as tsquery reads it: signs of its grammar are data (quality.md A27)."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def normal(text: str) -> str:
    """One form for what looks alike: full and half width, upper and lower, the three signs for times."""
    return TIMES.sub("x", unicodedata.normalize("NFKC", text).lower()).replace("\x00", "")
