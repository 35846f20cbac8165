"""Two people in two browsers: pages by Django's test server, the gateway as a process of its own, both on the test database."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.processes import Gateway, database_url
from tests.make import Actor, Pair, pair
from tests.signed import session_of


@pytest.fixture
def plain_static(settings) -> None:
    """Scripts and styles straight from the sources."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def gateway(live_server, settings, plain_static) -> Iterator[Gateway]:
    """Listening where the pages say it does."""
    line = Gateway(database_url(), ALLOWED_ORIGINS=live_server.url)
    settings.GATEWAY_PORT = line.port
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sockets = [f"ws://{host}:{line.port}" for host in ("localhost", "127.0.0.1")]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"connect-src": ["'self'", *sockets]}}
    line.start()
    try:
        line.wait()
        yield line
    finally:
        line.stop()


@pytest.fixture
def open_as(chromium, live_server) -> Iterator[Callable]:
    """`open_as(actor, "/m")`: a phone signed in as somebody, looking at a page; as nobody with None."""
    contexts = []

    def opened(actor: Actor | None, address: str, *, wide: bool = False):
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = chromium.new_context(viewport=size, service_workers="block")
        host = live_server.url.split("//")[1].split(":")[0]
        cookies = {"django_language": "en"} | ({"sessionid": session_of(actor)} if actor else {})
        context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        wrong = [words for page in context.pages for words in page.wrong]
        context.close()
        assert wrong == []


@pytest.fixture
def two(live_server) -> Pair:
    """Ana and Bo, in the database the browsers see."""
    return pair()
