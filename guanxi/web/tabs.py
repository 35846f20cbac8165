"""The figures on the tabs: the same on every page that shows them."""

from guanxi.deals.deal.table import Deal
from guanxi.people.viewer import Viewer
from guanxi.talk import inbox
from guanxi.talk.group.reads import count_invitations

MOST_MINE = 100


def tab_counts(viewer: Viewer) -> dict[str, int]:
    """Conversations with something unread, deals that wait for the company, groups that invite: three statements."""
    return {"messages": inbox.count_unread(viewer), "work": count_mine(viewer), "contacts": count_invitations(viewer.person)}


def count_mine(viewer: Viewer) -> int:
    """How many deals wait for the company, up to MOST_MINE."""
    return Deal.objects.filter(turn_company=viewer.company, state="live")[:MOST_MINE].count() if viewer.company else 0
