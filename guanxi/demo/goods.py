"""What the demo companies sell, with pictures drawn here."""

from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from guanxi.catalog.listing import acts, forms
from guanxi.demo.stage import Stage
from guanxi.talk.call import by_viewer
from guanxi.talk.file.store import store

STEEL, DARK, GROUND = "#8f969e", "#5d646c", "#e9e6e2"
SIDE = 480
Points = list[tuple[float, float]]


class Goods(NamedTuple):
    """`steps` as `5:486 20:472`, `sizes` as `M8×25:180` with their stock, empty when made to order."""

    seller: str
    number: str
    title: str
    category: str
    unit: str
    steps: str
    sizes: str
    look: str


GOODS = (
    Goods("chen", "MG-933", "304 不锈钢外六角螺栓 DIN 933 全牙", "hex-bolts", "千件", "5:486 20:472 50:455", "M8×25:180 M8×30:96 M8×40:64 M10×30:40", "bolt"),
    Goods("chen", "MG-934", "304 六角螺母 DIN 934", "hex-nuts", "千件", "5:152 20:148", "M6:300 M8:220 M10:120", "nut"),
    Goods("chen", "MG-125", "304 平垫圈 DIN 125", "washers", "千件", "10:42 50:38.5", "M6: M8:400 M10:260", "washer"),
    Goods("he", "YL-6923", "8.8 级法兰螺母 GB/T 6177", "flange-nuts", "件", "1000:0.18 10000:0.165", "M8:90000 M10:60000", "nut"),
    Goods("he", "YL-5783", "8.8 级外六角螺栓 GB/T 5783", "hex-bolts", "件", "500:0.62 5000:0.58", "M12×50:30000 M12×60:", "bolt"),
    Goods("fang", "FC-5L", "五层瓦楞纸箱 BC 楞", "corrugated-boxes", "只", "300:3.9 1000:3.55 3000:3.3", "400×300×250: 500×350×300:", "box"),
    Goods("shen", "SM-2108", "全棉斜纹布 21×21 108×58", "twill", "米", "100:12.8 1000:11.9", "本白:5200 藏青:1800 黑:", "cloth"),
    Goods("demo", "LC-61", "十字螺丝刀 6×150", "hand-tools", "把", "12:4.5 144:3.9", "6×150:860", "bolt"),
)


def stock_shops(stage: Stage) -> None:
    """Each company's goods on sale, by the same act as the editor's."""
    for one in GOODS:
        viewer = stage.people[one.seller]
        assert viewer.company is not None
        picture = store(viewer.person, viewer.company, SimpleUploadedFile(f"{one.number}.png", draw(one.look), "image/png"), picture=True)
        steps, sizes = pairs(one.steps), pairs(one.sizes)
        said = {
            "title": one.title, "number": one.number, "category": one.category, "unit": one.unit, "minimum": steps[0][0],
            "mixed": "on", "lead_days": "3", "pictures": [str(picture.id)],
            "tiers": [{"from": least, "price": price} for least, price in steps],
            "skus": [{"options": [{"name": name}], "stock": stock} for name, stock in sizes],
        }  # fmt: skip
        acts.make(by_viewer(viewer), draft=forms.read(said), publish=True)


def pairs(text: str) -> list[tuple[str, str]]:
    """`a:1 b:2` in pairs."""
    return [(left, right) for left, _sign, right in (part.partition(":") for part in text.split())]


def draw(look: str) -> bytes:
    """A plain picture of such goods, as PNG."""
    image = Image.new("RGB", (SIDE, SIDE), GROUND)
    LOOKS[look](ImageDraw.Draw(image))
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def hexagon(x: float, y: float, radius: float) -> Points:
    """Its corners."""
    return [(x + radius * cos(pi / 3 * n), y + radius * sin(pi / 3 * n)) for n in range(6)]


def bolt(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((200, 150, 280, 420), fill=STEEL)
    for y in range(170, 420, 14):
        pen.line((200, y + 8, 280, y), fill=DARK, width=4)
    pen.rounded_rectangle((150, 80, 330, 160), 12, fill=DARK)
    pen.rectangle((205, 80, 275, 160), fill=STEEL)


def nut(pen: ImageDraw.ImageDraw) -> None:
    for x, y in ((170, 190), (310, 290)):
        pen.polygon(hexagon(x, y, 110), fill=STEEL, outline=DARK, width=6)
        pen.ellipse((x - 52, y - 52, x + 52, y + 52), fill=GROUND, outline=DARK, width=6)


def washer(pen: ImageDraw.ImageDraw) -> None:
    for x, y in ((190, 180), (280, 300)):
        pen.ellipse((x - 120, y - 120, x + 120, y + 120), fill=STEEL, outline=DARK, width=5)
        pen.ellipse((x - 55, y - 55, x + 55, y + 55), fill=GROUND, outline=DARK, width=5)


def box(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(80, 190), (240, 260), (240, 420), (80, 350)], fill="#b98d5b")
    pen.polygon([(240, 260), (400, 190), (400, 350), (240, 420)], fill="#a2784a")
    pen.polygon([(80, 190), (240, 120), (400, 190), (240, 260)], fill="#d0a674")
    pen.line((160, 155, 320, 225), fill="#e8d9b8", width=18)


def cloth(pen: ImageDraw.ImageDraw) -> None:
    for n, colour in enumerate(("#2f4468", "#3d5680", "#53699a", "#e6e0d2")):
        pen.rounded_rectangle((90, 110 + n * 70, 390, 190 + n * 70), 30, fill=colour)
        pen.ellipse((350, 120 + n * 70, 400, 180 + n * 70), fill=GROUND)


LOOKS = {"bolt": bolt, "nut": nut, "washer": washer, "box": box, "cloth": cloth}
