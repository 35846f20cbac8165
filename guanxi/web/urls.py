"""The pages, folder by folder. Each folder has a `urls.py`; a new one adds its line to FOLDERS."""

from django.urls import URLPattern, URLResolver, include, path

FOLDERS = (
    "pwa", "keys", "go", "gallery", "inbox", "rfqs", "door", "quote", "compare", "contract", "change", "dispute", "deal", "bank", "statement", "pay", "ship",
    "receive", "review", "groups", "conversation", "files", "signin", "start", "company", "goods", "discover", "invite", "contacts", "me", "work",
    "notices", "standing", "console",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"guanxi.web.{folder}.urls")) for folder in FOLDERS]
