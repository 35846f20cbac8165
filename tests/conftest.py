"""What many tests share and what is dear: one whole server, one browser. Each starts when the first test asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server, serve

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The product with its demo world, on ports of its own."""
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One browser for everything: its loop may run only once in a thread."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs in this thread; the ORM does not run in it
    playwright.expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
