"""A new version that does not work leaves the tables as they were."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from guanxi.base import milestones
from guanxi.operate import backup, figures, restore, tables, upgrade
from guanxi.operate.elsewhere import scratch
from guanxi.supervisor.trouble import Trouble
from guanxi.talk.table import Entry
from tests.make import Pair


@pytest.fixture
def place(pair: Pair, tmp_path: Path, settings, monkeypatch):
    """A database of its own with the pair in it, since an upgrade may empty its tables."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    monkeypatch.setenv("DEMO", "1")
    made = backup.make(tmp_path / "a.tar", whole=True)
    with scratch():
        restore.restore(made.file)
        yield tmp_path


@pytest.fixture
def next_version(monkeypatch):
    """Adds migrations to what the code knows: (name, operations) after the newest of `talk`."""

    def add(*wanted):
        real = MigrationLoader.build_graph

        def build(self):
            real(self)
            last = self.graph.leaf_nodes("talk")[0]
            for name, operations in wanted:
                one = type("Migration", (migrations.Migration,), {"operations": operations})(name, "talk")
                self.disk_migrations["talk", name] = one
                self.graph.add_node(("talk", name), one)
                self.graph.add_dependency(one, ("talk", name), last)
                last = ("talk", name)

        monkeypatch.setattr(MigrationLoader, "build_graph", build)

    return add


GOOD = ("9001_a_column", [migrations.RunSQL("ALTER TABLE talk_entry ADD COLUMN mood text", "ALTER TABLE talk_entry DROP COLUMN mood")])
BAD = ("9002_breaks", [migrations.RunSQL("UPDATE talk_entry SET kind = 'text'")])


def test_a_good_version_stays(place: Path, next_version):
    next_version(GOOD)
    done = upgrade.upgrade()
    assert done.well, done.lines
    assert "mood" in columns()
    assert milestones.find("upgrade").body["migrations"] == 1
    assert list((place / "backups").glob("before-upgrade-*.tar"))


def test_a_migration_that_fails_is_undone_with_those_before_it(place: Path, next_version):
    before = state()
    next_version(GOOD, BAD)
    done = upgrade.upgrade()
    assert not done.well
    assert "never changed" in done.lines[1]
    assert "mood" not in columns()
    assert state() == before
    assert [name for _app, name in MigrationExecutor(connection).loader.applied_migrations if name.startswith("9")] == []
    with pytest.raises(DatabaseError, match="never changed"):
        Entry.objects.update(kind="text")


def test_a_version_that_migrates_but_does_not_work_is_undone(place: Path, next_version):
    before = state()
    next_version(GOOD)
    done = upgrade.upgrade(look=lambda: ["/signin answers 500"])
    assert not done.well
    assert "found: /signin answers 500" in done.lines
    assert "mood" not in columns()
    assert state() == before


def test_sessions_outlive_a_failed_upgrade(place: Path, next_version):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
    next_version(BAD)
    assert not upgrade.upgrade(files=False).well
    with connection.cursor() as cursor:
        assert figures.one(cursor, "SELECT session_key FROM django_session") == ("key",)


def test_tables_of_a_newer_version_are_not_touched(place: Path):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('talk', '9999_future', now())")
    with pytest.raises(Trouble, match="newer version"):
        upgrade.upgrade()
    assert not any((place / "backups").glob("*"))


def test_nothing_begins_while_somebody_serves(place: Path):
    import psycopg

    from guanxi.base.db import conninfo

    with psycopg.connect(**conninfo("web-1")), pytest.raises(Trouble, match="Stop every"):
        upgrade.upgrade()


def columns() -> list[str]:
    with connection.cursor() as cursor:
        return tables.columns(cursor)["talk_entry"]


def state() -> tuple:
    with connection.cursor() as cursor:
        return figures.take(cursor), sorted(map(tuple, figures.migrations(cursor)))
