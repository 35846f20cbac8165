import pytest


@pytest.fixture(autouse=True)
def _sandbox_in_use(settings):
    settings.PROVIDERS = ["sandbox"]
