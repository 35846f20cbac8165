"""Everything a company did, in one zip: company.json, conversations/, files/, record.pdf, schema.json. Written beside its place, then moved there whole."""

import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

import structlog
from django.utils import translation

from guanxi.base import clock, paper
from guanxi.operate.export import gather, record
from guanxi.operate.export.schema import FORMAT, VERSION, schema
from guanxi.people.exports import acts
from guanxi.people.exports.table import CompanyExport
from guanxi.people.table import Company
from guanxi.talk.file.store import full_path
from guanxi.talk.table import Upload

log = structlog.get_logger(__name__)
Tell = Callable[[int], None]
Shown = dict[str, Any]


def effect(_conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """Make the export a company asked for; nothing when it is there already. What cannot be made is said, and asked anew by a person."""
    row = CompanyExport.objects.filter(pk=body["export"], state="waiting").first()
    if row is None:
        return
    target = acts.place(row.company_id, row.id)
    try:
        with translation.override(row.language):
            write(Company.objects.get(pk=row.company_id), target, by=row.by_name, now=now, tell=lambda done: acts.told(row.id, done))
    except OSError as error:  # no room, no right: trying again in a second helps nobody
        log.error("export.failed", export=str(row.id), error=type(error).__name__)
        acts.fail(row.id)
        return
    acts.finish(row.id, size=target.stat().st_size, now=clock.now())
    log.info("export.made", export=str(row.id), company=str(row.company_id), bytes=target.stat().st_size)


def write(company: Company, target: Path, *, by: str, now: datetime, tell: Tell = lambda _done: None) -> None:
    """The whole file at `target`. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_suffix(".half")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            Export(archive, company, by=by, now=now, tell=tell).fill()
        half.chmod(0o600)
        half.replace(target)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


@dataclass
class Export:
    """One zip in the making."""

    archive: zipfile.ZipFile
    company: Company
    by: str
    now: datetime
    tell: Tell
    lines: list[record.Talk] = field(default_factory=list)

    def fill(self) -> None:
        """Talk first, since it is most; then the trade, the files, the paper."""
        request = gather.asking(self.company)
        talks = gather.talks(request)
        told = [self.talk(request, one, self.share(n, len(talks), 0, 50)) for n, one in enumerate(talks)]
        head = {"format": FORMAT, "version": VERSION, "made_at": self.now.isoformat(), "by": self.by} | gather.about(request, self.company)
        whole = head | gather.trade(request) | {"conversations": told}
        self.tell(60)
        uploads = gather.files(self.company.id, talks)
        whole["files"] = [self.file(one, self.share(n, len(uploads), 60, 90)) for n, one in enumerate(uploads)]
        self.put("company.json", whole)
        self.put("schema.json", schema())
        self.archive.writestr("record.pdf", paper.pdf(record.TEMPLATE, record.data(whole, self.lines), at=self.now))

    def share(self, n: int, of: int, start: int, end: int) -> int:
        """Percent done before the n-th of so many."""
        return start + (end - start) * n // max(1, of)

    def talk(self, request: Any, one: Shown, done: int) -> Shown:
        """A conversation with all its entries, in a file of its own."""
        self.tell(done)
        entries = list(gather.said(request, one["id"]))
        path = f"conversations/{one['id']}.json"
        self.put(path, one | {"entries": entries})
        self.lines.append(record.talk(one, entries, self.company.id))
        return {"id": one["id"], "kind": one["kind"], "name": self.lines[-1].name, "entries": len(entries), "path": path}

    def file(self, one: Upload, done: int) -> Shown:
        """An upload as it was kept; `path` is None for one the disk has lost."""
        self.tell(done)
        path: str | None = f"files/{one.id}{PurePosixPath(one.path).suffix}"
        try:
            with full_path(one.path).open("rb") as source, self.archive.open(zipfile.ZipInfo(str(path)), "w") as into:
                shutil.copyfileobj(source, into)
        except FileNotFoundError:
            path = None
        about = {"id": str(one.id), "name": one.name, "mime": one.mime, "size": one.size, "sha256": one.sha256, "at": one.at.isoformat()}
        return about | {"path": path}

    def put(self, name: str, body: object) -> None:
        """As JSON a person can read too."""
        self.archive.writestr(name, json.dumps(body, ensure_ascii=False, indent=1, default=str))
