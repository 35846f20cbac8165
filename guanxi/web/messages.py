"""The words of the product in other languages: `python -m guanxi.web.messages [--from DIR] | --check | --compile`.

Without an option: reads every message out of Python and templates, keeps the translations there are, drops what is gone, and writes
the sorted `.po` files. `--from DIR` takes new translations from `*.tsv` (msgid TAB msgstr [TAB context], `\\n` and `\\t` written out).
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).resolve().parents[1]
LOCALE = HOUSE / "locale"
LANGUAGES = ("zh_Hans",)
# Babel knows gettext and friends; the lazy ones it would skip without a word.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
HEADER = '''msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

'''  # no dates: the file changes only when words do
LEFT_OUT = {"migrations", "tests", "locale", "static"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}|%%")
Key = tuple[str | None, str]


def found() -> Catalog:
    """Every message that stands in the code now."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(HOUSE.rglob("*.py")) + sorted(HOUSE.rglob("*.html")):
        if LEFT_OUT.isdisjoint(path.relative_to(HOUSE).parts):
            method = "python" if path.suffix == ".py" else "jinja2"
            for _line, message, _comments, context in extract_from_file(method, path, KEYWORDS, options=JINJA_OPTIONS):
                catalog.add(message, context=context)
    return catalog


def stored(language: str) -> Catalog:
    """The catalogue as it lies in the repository; empty when there is none."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, given: dict[Key, str]) -> Catalog:
    """What stands in the code, with the translations kept and the given ones on top."""
    old = {key_of(message): message for message in stored(language) if message.id}
    catalog = Catalog(locale=language, charset="utf-8")
    for message in found():
        if message.id:
            before = old.get(key_of(message))
            text = given.get(key_of(message)) or (singular(before.string) if before else "")
            catalog.add(message.id, (text,) if message.pluralizable else text, context=message.context)
    return catalog


def given_in(folder: Path) -> dict[Key, str]:
    """Translations from `*.tsv`; of two for one message the later file wins."""
    given: dict[Key, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = [unescape(part) for part in line.split("\t")]
            if len(parts) >= 2 and parts[0] and parts[1]:
                given[(parts[2] if len(parts) > 2 and parts[2] else None, parts[0])] = parts[1]
    return given


def update(given: dict[Key, str]) -> None:
    """Writes the catalogue of every language."""
    for language in LANGUAGES:
        path = po_path(language)
        catalog = merged(language, given)  # read before the file is opened for writing
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER.format(language=language).encode())
            write_po(file, catalog, sort_output=True, no_location=True, width=0, omit_header=True)


def problems(language: str) -> Iterator[str]:
    """What keeps this language from being complete and exact."""
    there = {key_of(message): message for message in stored(language) if message.id}
    code = {key_of(message) for message in found() if message.id}
    yield from (f"missing: {words!r}" for _context, words in sorted(code - set(there), key=str))
    yield from (f"obsolete: {words!r}" for _context, words in sorted(set(there) - code, key=str))
    for key, message in sorted(there.items(), key=str):
        if key in code and (wrong := problem(message)):
            yield f"{wrong}: {key[1]!r}"


def problem(message: Message) -> str:
    """Why one translation cannot stand, or ''."""
    text = singular(message.string)
    if not text:
        return "untranslated"
    if message.fuzzy:
        return "fuzzy"
    wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1])) - {"%%"}
    got = set(PLACEHOLDER.findall(text)) - {"%%"}
    return f"placeholders {sorted(got)} instead of {sorted(wanted)}" if wanted != got else ""


def check() -> int:
    """Prints what is wrong; the exit code of `make check`."""
    wrong = [f"{language}: {line}" for language in LANGUAGES for line in problems(language)]
    print("\n".join(wrong) or "messages: complete", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


def compile_all() -> None:
    """Writes the `.mo` files Django reads, where the `.po` is newer."""
    for language in LANGUAGES:
        source, target = po_path(language), po_path(language).with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        half = target.with_name(f"{target.name}.{os.getpid()}")
        with half.open("wb") as file:
            write_mo(file, stored(language))
        half.replace(target)


def po_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def key_of(message: Message) -> Key:
    """Context and (singular) msgid."""
    return (message.context or None, singular(message.id))


def singular(text: str | tuple[str, ...] | list[str] | None) -> str:
    """The only form in Chinese, the first of a pair in English."""
    return text if isinstance(text, str) else text[0] if text else ""


def unescape(text: str) -> str:
    """`\\n` and `\\t` of a tsv cell as the signs they mean."""
    return text.strip().replace("\\n", "\n").replace("\\t", "\t")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m guanxi.web.messages", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, help="take translations from the *.tsv of this folder")
    parser.add_argument("--check", action="store_true", help="fail when a message is missing, untranslated, obsolete or inexact")
    parser.add_argument("--compile", action="store_true", help="write the .mo files")
    options = parser.parse_args(arguments)
    if options.check:
        return check()
    if not options.compile:
        update(given_in(options.folder) if options.folder else {})
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
