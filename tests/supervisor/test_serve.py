"""One command runs everything, heals what dies, and leaves nothing behind."""

import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.supervisor.place import Place, alive, until

pytestmark = pytest.mark.fault


@pytest.fixture
def place():
    with tempfile.TemporaryDirectory(prefix="gx-") as folder:
        os.chmod(folder, 0o755)  # the system user of the database must reach it
        made = Place(Path(folder) / "data")
        yield made
        if made.process:
            made.stop()


def kill(place: Place, name: str) -> int:
    pid = place.processes()[name]
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))
    return pid


def database(place: Place) -> psycopg.Connection:
    return psycopg.connect((place.data / "postgres.url").read_text().strip(), autocommit=True)


def test_whatever_is_killed_comes_back_and_nothing_is_lost(place):
    place.start()
    with database(place) as link:
        link.execute("CREATE TABLE kept (word text)")
        link.execute("INSERT INTO kept VALUES ('关系')")
    for name in ("web-1", "gateway-1", "worker", "zygote", "postgres"):
        before = kill(place, name)
        until(lambda name=name, before=before: _runs_anew(place, name, before))
        until(place.ready)
    with database(place) as link:
        assert link.execute("SELECT word FROM kept").fetchall() == [("关系",)]


def _runs_anew(place: Place, name: str, before: int) -> bool:
    try:
        now = place.processes()[name]
    except (FileNotFoundError, IndexError, ValueError):  # PostgreSQL is just writing its file
        return False
    return now not in (0, before) and alive(now)


def test_a_stop_ends_everything_and_a_second_start_finds_the_data(place):
    place.start()
    with database(place) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS n")
    pids = place.processes().values()
    assert place.stop() == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert not (place.data / "postgres" / "postmaster.pid").exists()

    place.start()
    with database(place) as link:
        assert link.execute("SELECT n FROM kept").fetchone() == (7,)
    until(lambda: place.said().count("Guanxi is ready") == 2)
    assert place.said().count("migrations") == 1


def test_a_killed_supervisor_takes_everything_with_it_and_the_next_start_works(place):
    place.start()
    pids = place.processes()
    os.kill(pids["supervisor"], signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids.values()))
    place.process.wait()
    place.start()


def test_a_second_server_on_the_same_folder_or_port_is_told_who_is_there(place, tmp_path):
    place.start()
    same_folder = place.command("serve", PORT=str(place.port + 2), GATEWAY_PORT=str(place.port + 3))
    assert same_folder.returncode == 1
    assert f"already runs on {place.data}" in same_folder.stderr
    assert str(place.process.pid) in same_folder.stderr

    other = Place(tmp_path / "other", port=place.port)
    same_port = other.command("serve")
    assert same_port.returncode == 1
    assert f"PORT {place.port} on 127.0.0.1 cannot be opened" in same_port.stderr
    assert not (other.data / "postgres").exists()
    assert place.ready()


def test_the_database_is_for_its_owner_alone(place):
    place.start()
    for name in ("postgres.url", "postgres.password", "postgres.admin"):
        assert stat.S_IMODE((place.data / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((place.data / "postgres").stat().st_mode) == 0o700
    with database(place) as link:
        shown = {name: link.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in ("listen_addresses", "fsync", "data_checksums")}
        assert shown == {"listen_addresses": "", "fsync": "on", "data_checksums": "on"}
        assert link.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        (folder,) = link.execute("SELECT current_setting('unix_socket_directories')").fetchone()
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=folder, user="guanxi", dbname="guanxi", password="wrong")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_a_folder_the_system_user_cannot_reach_keeps_its_database_elsewhere(place):
    place.data.parent.chmod(0o700)
    place.start()
    elsewhere = Path((place.data / "postgres.folder").read_text().strip())
    try:
        assert elsewhere.is_relative_to("/var/lib/guanxi")
        assert not (place.data / "postgres").exists()
        place.stop()
        moved = Place(place.data.rename(place.data.with_name("moved")), port=place.port, secret=place.secret)
        assert moved.command("migrate").stdout == "guanxi: nothing to do\n"
        shutil.copytree(moved.data, moved.data.with_name("copy"))
        copied = Place(moved.data.with_name("copy"), port=place.port, secret=place.secret).command("migrate")
        assert copied.returncode == 1
        assert "is a copy" in copied.stderr
    finally:
        place.stop()
        shutil.rmtree(elsewhere.parent)
