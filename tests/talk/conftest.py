"""Two gateway processes for all tests of this folder, on the tests' database."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.processes import Gateway, database_url


@pytest.fixture(scope="package")
def gateways(django_db_setup: None, django_db_blocker: object) -> Iterator[tuple[Gateway, Gateway]]:
    """Both know the same database, each has its own port."""
    url = database_url()
    pair = (Gateway(url, TALK_RATE="500"), Gateway(url, TALK_RATE="500"))
    with ExitStack() as stack:
        for one in pair:
            stack.callback(one.stop)
            one.start()
        for one in pair:
            one.wait()
        yield pair


@pytest.fixture
def gateway(gateways: tuple[Gateway, Gateway]) -> Gateway:
    """One of them."""
    return gateways[0]
