"""The folder of the embedded PostgreSQL: made once, checked at every start, never repaired by force."""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from guanxi.supervisor import binaries
from guanxi.supervisor.binaries import MAJOR, SYSTEM_HOME, Binaries
from guanxi.supervisor.owner import Owner, owner
from guanxi.supervisor.trouble import Trouble

SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # sun_path of Linux is 108 bytes with its NUL; macOS has 104
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}
# What an operator may change afterwards in postgresql.conf. Chosen for a machine with 1 GB.
SIZES = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "work_mem": "4MB",
    "maintenance_work_mem": "48MB",
    "max_wal_size": "512MB",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
}


@dataclass(frozen=True)
class Cluster:
    home: Path  # where the address and the passwords lie: DATA_DIR
    data: Path
    sockets: Path
    programs: Binaries
    owner: Owner

    @property
    def url(self) -> str:
        """The address for our own processes; `host` is the socket folder."""
        return f"postgresql://guanxi:{quote(password(self.home, 'postgres.password'), safe='')}@/guanxi?host={quote(str(self.sockets))}"


def cluster(home: Path) -> Cluster:
    """The cluster that belongs to the data folder `home`; nothing is made yet but the folder itself."""
    home = home.absolute()
    me = owner()
    make_home(home)
    programs = binaries.find(me)
    return Cluster(home=home, data=_data_folder(home, me), sockets=_socket_folder(home, me), programs=programs, owner=me)


def make_home(home: Path) -> None:
    """DATA_DIR, or a clear word on why it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Trouble(f"The data folder {home} cannot be written: {error.strerror}.", remedy="Set DATA_DIR to a folder of your own.") from error


def _data_folder(home: Path, me: Owner) -> Path:
    if me.reaches(home):
        return home / "postgres"
    noted = home / "postgres.folder"
    if noted.exists():
        return _noted_folder(noted, home)
    return SYSTEM_HOME / secrets.token_hex(6) / "postgres"  # whoever deletes DATA_DIR begins anew and does not meet the old one


def _noted_folder(noted: Path, home: Path) -> Path:
    """A checkout that was moved keeps its data; one that was copied must not share it with the original."""
    folder = Path(noted.read_text().strip())
    belongs = folder.parent / "belongs-to"
    first = Path(belongs.read_text().strip()) if belongs.exists() else home
    if first.resolve() != home.resolve() and (first / noted.name).exists():
        raise Trouble(
            f"The database in {folder} belongs to {first}, of which {home} is a copy.",
            remedy=f"Delete {noted} to begin with an empty database here, or set DATA_DIR.",
        )
    return folder


def _socket_folder(home: Path, me: Owner) -> Path:
    near = home / "run" / "pg"
    if me.reaches(home) and len(os.fsencode(near)) <= SOCKET_LIMIT:
        return near
    short = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path("/tmp") / f"guanxi-{me.uid}-{short}"  # noqa: S108 checked by prepare_sockets


def prepare(spot: Cluster) -> None:
    """Makes the cluster when there is none; refuses one it must not touch."""
    _open_system_home(spot)
    if (spot.data / "PG_VERSION").exists():
        _check(spot)
    else:
        _make(spot)
    _prepare_sockets(spot)
    _write_private(spot.home / "postgres.url", spot.url + "\n")


def _check(spot: Cluster) -> None:
    major = (spot.data / "PG_VERSION").read_text().strip()
    if major != str(MAJOR):
        raise Trouble(
            f"The database in {spot.data} was made by PostgreSQL {major}; this version brings {MAJOR}.",
            remedy="Make a dump with the version that made it, move the folder away, start, and restore the dump.",
        )
    uid = spot.data.stat().st_uid
    if uid != spot.owner.uid:
        raise Trouble(
            f"The database in {spot.data} belongs to another system user (number {uid}, we need {spot.owner.uid}).",
            remedy=f"Start as that user, or hand it over while nothing runs: chown -R {spot.owner.uid}:{spot.owner.gid} {spot.data}",
        )
    if not (spot.home / "postgres.password").exists():
        raise Trouble(
            f"The password file {spot.home / 'postgres.password'} is missing.", remedy="Bring it back from the backup; without it nobody can sign in."
        )


def _make(spot: Cluster) -> None:
    """initdb in a folder beside, renamed when complete: an interrupted start leaves nothing half made."""
    if spot.data.exists() and any(spot.data.iterdir()):
        raise Trouble(f"{spot.data} holds files but no database.", remedy="Move the folder away, or set DATA_DIR to another place.")
    half = spot.data.with_name("postgres.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    spot.owner.give(half, mode=0o700)
    _initdb(spot, half)
    _first_role(spot, half)
    with contextlib.suppress(FileNotFoundError):
        spot.data.rmdir()
    half.rename(spot.data)


def _open_system_home(spot: Cluster) -> None:
    """A folder under /var/lib/guanxi that knows whose it is; a checkout that was moved takes its database along."""
    if spot.data.parent == spot.home:
        return
    spot.data.parent.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    spot.owner.give(spot.data.parent, mode=0o700)
    (spot.data.parent / "belongs-to").write_text(f"{spot.home.resolve()}\n")
    (spot.home / "postgres.folder").write_text(f"{spot.data}\n")


def _initdb(spot: Cluster, folder: Path) -> None:
    secret = folder.with_name("postgres.first")
    _write_private(secret, password(spot.home, "postgres.admin"))
    spot.owner.give(secret, mode=0o600)
    sizes = [part for name, value in SIZES.items() for part in ("-c", f"{name}={value}")]
    locale = ["-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        _run(
            spot,
            ["initdb", "-D", str(folder), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "--data-checksums", *locale, *sizes],
        )
    finally:
        secret.unlink(missing_ok=True)


def _first_role(spot: Cluster, folder: Path) -> None:
    """The role and database of the product, written in single-user mode so that no server runs before it has them.

    The role is no superuser: a hole in the product must not reach the machine through COPY ... PROGRAM.
    """
    word = password(spot.home, "postgres.password")
    statements = [
        f"CREATE ROLE guanxi LOGIN CREATEDB PASSWORD '{word}'",
        "GRANT pg_monitor TO guanxi",
        "CREATE DATABASE guanxi OWNER guanxi",
    ]
    _run(spot, ["postgres", "--single", "-D", str(folder), "postgres"], text="".join(f"{line};\n" for line in statements))


def _run(spot: Cluster, command: list[str], *, text: str = "") -> None:
    done = subprocess.run(
        [spot.programs(command[0]), *command[1:]],
        input=text,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd="/",
        check=False,
        **spot.owner.switch(),
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        words = (done.stderr or done.stdout).strip()
        raise Trouble(f"{command[0]} failed: {words}", remedy="Check disk space and rights of DATA_DIR; `guanxi doctor` says more.")


def _prepare_sockets(spot: Cluster) -> None:
    folder = spot.sockets
    if folder.parent == Path("/tmp"):  # noqa: S108
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (spot.owner.uid, os.geteuid()):
            raise Trouble(f"{folder} belongs to somebody else.", remedy="Delete it, or set DATA_DIR to a folder with a shorter path.")
    else:
        folder.mkdir(parents=True, exist_ok=True)
    spot.owner.give(folder, mode=0o700)


def password(home: Path, name: str) -> str:
    """The generated password in this file (mode 0600), made when missing."""
    file = home / name
    if not file.exists():
        _write_private(file, secrets.token_hex(24))
    return file.read_text().strip()


def _write_private(file: Path, text: str) -> None:
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    half.replace(file)
