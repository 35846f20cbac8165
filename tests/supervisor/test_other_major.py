"""An archive does not know PostgreSQL's own format: what one major wrote another restores (quality.md section 4)."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guanxi.supervisor.owner import owner
from tests.server import free_ports
from tests.supervisor.place import Place, until

pytestmark = pytest.mark.fault
OTHERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gx-") as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.fixture
def other(folder: Path) -> Iterator[str]:
    """A server of another major with an empty database; its address."""
    if not OTHERS:
        pytest.skip("no other PostgreSQL under /usr/lib/postgresql: nothing to restore into")
    binaries, port, data = OTHERS[-1].parent, free_ports(), owner().give(_made(folder / "other"), mode=0o700)
    subprocess.run([binaries / "initdb", "-D", data / "d", "-U", "guanxi", "-A", "trust", "--encoding=UTF8", "--locale=C"],
                   check=True, capture_output=True, cwd=data, **owner().switch())  # fmt: skip
    run = [binaries / "postgres", "-D", data / "d", "-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1"]
    server = subprocess.Popen(run, cwd=data, stderr=subprocess.DEVNULL, **owner().switch())
    address = f"postgresql://guanxi@127.0.0.1:{port}/"
    until(lambda: _answers(address + "postgres"))
    with psycopg.connect(address + "postgres", autocommit=True) as link:
        link.execute("CREATE DATABASE guanxi")
    yield address + "guanxi"
    server.send_signal(signal.SIGINT)
    server.wait(20)


def _made(path: Path) -> Path:
    path.mkdir()
    return path


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def test_what_one_major_wrote_another_restores_and_gives_back(folder, other):
    ours, theirs = Place(folder / "ours"), Place(folder / "theirs")
    _made(ours.data)
    made = ours.command("demo", DEMO="1")
    assert made.returncode == 0, made.stderr
    assert ours.command("backup", str(folder / "one.tar"), DEMO="1").returncode == 0
    restored = theirs.command("restore", str(folder / "one.tar"), DATABASE_URL=other)
    assert restored.returncode == 0, restored.stderr
    assert theirs.command("check", DATABASE_URL=other).stdout.endswith("0 differences\n")
    assert theirs.command("backup", str(folder / "two.tar"), DATABASE_URL=other).returncode == 0
    proof = ours.command("restore", "--check", str(folder / "two.tar"), DEMO="1")
    assert "proven" in proof.stdout, proof.stdout
