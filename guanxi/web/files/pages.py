"""Uploads, to those who may open them. Pictures are ours and shown; everything else is only ever downloaded (quality.md A31)."""

from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound
from guanxi.people.viewer import Request
from guanxi.talk.file import reads
from guanxi.talk.file.store import full_path
from guanxi.talk.table import Upload

DRAWN = ("image/jpeg", "image/png", "image/webp")
HEARD = ("audio/webm", "audio/ogg", "audio/mp4")  # set by talk.voice alone, after a look at the first bytes


@require_safe
def full(request: Request, upload: UUID) -> HttpResponse | FileResponse:
    """The file itself."""
    found = reads.open_to(request.viewer, upload)
    return answer(request, found, found.path, found.mime if (found.thumb and found.mime in DRAWN) or found.mime in HEARD else "")


@require_safe
def thumb(request: Request, upload: UUID) -> HttpResponse | FileResponse:
    """The small picture."""
    found = reads.open_to(request.viewer, upload)
    if not found.thumb:
        raise NotFound
    return answer(request, found, found.thumb, "image/webp")


def answer(request: Request, upload: Upload, path: str, shown_as: str) -> HttpResponse | FileResponse:
    """The bytes. Reach is asked each time; a copy the browser holds is kept only as long as it is asked for again."""
    tag = f'"{upload.sha256[:32]}{"t" if path == upload.thumb else ""}"'
    response: HttpResponse | FileResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = opened(path, shown_as or "application/octet-stream")
        response["Content-Disposition"] = content_disposition_header(not shown_as, upload.name) or "attachment"
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600" if upload.public else "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def opened(path: str, mime: str) -> FileResponse:
    """The file as a stream. Raises NotFound when the disk has lost it."""
    try:
        return FileResponse(full_path(path).open("rb"), content_type=mime)
    except OSError:
        raise NotFound from None
