"""A picture or a file somebody sent."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/file/card.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """`full` and `thumb` are addresses; `width` and `height` of the thumbnail's picture, 0 for files."""

    name: str
    size: int
    full: str
    thumb: str
    width: int
    height: int
    words: str
    is_image: bool


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Photo]`, `[File] drawing.pdf`."""
    return _("[Photo]") if kind == "image" else _("[File] {name}").format(name=body["name"])


def view(entry: EntryView, context: CardContext) -> Shown:
    """Addresses of what was sent; who may open them is asked when they are fetched."""
    body = entry.body
    full = f"/files/{body['upload']}"
    words = _("Photo from {name}").format(name=entry.by_name) if entry.kind == "image" else ""
    return Shown(
        body["name"], int(body["size"]), full, f"{full}/thumb", int(body.get("width", 0)), int(body.get("height", 0)), words, entry.kind == "image"
    )


def sample() -> list[tuple[str, Body]]:
    upload = "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001"
    return [
        ("image", {"upload": upload, "name": "bolts.jpg", "size": 182_000, "mime": "image/jpeg", "width": 640, "height": 480}),
        ("file", {"upload": upload, "name": "图纸 M8x30.pdf", "size": 86_000, "mime": "application/pdf"}),
    ]
