"""A path of ours as a QR code."""

from io import BytesIO

import segno
from django.conf import settings
from django.http import HttpResponse


def qr_answer(path: str) -> HttpResponse:
    """SVG, black on white, of PUBLIC_URL + path: never of the Host header (quality.md A54)."""
    drawn = BytesIO()
    segno.make(settings.PUBLIC_URL + path, error="m").save(drawn, kind="svg", border=2, scale=8, dark="#000", light="#fff", xmldecl=False)
    answer = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
