"""What the clock does about payments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.payment import acts
from guanxi.deals.payment.provider import settle
from guanxi.deals.payment.table import Payment
from guanxi.pay.port import find_provider, number_of
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def expire(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """Close a payment nobody finished, first at the provider: when the payer was faster there, his money counts (quality.md M12)."""
    payment = Payment.objects.of(conversation).filter(pk=body["payment"], state__in=("starting", "pending"), expires_at__lte=now).first()
    if payment is None:
        return
    news = find_provider(payment.provider).cancel(number_of(payment.id), now=now)
    if news is not None and news.kind == "paid":
        settle(conversation, news, now=now)
    run(acts.expire, by_actor("clock", conversation, now=now), payment_id=payment.id)
