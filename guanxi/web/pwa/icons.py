"""Draws the product's icons: `python -m guanxi.web.pwa.icons`. Run when the mark changes; the results are committed."""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[1] / "static" / "icons"
INDIGO, WHITE = (47, 74, 166, 255), (255, 255, 255, 255)
FINE = 8  # drawn larger, then reduced: smooth edges


def mark(draw: ImageDraw.ImageDraw, left: float, top: float, unit: float) -> None:
    """A speech bubble and a ring that overlap: talk and deal. On a 40 x 40 grid."""

    def at(*numbers: float) -> list[float]:
        return [(left if n % 2 == 0 else top) + value * unit for n, value in enumerate(numbers)]

    draw.rounded_rectangle(at(3, 2, 27, 26), radius=6 * unit, fill=WHITE)
    draw.polygon(at(9, 24, 9, 32, 18, 25), fill=WHITE)
    draw.ellipse(at(16.5, 14.5, 37.5, 35.5), fill=INDIGO)
    draw.ellipse(at(18.5, 16.5, 35.5, 33.5), fill=WHITE)
    draw.ellipse(at(22.5, 20.5, 31.5, 29.5), fill=INDIGO)


def icon(size: int, *, round_by: float, share: float) -> Image.Image:
    """`share` of the square is the mark; `round_by` of it the corner."""
    whole = size * FINE
    image = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([0, 0, whole - 1, whole - 1], radius=whole * round_by, fill=INDIGO)
    unit = whole * share / 40
    mark(draw, (whole - 40 * unit) / 2, (whole - 36 * unit) / 2, unit)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Writes every size the manifest and iOS ask for."""
    FOLDER.mkdir(exist_ok=True)
    for size in (192, 512):
        icon(size, round_by=0.2, share=0.72).save(FOLDER / f"icon-{size}.png", optimize=True)
    icon(180, round_by=0, share=0.7).save(FOLDER / "icon-180.png", optimize=True)
    icon(512, round_by=0, share=0.56).save(FOLDER / "icon-maskable.png", optimize=True)


if __name__ == "__main__":
    main()
