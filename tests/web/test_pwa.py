"""Installable, and honest without a network: nothing of a person is ever kept by the browser."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from guanxi.base import clock

pytestmark = pytest.mark.django_db


def test_the_manifest_names_icons_that_exist():
    answer = Client().get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/m", "/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])


def test_the_worker_keeps_only_static_files_and_the_offline_page():
    answer = Client().get("/sw.js")
    script = answer.content.decode()
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", script)[1])
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert files
    assert all(path.startswith("/static/") for path in files)
    assert '"VERSION"' not in script


def test_the_worker_is_the_same_until_something_of_ours_changes(monkeypatch):
    first = Client().get("/sw.js").content
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert Client().get("/sw.js").content == first


def test_the_offline_page_is_the_same_for_everyone_in_both_languages():
    answer = Client().get("/offline")
    html = answer.content.decode()
    assert "没有网络" in html
    assert '<h2 lang="en">No network</h2>' in html
    assert "csrf" not in html.lower()
    assert not answer.cookies
