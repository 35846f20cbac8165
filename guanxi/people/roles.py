"""Who may do what for a company (design.md section 6)."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused, Words

SUSPENDED = "suspended"  # no role of its own: what every role of a suspended company comes to
POWERS: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "talk", "buy", "sell", "pay", "money", "manage", "own"}),
    "admin": frozenset({"read", "talk", "buy", "sell", "pay", "money", "manage"}),
    "sales": frozenset({"read", "talk", "sell"}),
    "purchaser": frozenset({"read", "talk", "buy"}),
    "finance": frozenset({"read", "talk", "pay", "money"}),
    "viewer": frozenset({"read"}),
}
NAMES: dict[str, Words] = {
    "owner": _("Owner"),
    "admin": _("Admin"),
    "sales": _("Sales"),
    "purchaser": _("Purchaser"),
    "finance": _("Finance"),
    "viewer": _("Viewer"),
    SUSPENDED: _("Suspended"),
}
LACKING: dict[str, Words] = {
    "talk": _("Your role may read here, but not write. Ask an admin of your company for another role."),
    "buy": _("Buying acts are for purchasers, admins and the owner of your company."),
    "sell": _("Selling acts are for sales, admins and the owner of your company."),
    "pay": _("Paying is for finance, admins and the owner of your company."),
    "money": _("Money is for finance, admins and the owner of your company."),
    "manage": _("Only admins and the owner of your company may change this."),
    "own": _("Only the owner of your company may do this."),
    "read": _("You do not work for this company."),
}


def can(role: str | None, power: str) -> bool:
    """Whether a member with this role has `power`."""
    return power == "read" if role == SUSPENDED else power in POWERS.get(role or "", frozenset())


def require(role: str | None, power: str) -> None:
    """Raises Refused, naming who may, when the role lacks the power."""
    if role == SUSPENDED and power != "read":
        raise Refused("company-suspended", _("Your company is suspended. Settings, Standing says why and how to appeal; until then you can read everything."))
    if not can(role, power):
        raise Refused(f"role-cannot-{power}", LACKING[power])
