"""The Jinja2 environment of every page: two languages, nothing undefined, and the words of ui.md section 6 as filters."""

from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.web import figures, looks, moments, words
from guanxi.web.sheets import style_sheets
from guanxi.web.tabs import tab_counts


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def page_language() -> str:
    """What the `lang` attribute says: `zh-CN` or `en`."""
    return "zh-CN" if (translation.get_language() or "").startswith("zh") else "en"


def environment(**options: Any) -> jinja2.Environment:
    """Made once a process by Django's Jinja2 backend (settings.TEMPLATES)."""
    env = jinja2.Environment(**{**options, "autoescape": True, "undefined": jinja2.StrictUndefined})  # noqa: S701 it is on
    install = env.install_gettext_callables  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
    install(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(url=url, static=static, page_language=page_language)
    env.globals.update(new_key=new_id, now=clock.now, script_words=words.script_words, style_sheets=style_sheets, tab_counts=tab_counts)
    env.filters.update(figures.FILTERS | moments.FILTERS | looks.FILTERS)
    return env
