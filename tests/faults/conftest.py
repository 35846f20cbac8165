"""One whole product for all tests of this folder that spoil a running one: on a durable PostgreSQL and, where we may, a disk of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.product import Product
from tests.faults.product import product as serve
from tests.faults.tempest import World
from tests.faults.traders import Notes


@pytest.fixture(scope="package")
def running() -> Iterator[Product]:
    with serve() as made:
        yield made


@pytest.fixture(scope="package")
def world(running: Product) -> World:
    """Companies, tokens and talks in it."""
    return World(running, running.port, Notes())


@pytest.fixture
def product(running: Product, world: World) -> Product:
    """All is well when a test begins."""
    assert running.heals(world) < 60
    return running
