"""The system user that PostgreSQL runs as: ourselves, or, when we are root, one without rights (PostgreSQL refuses root)."""

import functools
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "guanxi"
LAST_RESORT = 65534  # "nobody" everywhere


@dataclass(frozen=True)
class Owner:
    name: str
    uid: int
    gid: int

    @property
    def dropped(self) -> bool:
        """Whether our processes must change to this user."""
        return self.uid != os.geteuid()

    def switch(self) -> dict[str, Any]:
        """What subprocess needs to start something as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter the folder (or read the file) at `path`."""
        if not self.dropped:
            return os.access(path, os.R_OK)
        test = ["test", "-r", str(path), "-a", "-x", str(path if path.is_dir() else path.parent)]
        return subprocess.run(test, check=False, **self.switch()).returncode == 0

    def give(self, path: Path, *, mode: int) -> Path:
        """Hand a file or an empty folder to this user."""
        path.chmod(mode)
        if self.dropped:
            os.chown(path, self.uid, self.gid)
        return path


@functools.cache
def owner() -> Owner:
    """Ourselves; for root the user `guanxi` (made when missing), else `nobody`."""
    if os.geteuid() != 0:
        return Owner(name=str(os.geteuid()), uid=os.geteuid(), gid=os.getegid())
    found = _named(NAME) or _made() or _named("nobody")
    return Owner(name=found.pw_name, uid=found.pw_uid, gid=found.pw_gid) if found else Owner("nobody", LAST_RESORT, LAST_RESORT)


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/guanxi", "--shell", "/usr/sbin/nologin", NAME],
            check=False,
            capture_output=True,
        )
    return _named(NAME)


def dies_with_us(command: Sequence[str], *, signal: str) -> list[str]:
    """The command, wrapped so that the kernel sends it `signal` when its parent dies (Linux with util-linux; plain elsewhere)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal, *command] if setpriv else list(command)
