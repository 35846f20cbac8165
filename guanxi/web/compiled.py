"""Only the sources of translations (`.po`) are kept in the repository; what Django reads (`.mo`) is made at the first start after a change."""

from pathlib import Path

import structlog
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

log = structlog.get_logger(__name__)


def refresh() -> None:
    """Compiles what is newer, and lets Django read it again: it has looked once already while it loaded the models."""
    if not stale():
        return
    from guanxi.web import messages  # with Babel behind it: only when needed

    try:
        messages.compile_all()
    except OSError as error:  # a checkout that cannot be written: msgids are English and readable
        log.warning("words_not_compiled", error=str(error))
        return
    translation_file_changed(None, Path("django.mo"))  # what Django's own reloader calls


def stale() -> bool:
    """Whether a catalogue's source is newer than its compiled form."""
    sources = [path for folder in settings.LOCALE_PATHS for path in folder.glob("*/LC_MESSAGES/django.po")]
    return any(not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime for po in sources)
