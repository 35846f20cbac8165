"""Keep what people upload: pictures drawn anew, everything else untouched and only ever downloaded.

A picture is decoded within limits and encoded again, so that neither place, camera nor anything hidden behind the last byte survives
(quality.md A31, A34). Files lie under MEDIA_ROOT by a random id; the name a person gave is only a label.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import clock, limits
from guanxi.base.errors import Conflict, Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.talk.file import names, pictures
from guanxi.talk.table import Upload

MIMES = {
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "zip": "application/zip", "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "mp4": "video/mp4", "dwg": "application/acad",
}  # fmt: skip
PER_HOUR = 300  # files of a person, by any door


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes on disk: addresses relative to MEDIA_ROOT."""

    path: str
    size: int
    sha256: str


def store(person: UUID, company: UUID | None, file: UploadedFile, *, picture: bool = False, key: str = "") -> Upload:
    """One upload, on disk before its row. `picture` insists on one; under a `key` sent before it is the one of then. Raises Invalid for what
    is too big, empty or not what it says, Refused without room, Limited for too many, Conflict for another file under the same key."""
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise Invalid({"file": _("Files may have 20 MB at most.")})
    if not file.size:
        raise Invalid({"file": _("This file is empty.")})
    limits.hit(f"store:{person}", limit=PER_HOUR, seconds=3600, now=clock.now())
    name = names.clean(file.name or "")
    upload = Upload(id=new_id(), person_id=person, company_id=company, name=name, at=clock.now(), key=key)
    drawn = pictures.draw(file) if picture or pictures.looks_like(name) else None
    if picture and drawn is None:
        raise Invalid({"file": _("This picture cannot be read. Send a JPEG, PNG or WebP.")})
    keep_picture(upload, drawn) if drawn else keep_file(upload, file)
    return record(upload)


def record(upload: Upload) -> Upload:
    """Its row; or the row that came first under the same key, and these bytes are dropped."""
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        first = Upload.objects.filter(person_id=upload.person_id, company_id=upload.company_id, key=upload.key).exclude(key="").first()
        if first is None:
            raise
        for path in filter(None, (upload.path, upload.thumb)):
            full_path(path).unlink(missing_ok=True)
        if first.sha256 != upload.sha256:
            raise Conflict(_("This key was used for something else.")) from None
        return first
    return upload


def keep_picture(upload: Upload, drawn: pictures.Drawn) -> None:
    """The picture and its small one, both ours."""
    kept = put([drawn.full], f"{place(upload.id)}.{drawn.suffix}")
    try:
        small = put([drawn.thumb], f"{place(upload.id)}-s.webp")
    except Refused:
        full_path(kept.path).unlink(missing_ok=True)  # nobody would ever ask for it
        raise
    upload.name = names.with_suffix(upload.name, drawn.suffix)
    upload.mime, upload.path, upload.thumb = drawn.mime, kept.path, small.path
    upload.size, upload.sha256, upload.width, upload.height = kept.size, kept.sha256, drawn.width, drawn.height


def keep_file(upload: Upload, file: UploadedFile) -> None:
    """The bytes as they came, under a type from our own short list."""
    file.seek(0)
    kept = put(file.chunks(), place(upload.id))
    suffix = upload.name.rpartition(".")[2].lower()
    upload.mime, upload.path, upload.size, upload.sha256 = MIMES.get(suffix, "application/octet-stream"), kept.path, kept.size, kept.sha256


def place(upload: UUID) -> str:
    """Where an upload lies under MEDIA_ROOT: spread by the random end of its id."""
    return f"{upload.hex[-2:]}/{upload.hex[-4:-2]}/{upload.hex}"


def put(chunks: Iterable[bytes], path: str) -> Kept:
    """Write, flush to the disk, then give the file its name: never half a file under it (quality.md F7)."""
    target = Path(settings.MEDIA_ROOT) / path
    part, total, size = target.with_name(target.name + ".part"), hashlib.sha256(), 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb") as out:
            for chunk in chunks:
                out.write(chunk)
                total.update(chunk)
                size += len(chunk)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise Refused("no-room", _("The server has no room for files right now. Tell its operator, and send it again later.")) from error
    return Kept(path, size, total.hexdigest())


def full_path(path: str) -> Path:
    """Where a kept file lies on this machine."""
    return Path(settings.MEDIA_ROOT) / path
