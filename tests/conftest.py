"""One whole server for all tests that need one; it starts when the first of them asks."""

from collections.abc import Iterator

import pytest

from tests.server import Server, serve


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The product with its demo world, on ports of its own."""
    with serve() as running:
        yield running
