"""The words of lists, read from `words/*.toml`; docs/how/words-of-lists.md says how to add some."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"


@cache
def table(name: str) -> dict[str, Any]:
    """One file of words."""
    return tomllib.loads((WORDS / f"{name}.toml").read_text("utf-8"))


@cache
def _traditional() -> dict[int, str]:
    both = table("traditional")
    return {ord(old): new for old, new in zip(both["from"], both["to"], strict=True)}


def plain(text: str) -> str:
    """How words are compared: lower case, simplified characters, single blanks."""
    return " ".join(text.translate(_traditional()).lower().split())


@cache
def marks(kind: str) -> frozenset[str]:
    """The words of one kind."""
    return frozenset(plain(word) for word in table("marks")[kind])


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """Any word of one kind inside a text, the longest first; English words only whole."""
    return any_of(table("marks")[kind])


def any_of(words: list[str]) -> re.Pattern[str]:
    """One of these words, as it stands inside a text made `plain`."""
    return re.compile("|".join(_bordered(plain(word)) for word in sorted(words, key=len, reverse=True)))


def _bordered(word: str) -> str:
    left = r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    right = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return left + re.escape(word) + right


def holds(kind: str, text: str) -> bool:
    """Whether a text says a word of this kind."""
    return bool(text) and pattern(kind).search(plain(text)) is not None


@cache
def tax_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Tax out, tax in; the first is looked for first."""
    both = table("marks")["tax"]
    return re.compile("|".join(both["out"])), re.compile("|".join(both["in"]))


def tax(text: str) -> bool | None:
    """What a text says of tax: included, not, or nothing."""
    if not text:
        return None
    out, into = tax_patterns()
    words = plain(text)
    return False if out.search(words) else True if into.search(words) else None


@cache
def _currencies() -> list[tuple[re.Pattern[str], str]]:
    rows = [(word, code) for code, words in table("marks")["currency"].items() for word in words]
    return [(re.compile(_bordered_money(plain(word))), code) for word, code in sorted(rows, key=lambda row: -len(row[0]))]


def _bordered_money(word: str) -> str:
    return (
        (r"(?<![a-z])" if word[0].isalpha() and word[0].isascii() else "")
        + re.escape(word)
        + (r"(?![a-z])" if word[-1].isalpha() and word[-1].isascii() else "")
    )


def currency(text: str) -> str | None:
    """ISO 4217 of the money a text names; the longest word of it counts."""
    words = plain(text) if text else ""
    return next((code for sign, code in _currencies() if sign.search(words)), None) if words else None


@cache
def money_words() -> re.Pattern[str]:
    """Any sign or word of money."""
    return re.compile("|".join(sign.pattern for sign, _code in _currencies()))
