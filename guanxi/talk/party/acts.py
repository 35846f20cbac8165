"""Who answers for a company in a conversation: one colleague gets the notices, the others read along and may take over."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.people.table import Company
from guanxi.talk.call import Call
from guanxi.talk.notice import KIND, notice
from guanxi.talk.table import Party
from guanxi.talk.turn import turn


def take_over(call: Call) -> dict[str, Any]:
    """From now on the caller answers for his company here: {conversation, seq}. Raises Refused between people and when he does already."""
    with turn(call) as talk:
        talk.require("talk")
        side = next((one for one in talk.sides if one.company and one.company == call.company), None)
        if side is None or side.company is None:
            raise Refused("no-sides", _("Between people nobody answers for anybody."))
        if side.responsible == call.person:
            raise Refused("already-yours", _("You answer here already."))
        Party.objects.of(talk.conversation).filter(company_id=call.company, left_at=None).update(responsible_id=call.person)
        company = Company.objects.values_list("name", flat=True).get(id=side.company)
        entry = talk.add(KIND, notice("took-over", name=call.name, company=company))
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}
    return talk.result
