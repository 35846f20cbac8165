from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _sandbox_in_use(settings) -> Iterator[None]:
    settings.PROVIDERS = ["sandbox"]
    with translation.override("en"):
        yield
