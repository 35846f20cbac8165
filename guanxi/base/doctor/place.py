"""Settings, folders, disk, limits: what can be seen without a database."""

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings as chosen

from guanxi.base.doctor.finding import Finding, good, judged
from guanxi.base.doctor.safety import faults

LEAST_BYTES = 1024**3
LEAST_FILES = 4096


def settings() -> Iterable[Finding]:
    """Secrets, and a demo that is open to others."""
    found = [Finding("settings", "bad", fault.what, fault.why, fault.remedy) for fault in faults(os.environ)]
    return found or [good("settings", "nothing forbids to serve" + (" (demo)" if chosen.DEMO else ""))]


def python() -> Iterable[Finding]:
    """The version we run on."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield judged("python", sys.version_info >= (3, 11), version, why="Older versions lack what we use.", remedy="Install Python 3.11 or newer.")


def folders() -> Iterable[Finding]:
    """Room and a real write with fsync, for data, uploads and temporary files."""
    for name, folder in (("data", Path(chosen.DATA_DIR)), ("files", Path(chosen.MEDIA_ROOT)), ("temporary", Path(tempfile.gettempdir()))):
        yield _folder(name, folder)


def _folder(name: str, folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"probe")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        remedy = f"Give this user the right to write {there}, or free space on its disk."
        return Finding(f"{name} folder", "bad", f"{there} cannot be written ({error.strerror})", "Nothing new could be kept.", remedy)
    why = "PostgreSQL stops when its disk is full, and uploads are refused."
    return judged(f"{name} folder", free > LEAST_BYTES, f"{there}, {free / 1024**3:.1f} GB free", why=why, remedy="Free at least 1 GB.")


def limits() -> Iterable[Finding]:
    """Open files: a socket each."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    well = most == resource.RLIM_INFINITY or most >= LEAST_FILES
    yield judged("open files", well, str(most), why="Each connected person takes one.", remedy=f"ulimit -n {LEAST_FILES} or more.", otherwise="look")


def public_address() -> Iterable[Finding]:
    """What browsers type in; without TLS neither installing nor push works away from this machine."""
    parts = urlsplit(chosen.PUBLIC_URL)
    well = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")
    remedy = "Put a TLS proxy in front and set PUBLIC_URL to its https:// address (docs/operate/running.md)."
    yield judged("public address", well, chosen.PUBLIC_URL, why="Without TLS anybody on the way reads along.", remedy=remedy, otherwise="look")
