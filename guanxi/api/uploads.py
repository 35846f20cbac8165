"""Files: sent here first, then shown in an entry, an enquiry or a shipment."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Router, Schema, UploadedFile

from guanxi.api.door import key_of, need_scope, viewer_of
from guanxi.api.shape import Problem
from guanxi.base.errors import Invalid
from guanxi.talk.file import store

router = Router(tags=["files"])


class UploadShown(Schema):
    id: str
    name: str
    mime: str
    size: int
    width: int
    height: int
    url: str


@router.post("/uploads", response={200: UploadShown, 413: Problem, 422: Problem}, summary="Store a file")
def upload(request: HttpRequest, file: UploadedFile | None = File(None), picture: bool = False) -> dict:  # noqa: B008 how ninja declares it
    """Multipart field `file`. Pictures are re-encoded, their place and camera removed; anything else is kept as it is and only ever downloaded."""
    need_scope(request, "talk")
    key = key_of(request)
    if file is None:
        raise Invalid({"file": _("Send a file.")})
    viewer = viewer_of(request)
    made = store.store(viewer.person, viewer.company, file, picture=picture, key=key)
    return {
        "id": str(made.id), "name": made.name, "mime": made.mime, "size": made.size, "width": made.width, "height": made.height, "url": f"/files/{made.id}",
    }  # fmt: skip
