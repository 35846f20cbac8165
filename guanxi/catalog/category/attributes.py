"""What a listing of a category may say of its goods."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words

ATTRIBUTES: dict[str, Words] = {
    "material": _("Material"), "size": _("Size"), "standard": _("Standard"), "grade": _("Grade"), "finish": _("Surface"), "brand": _("Brand"),
    "model": _("Model"), "pressure": _("Pressure"), "power": _("Power"), "voltage": _("Voltage"), "current": _("Current"), "package": _("Package type"),
    "colour": _("Colour"), "composition": _("Composition"), "weight": _("Weight"), "width": _("Width"), "count": _("Yarn count"), "thickness": _("Thickness"),
    "layers": _("Layers"), "hardness": _("Hardness"), "purity": _("Purity"), "cas": _("CAS number"), "age": _("Age"), "origin": _("Place of origin"),
    "shelf": _("Shelf life"), "certificate": _("Certificate"), "area": _("Area served"),
}  # fmt: skip
