"""Draw a picture anew: decode within limits, turn it upright, encode without what the camera wrote beside it."""

import io
import warnings
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from guanxi.base.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
MOST_PIXELS = 50_000_000  # a phone's 48 MP; 150 MB decoded
FULL_SIDE, THUMB_SIDE = 2560, 640


@dataclass(frozen=True, slots=True)
class Drawn:
    full: bytes
    thumb: bytes
    suffix: str
    mime: str
    width: int
    height: int


def looks_like(name: str) -> bool:
    """Whether the name says it is a picture; the bytes must agree, or it is kept as a file to download."""
    return name.lower().endswith(SUFFIXES)


def draw(file: UploadedFile) -> Drawn | None:
    """The picture drawn anew, or None when the bytes are none of ours. Raises Invalid for one too large to decode, or cut off."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)  # reads the head alone
    except Image.DecompressionBombError:
        raise too_large() from None
    except (OSError, ValueError, SyntaxError):
        return None
    if picture.width * picture.height > MOST_PIXELS:
        raise too_large()
    try:
        return encode(picture)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Invalid({"file": _("This picture is damaged. Send it again, or another one.")}) from None


def encode(picture: Image.Image) -> Drawn:
    """JPEG for photos, PNG where something shows through; the first frame of an animation."""
    picture.draft("RGB", (FULL_SIDE, FULL_SIDE))
    upright = ImageOps.exif_transpose(picture)
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    upright = upright.convert("RGBA" if clear else "RGB")
    upright.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new(upright.mode, upright.size)  # nothing but pixels: no EXIF, GPS, profile or comment comes along
    bare.paste(upright)
    small = bare.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    full = packed(bare, "PNG") if clear else packed(bare, "JPEG", quality=85, optimize=True)
    suffix, mime = ("png", "image/png") if clear else ("jpg", "image/jpeg")
    return Drawn(full, packed(small, "WEBP", quality=80, method=3), suffix, mime, bare.width, bare.height)


def packed(picture: Image.Image, form: str, **options: object) -> bytes:
    """The bytes in this form."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def too_large() -> Invalid:
    return Invalid({"file": _("This picture has more than 50 million pixels. Send a smaller one.")})
