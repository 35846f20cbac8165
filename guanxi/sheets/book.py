"""Opening a file, whatever it is: the sheets that are there, or the text."""

from guanxi.sheets import text, xls, xlsx
from guanxi.sheets.sheet import MOST_BYTES, Sheet, Unreadable

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF", b"BM", b"\x7fELF", b"MZ", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def open_book(source: str | bytes) -> tuple[list[Sheet], str | None]:
    """Sheets, and the whole text where the source is text. Raises Unreadable: what is no table, too large, protected, unsafe."""
    if len(source) > MOST_BYTES:
        raise Unreadable("too_large", f"more than {MOST_BYTES // 1024 // 1024} MiB")
    if isinstance(source, str):
        return _of_text(source)
    if source[:2] == b"PK":
        return xlsx.sheets_of(source), None
    if source[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P" in source:
            raise Unreadable("protected", "this workbook has a password")
        return xls.sheets_of(source), None
    if source.startswith(PICTURES):
        raise Unreadable("no_table", "this file is no table")
    return _of_text(text.decoded(source))


def _of_text(words: str) -> tuple[list[Sheet], str]:
    if not words.strip():
        raise Unreadable("empty", "there is nothing in it")
    found = text.sheet_of(words)
    return ([found] if found else []), words
