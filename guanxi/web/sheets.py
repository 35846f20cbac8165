"""Static files: hashed names also inside ES modules, and one style sheet out of the parts when they are collected."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

PARTS = ("tokens", "base", "words", "acts", "bars", "rows", "trade", "talk", "forms", "over", "goods", "layout", "pages", "screens-deals", "meaning")
WHOLE = "css/guanxi.css"
COMMENT, SPACE, AROUND = re.compile(rb"/\*.*?\*/", re.DOTALL), re.compile(rb"\s+"), re.compile(rb" ?([{};,]) ?")


class Hashed(CompressedManifestStaticFilesStorage):
    """Setting STORAGES["staticfiles"]: names carry a hash of the content, so they may be kept for ever."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Joins the style sheets in their order, then hashes and compresses everything."""
        if not dry_run and all(f"css/{part}.css" in paths for part in PARTS):
            self.delete(WHOLE)
            self._save(WHOLE, ContentFile(b"\n".join(tight(_read(paths, f"css/{part}.css")) for part in PARTS)))
            paths[WHOLE] = (self, WHOLE)
        yield from super().post_process(paths, dry_run, **options)


def style_sheets() -> list[str]:
    """The addresses a page links: one where files were collected, the parts in development and tests."""
    if isinstance(staticfiles_storage, Hashed):
        return [static(WHOLE)]
    return [static(f"css/{part}.css") for part in PARTS]


def tight(sheet: bytes) -> bytes:
    """Without comments and idle space: a quarter fewer bytes to read on a phone."""
    spaced = SPACE.sub(b" ", COMMENT.sub(b"", sheet))
    return AROUND.sub(rb"\1", spaced).strip()


def _read(paths: dict[str, tuple[Storage, str]], name: str) -> bytes:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read()
