"""What makes the product installable: manifest, service worker, and the page shown without a network."""

import hashlib
import json
import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import override
from django.views.decorators.http import require_safe

from guanxi.web.sheets import style_sheets

WORKER = Path(__file__).with_name("sw.js")
PUSH = Path(__file__).with_name("push.js")
NOW = re.compile(r'<meta name="now"[^>]*>')  # the one thing of a page that is new each time: a new version throws away what is kept
SCRIPTS = Path(settings.BASE_DIR, "guanxi", "web", "static", "js")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """W3C web app manifest."""
    icons = [{"src": static(f"icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    icons += [{"src": static("icons/icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}]
    body = {
        "id": "/m",
        "name": "关系 Guanxi",
        "short_name": "关系",
        "description": "边聊边做生意 · Trade happens in the conversation",
        "lang": "zh-CN",
        "start_url": "/m",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f2ee",
        "theme_color": "#2f4aa6",
        "icons": icons,
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps our own hashed files and the offline page; talks are kept by pages, for their person alone."""
    files = kept_files()
    script = WORKER.read_text() + PUSH.read_text()
    version = hashlib.sha256("\n".join((*files, script, NOW.sub("", offline_page()))).encode()).hexdigest()[:12]
    for mark, said in (('"VERSION"', version), ('["FILES"]', files), ('"ICON"', static("icons/icon-192.png"))):
        script = script.replace(mark, json.dumps(said))
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker when no page can be had; the same for everyone, in both languages."""
    answer = HttpResponse(offline_page())
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def offline_page() -> str:
    """Rendered without a request: nothing of a person can be in it."""
    with override("zh-hans"):
        return render_to_string("web/pwa/offline.html", {}, using="jinja2")


def kept_files() -> list[str]:
    """Style sheets, icons, and the scripts every page and talk needs."""
    scripts = sorted(str(path.relative_to(SCRIPTS)) for path in (*SCRIPTS.glob("*.js"), *SCRIPTS.glob("talk/*.js")))
    return [*style_sheets(), *(static(f"js/{name}") for name in scripts), static("django_htmx/htmx-2.min.js"), static("icons.svg"), static("icons/icon.svg")]
