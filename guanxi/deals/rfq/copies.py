"""The frozen copies of an enquiry, one in each supplier's conversation, and how they end with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.base.ids import new_id
from guanxi.deals.deal.panel import await_quotes, lapse
from guanxi.deals.deal.table import Deal
from guanxi.deals.rfq.rules import INVITE
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.people.table import Company
from guanxi.talk.table import Attachment, Upload
from guanxi.talk.turn import Turn, Turns

END = """
    UPDATE deals_invite SET state = %s WHERE rfq_id = %s AND conversation_id = ANY(%s) AND state = ANY(%s) AND id IS DISTINCT FROM %s
    RETURNING id, conversation_id
"""
LONGER = """
    UPDATE deals_invite SET deadline_at = %(deadline)s, state = CASE WHEN state = 'expired' THEN 'invited' ELSE state END
    WHERE rfq_id = %(rfq)s AND conversation_id = ANY(%(rooms)s) AND state IN ('invited', 'quoted', 'expired') AND deadline_at IS DISTINCT FROM %(deadline)s
    RETURNING id, conversation_id, state = 'invited'
"""
REMIND = """
    UPDATE deals_invite SET reminded_for = %(deadline)s
    WHERE rfq_id = %(rfq)s AND conversation_id = ANY(%(rooms)s) AND state = 'invited' AND reminded_for IS DISTINCT FROM %(deadline)s
    RETURNING id, conversation_id, true
"""
TOGETHER = 10  # conversations in one act; above that, one effect each (design.md section 4)


@dataclass(frozen=True, slots=True)
class Picture:
    """What every copy shows alike."""

    rfq: Rfq
    lines: list[dict[str, Any]]
    files: list[dict[str, Any]]
    names: Mapping[UUID, str]

    def of(self, supplier: UUID) -> dict[str, Any]:
        """The body of the entry and of the copy: everything the card needs, frozen."""
        rfq = self.rfq
        return {
            "v": 1, "rfq": str(rfq.id), "number": rfq.number, "title": rfq.title, "currency": rfq.currency,
            "buyer": self.names.get(rfq.company_id, ""), "supplier": self.names.get(supplier, ""), "lines": self.lines, "files": self.files,
            "place": rfq.place, "deliver_by": rfq.deliver_by and rfq.deliver_by.isoformat(), "tax_rate": percent(rfq.tax_rate), "tax_in": rfq.tax_in,
            "invoice": rfq.invoice, "note": rfq.note, "deadline_at": iso(rfq.deadline_at),
        }  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def percent(rate: Any) -> str | None:
    """`13` for Decimal("13.00"); None stays None."""
    return None if rate is None else f"{rate.normalize():f}"


def names_of(companies: list[UUID]) -> dict[UUID, str]:
    """Names of companies; unknown ids are left out."""
    return dict(Company.objects.filter(id__in=companies).values_list("id", "name"))


def files_of(ids: list[UUID]) -> list[dict[str, Any]]:
    """Pictures of uploads, in the order given."""
    found = {row["id"]: row for row in Upload.objects.filter(id__in=ids).values("id", "name", "mime", "size", "width", "height")} if ids else {}
    return [found[one] | {"id": str(one)} for one in ids if one in found]


def write(at: Mapping[UUID, Turn], picture: Picture) -> list[dict[str, str]]:
    """A copy, its deal and its entry in the turn of every supplier; how many there are does not change the number of statements."""
    rfq, invites, deals, shown = picture.rfq, [], [], []
    for supplier, turn in at.items():
        deal, body = new_id(), picture.of(supplier)
        entry = turn.add("rfq.sent", body, about=deal)
        invites.append(Invite(id=deal, conversation_id=turn.conversation, rfq_id=rfq.id, buyer_id=rfq.company_id, supplier_id=supplier, body=body,
                              seq=entry.seq, sent_at=turn.now))  # fmt: skip
        deals.append(Deal(id=deal, conversation_id=turn.conversation, buyer_id=rfq.company_id, supplier_id=supplier, rfq_id=rfq.id, number=rfq.number,
                          title=rfq.title, currency=rfq.currency, turn="quote", turn_company=supplier, due_at=rfq.deadline_at, seq=entry.seq,
                          created_at=turn.now, updated_at=turn.now))  # fmt: skip
        shown += [Attachment(conversation_id=turn.conversation, upload_id=UUID(file["id"])) for file in picture.files]
    Invite.objects.bulk_create(invites)
    Deal.objects.bulk_create(deals)
    if shown:
        Attachment.objects.bulk_create(shown, ignore_conflicts=True)
    return [{"conversation": str(one.conversation_id), "deal": str(one.id), "supplier": str(one.supplier_id)} for one in invites]


def end(at: Turns, rfq_id: UUID, word: dict[str, Any], *, act: str, kind: str, by: str, but: UUID | None = None) -> list[UUID]:
    """Bring the copies in these conversations to their end by `act` and say so; `but` stays. The ids of the deals that ended."""
    rule = next(rule for rule in INVITE.rules if rule.act == act and by in rule.by)
    with connection.cursor() as cursor:
        cursor.execute(END, [rule.to, rfq_id, list(at.by_id), list(rule.frm), but])
        found = cursor.fetchall()
    ended = {deal: at[room].add(kind, word, about=deal).seq for deal, room in found}
    if ended:
        lapse(ended, now=next(iter(at.by_id.values())).now)
    return list(ended)


def say_longer(at: Turns, rfq: Rfq, *, kind: str) -> None:
    """The new deadline in these conversations; copies that had expired live again, and it is their suppliers' turn. Nothing where it was said before."""
    _say(at, rfq, LONGER, kind)


def say_soon(at: Turns, rfq: Rfq) -> None:
    """The deadline is near: to suppliers who have not answered, once a deadline."""
    _say(at, rfq, REMIND, "rfq.reminded")


def _say(at: Turns, rfq: Rfq, statement: str, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"rfq": rfq.id, "rooms": list(at.by_id), "deadline": rfq.deadline_at})
        found = cursor.fetchall()
    if found:
        body = word(rfq) | {"deadline_at": iso(rfq.deadline_at)}
        told = [(deal, at[room].add(kind, body, about=deal).seq, waits) for deal, room, waits in found]
        await_quotes(told, until=rfq.deadline_at, now=next(iter(at.by_id.values())).now)


def word(rfq: Rfq) -> dict[str, Any]:
    """What an entry about the end of an enquiry shows."""
    return {"v": 1, "rfq": str(rfq.id), "number": rfq.number, "title": rfq.title}


def rooms(rfq_id: UUID, *states: str) -> list[UUID]:
    """The conversations of copies that still live, or are in these states; oldest first."""
    found = Invite.objects.filter(rfq_id=rfq_id, state__in=states or ("invited", "quoted"))
    return list(found.order_by("id").values_list("conversation_id", flat=True))


def spill(at: Turns, rfq_id: UUID, left: list[UUID], *, reason: str = "") -> None:
    """The copies that found no room in this act follow, one effect each; `reason` is why they lost."""
    carrier = next(iter(at.by_id.values()), None)
    for room in left:
        if carrier:
            carrier.effect("rfq.lose", {"rfq": str(rfq_id), "room": str(room)} | ({"reason": reason} if reason else {}))
