"""`guanxi restore --check FILE`: restore an archive in a scratch database, compare it with what it says of itself, run `guanxi check`,
and write down what was found. An archive that nobody ever restored is a hope, not a backup.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import structlog
from django.conf import settings

from guanxi import __version__
from guanxi.base import clock, milestones
from guanxi.check import differences
from guanxi.operate import archive, restore
from guanxi.operate.archive import Manifest
from guanxi.operate.elsewhere import scratch
from guanxi.supervisor import prepare
from guanxi.supervisor.trouble import Trouble

log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass
class Step:
    """One thing that was tried: how long it took, and every word on what is wrong."""

    name: str
    seconds: float
    wrong: list[str]


@dataclass
class Report:
    """What a proof found; written beside the archive as `<name>.report.json`."""

    file: str
    at: str
    version: str
    bytes: int = 0
    made_at: str = ""
    made_by: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    files: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [f"{step.name}: {words}" for step in self.steps for words in step.wrong]

    @property
    def seconds(self) -> float:
        return round(sum(step.seconds for step in self.steps), 2)

    def lines(self) -> list[str]:
        """For a person."""
        marks = [f"{'bad ' if step.wrong else 'good'}  {step.name} ({step.seconds:.1f} s)" for step in self.steps]
        end = f"{len(self.wrong)} differences" if self.wrong else "proven: it restores, adds up and is whole"
        return [*marks, *(f"      {words}" for words in self.wrong[:50]), f"{self.file}: {end}; {self.rows} rows, {self.files} files, {self.seconds:.1f} s"]


def prove(file: Path) -> Report:
    """The report, on the disk as well. Nothing is raised for a bad archive: that is what the report is about."""
    report = Report(str(file), clock.now().isoformat(), __version__)
    try:
        manifest = step(report, "every part has its sha256", lambda: archive.verify(file))
        about(report, file, manifest)
        with scratch():
            proved(report, file, manifest)
    except Trouble as trouble:
        if not report.wrong:
            report.steps.append(Step("the proof itself", 0.0, [trouble.what]))
    write(report, file)
    milestones.note("proof", now=clock.now(), file=str(file), differences=len(report.wrong), seconds=report.seconds)
    log.info("operate.proof", file=str(file), differences=len(report.wrong), seconds=report.seconds)
    return report


def proved(report: Report, file: Path, manifest: Manifest) -> None:
    """The steps inside the scratch database."""
    step(report, "the tables restore, and rows, heads and book totals agree", lambda: restore.fill(file, manifest))
    step(report, "the files unpack", lambda: restore.unpack_files(file, manifest))
    step(report, "newer migrations apply", prepare.migrate)
    looked(report, "every upload is there with its sha256", lambda: [*uploads(manifest)])
    looked(report, "guanxi check", lambda: [str(one) for one in differences()])


def about(report: Report, file: Path, manifest: Manifest) -> None:
    report.bytes, report.made_at, report.made_by = file.stat().st_size, manifest.made_at, f"{manifest.version} on PostgreSQL {manifest.postgres}"
    report.rows, report.files = sum(part.rows for part in manifest.parts.values()), len(manifest.files)
    report.figures, report.left_out = manifest.figures, manifest.left_out


def step(report: Report, name: str, work: Callable[[], T]) -> T:
    """Do it and note it; a Trouble is noted and ends the proof."""
    begun = time.monotonic()
    wrong: list[str] = []
    try:
        return work()
    except Trouble as trouble:
        wrong.append(trouble.what)
        raise
    finally:
        report.steps.append(Step(name, round(time.monotonic() - begun, 2), wrong))


def looked(report: Report, name: str, look: Callable[[], list[str]]) -> None:
    """A step whose findings do not end the proof."""
    begun = time.monotonic()
    wrong = look()
    report.steps.append(Step(name, round(time.monotonic() - begun, 2), wrong))


def uploads(manifest: Manifest) -> Iterator[str]:
    """Rows of the restored database whose file is not what they say; an archive made without files is not asked."""
    from guanxi.talk.table import Upload

    if not manifest.with_files:
        return
    root = Path(settings.MEDIA_ROOT)
    for own, path, sha256 in Upload.objects.values_list("id", "path", "sha256").iterator(chunk_size=1000):
        target = root / path
        if not target.is_file():
            yield f"upload {own}: {path} is not in the archive"
        elif digest(target) != sha256:
            yield f"upload {own}: {path} has another sha256 than its row"


def digest(file: Path) -> str:
    """sha256 of what is on the disk."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def write(report: Report, file: Path) -> None:
    """Beside the archive, for its owner alone; in a place that cannot be written, nowhere."""
    target = file.with_suffix(".report.json")
    told = asdict(report) | {"ok": not report.wrong, "seconds": report.seconds}
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(told, out, ensure_ascii=False, indent=1)
    except OSError as error:
        log.warning("operate.report_not_written", error=type(error).__name__)
