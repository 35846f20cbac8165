"""Who sits where at a deal: fetched through the party row, so what one may not see does not exist."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.deal.table import Deal
from guanxi.people.roles import can
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.talk.table import Party


@dataclass(frozen=True, slots=True)
class Seat:
    """A deal as this viewer's company sees it. `other` is the company across the table; lists leave it out."""

    deal: Deal
    viewer: Viewer
    side: str
    other: Company | None

    @property
    def is_buyer(self) -> bool:
        return self.side == "buyer"

    @property
    def is_mine(self) -> bool:
        """Whether the next act is my company's."""
        return self.deal.state == "live" and self.deal.turn_company == self.viewer.company

    @property
    def other_name(self) -> str:
        return self.other.name if self.other else ""

    def can(self, power: str) -> bool:
        return can(self.viewer.role, power)

    def at(self, act: str = "") -> str:
        """The address of the deal's page, or of one of its acts."""
        return f"/c/{self.deal.conversation_id}/deals/{self.deal.id}" + (f"/{act}" if act else "")

    def post(self, act: str) -> str:
        """Where the form of `noun/verb` is sent."""
        return f"/c/{self.deal.conversation_id}/{act}"


def firm(viewer: Viewer) -> UUID:
    """The company the viewer acts for. Raises Refused for who has none yet."""
    if viewer.company is None:
        raise Refused("no-company", _("Set up your company first."))
    return viewer.company


def take(viewer: Viewer, conversation: UUID, deal: UUID) -> Seat:
    """The seat of this viewer, in two statements. Raises NotFound without reach."""
    here = Party.objects.filter(conversation_id=OuterRef("conversation_id"), company_id=viewer.company, left_at=None)
    found = Deal.objects.of(conversation).filter(Exists(here), pk=deal).first() if viewer.company else None
    side = found.side_of(viewer.company) if found else None
    if found is None or side is None:
        raise NotFound
    other = Company.objects.get(pk=found.supplier_id if side == "buyer" else found.buyer_id)
    return Seat(found, viewer, side, other)
