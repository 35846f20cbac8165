"""Faults of places: full and read-only folders, two migrations at once, folders that are not ours (F7, F12, F20)."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.base.errors import Refused
from guanxi.supervisor import cluster as clusters
from guanxi.supervisor import postgres
from guanxi.supervisor.postgres import Server
from guanxi.supervisor.trouble import Trouble
from guanxi.talk.file import store
from guanxi.talk.table import Upload
from tests import make
from tests.faults.processes import ROOT, database_url, end_with_us
from tests.faults.product import Product

pytestmark = pytest.mark.fault


@pytest.fixture
def small_disk(tmp_path: Path, settings) -> Iterator[Path]:
    """The uploads lie on a disk of 256 kB."""
    folder = tmp_path / "files"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("F7 needs the right to mount a small disk: left out on this machine")
    settings.MEDIA_ROOT = folder
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def send(size: int) -> Upload:
    return store.store(make.person("Ana").id, None, SimpleUploadedFile("list.csv", os.urandom(size)))


@pytest.mark.django_db
def test_f07_a_full_folder_refuses_leaves_no_half_file_and_no_row(small_disk: Path) -> None:
    with pytest.raises(Refused) as refused:
        send(400_000)
    assert refused.value.code == "no-room"
    assert (files(small_disk), Upload.objects.count()) == ([], 0)
    kept = send(50_000)
    assert store.full_path(kept.path).stat().st_size == 50_000


@pytest.mark.django_db
def test_f07_a_folder_that_became_read_only_refuses(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(Refused):
        send(100)
    assert Upload.objects.count() == 0


@pytest.mark.django_db
def test_f07_a_picture_whose_small_one_finds_no_room_leaves_nothing(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from PIL import Image

    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(drawn, "PNG")
    real = store.put

    def full_at_the_second(chunks, path: str) -> store.Kept:
        if path.endswith("-s.webp"):
            raise Refused("no-room", "full")
        return real(chunks, path)

    monkeypatch.setattr(store, "put", full_at_the_second)
    with pytest.raises(Refused):
        store.store(make.person("Ana").id, None, SimpleUploadedFile("a.png", drawn.getvalue()), picture=True)
    assert (files(small_disk), Upload.objects.count()) == ([], 0)


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """A new database beside the tests' own."""
    with django_db_blocker.unblock():
        parts = urlsplit(database_url())
    name = f"{parts.path.strip('/')}_new"
    admin = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        link.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(admin, autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migration(url: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_DIRECT_URL": url, "DEMO": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "guanxi.cli", "migrate"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=end_with_us)


def test_f12_one_of_two_migrations_waits_and_a_killed_one_leaves_no_half(empty_database: str) -> None:
    killed = migration(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as link:
        until = time.monotonic() + 30
        while link.execute("SELECT count(*) < 12 FROM pg_tables WHERE schemaname = 'public'").fetchone() == (True,) and time.monotonic() < until:
            time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    two = [migration(empty_database) for _ in range(2)]
    said = [one.communicate(timeout=90) for one in two]
    assert [one.returncode for one in two] == [0, 0], said
    assert sum("migrations" in err for _out, err in said) == 1, said
    third = migration(empty_database)
    assert "nothing to do" in third.communicate(timeout=60)[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path / "data"


def made(home: Path, version: str) -> clusters.Cluster:
    found = clusters.cluster(home)
    found.data.mkdir(parents=True)
    (found.data / "PG_VERSION").write_text(version)
    found.owner.give(found.data, mode=0o700)
    return found


def test_f20_a_folder_of_an_older_major_is_refused_with_the_remedy_and_left_alone(home: Path) -> None:
    old = made(home, "16\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 16") as refused:
        clusters.prepare(old)
    assert "dump" in refused.value.remedy
    assert [path.name for path in old.data.iterdir()] == ["PG_VERSION"]


@pytest.mark.skipif(os.geteuid() != 0, reason="F20: only root can give a folder away, left out")
def test_f20_a_folder_of_another_user_is_refused_with_the_remedy_and_left_alone(home: Path) -> None:
    foreign = made(home, "18\n")
    os.chown(foreign.data, 12345, 12345)
    with pytest.raises(Trouble, match="another system user") as refused:
        clusters.prepare(foreign)
    assert "chown" in refused.value.remedy
    assert foreign.data.stat().st_uid == 12345


def test_f20_a_folder_copied_from_a_running_server_is_not_started(product: Product, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its postmaster.pid names a server that lives: nobody deletes it by hand, and the copy is told from the original."""
    monkeypatch.setattr(postgres, "ORPHANS_LIMIT", 1.0)
    home.mkdir()
    with contextlib.suppress(shutil.Error):  # files that went while we copied
        shutil.copytree(product.data / "postgres", home / "postgres", symlinks=True)
    for name in ("postgres.password", "postgres.admin"):
        shutil.copy(product.data / name, home / name)
    copied = clusters.cluster(home)
    for path in (copied.data, *copied.data.rglob("*")):
        copied.owner.give(path, mode=0o700)
    note = (copied.data / "postmaster.pid").read_bytes()
    server = Server(copied)
    server.prepare()
    try:
        with pytest.raises(Trouble) as refused:
            server.start()
    finally:
        server.stop()
    assert "postmaster" in str(refused.value)
    assert (copied.data / "postmaster.pid").read_bytes() == note
    assert product.ready()


def test_f19_a_restore_killed_in_the_middle_is_not_served_and_begins_anew(product: Product, home: Path) -> None:
    archive = home.with_name("whole.tar")
    assert product.command("backup", str(archive)).returncode == 0
    place = Product(home, alone=False)
    home.mkdir()
    note = home / "half-restored"
    environment = place.environ() | {"DEMO": "0", "SECRET_KEY": "Zk3vN8qLw1Xy7RtBc5Mh9GfDs2Pa6Je4Uo0Ti-KlQzWxErTyUiOp"}
    command = [sys.executable, "-m", "guanxi.cli", "restore", str(archive)]
    killed = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=end_with_us)
    until = time.monotonic() + 60
    while not note.exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(1)
    killed.kill()
    killed.wait()
    assert note.exists(), "it was too quick for this test"
    refused = place.command("serve")
    assert (refused.returncode, "was cut off here" in refused.stderr, str(archive) in refused.stderr) == (1, True, True), refused.stderr
    again = place.command("restore", str(archive))
    assert again.returncode == 0, again.stderr
    assert not note.exists()
    assert place.command("check").returncode == 0


@pytest.mark.django_db(transaction=True)
def test_f19_a_proof_that_was_killed_leaves_its_database_to_the_next() -> None:
    from django.db import connection

    from guanxi.operate import elsewhere

    old = f"{elsewhere.PREFIX}{int(time.time()) - 7 * 3600}_abc123"
    young = f"{elsewhere.PREFIX}{int(time.time())}_abc123"
    with psycopg.connect(database_url(), autocommit=True) as link:
        for name in (old, young):
            link.execute(f'CREATE DATABASE "{name}"')
        with elsewhere.scratch():
            assert connection.settings_dict["NAME"].startswith(elsewhere.PREFIX)
        left = {row[0] for row in link.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (elsewhere.PREFIX,))}
        link.execute(f'DROP DATABASE "{young}"')
    assert young in left
    assert old not in left
