"""Every test runs on real PostgreSQL: DATABASE_URL when set, else the embedded one, shared by all runs in this checkout.

TEST_DB names the database (default `test_guanxi`). It is kept between runs and made anew when a migration file changed.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
SERVER = Path(os.environ.get("TEST_POSTGRES") or ROOT / "var" / "test-postgres")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    if not os.environ.get("DATABASE_URL"):
        from guanxi.supervisor import testserver

        url = testserver.use(SERVER)
        os.environ["DATABASE_URL"] = url
        settings.DATABASE_URL = settings.DATABASE_DIRECT_URL = url
        settings.DATABASES["default"].update({name: value for name, value in _database(url).items() if name != "TEST"})
    # Static files straight from their folders: no collecting before a test, no hashes.
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    name = os.environ.get("TEST_DB") or "test_guanxi"
    settings.DATABASES["default"]["TEST"]["NAME"] = name
    settings.MEDIA_ROOT = Path(tempfile.gettempdir()) / f"guanxi-test-files-{os.getuid()}" / name
    _keep_database(config, name)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: their driver leaves a running event loop in this thread, which other tests cannot share."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


def _database(url: str) -> dict[str, object]:
    from guanxi.settings import database

    return database(url)


def _keep_database(config: pytest.Config, name: str) -> None:
    """Reuses the database of the last run unless a migration changed since (then --create-db by itself)."""
    if config.option.create_db:
        config.option.reuse_db = False
        return
    stamp = SERVER / f"{name}.migrations"
    now = _migrations()
    config.option.reuse_db = True
    if not stamp.exists() or stamp.read_text() != now:
        config.option.create_db = True
        config.option.reuse_db = False
    config._guanxi_stamp = (stamp, now)  # type: ignore[attr-defined]


def _migrations() -> str:
    total = hashlib.sha256()
    for file in sorted((ROOT / "guanxi").rglob("migrations/*.py")):
        total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_use_migrations, django_db_createdb, django_db_modify_db_settings):
    """As pytest-django's, but the database always stays for the next run."""
    from django.test.utils import setup_databases

    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, keepdb=not django_db_createdb, serialized_aliases=[])
    stamp, now = getattr(request.config, "_guanxi_stamp", (None, None))
    if stamp:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now)


@pytest.fixture
def categories(request: pytest.FixtureRequest) -> None:
    """The tree that ships: tests that commit leave every table empty behind them, also those that a migration had filled."""
    request.getfixturevalue("db" if "live_server" not in request.fixturenames else "transactional_db")
    from guanxi.catalog.category import tree
    from guanxi.catalog.category.table import Category

    with tree.SHIPPED.open(encoding="utf-8") as lines:
        tree.load(Category, tree.read(lines))
