"""The third pane of the desk, for the conversation page: four statements beside what that page has read already."""

from typing import Any

from guanxi.deals.deal.table import Deal
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.web.deal.picture import draw
from guanxi.web.deal.seat import Seat


def context(deal: Deal, viewer: Viewer, other: Company | None = None) -> dict[str, Any]:
    """What `web/deal/panel.html` needs; the caller has made sure that the viewer reaches the deal."""
    side = deal.side_of(viewer.company)
    assert side is not None, "reach comes first"
    other = other or Company.objects.get(pk=deal.supplier_id if side == "buyer" else deal.buyer_id)
    return {"deal": draw(Seat(deal, viewer, side, other), entries=12)}
