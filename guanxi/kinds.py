"""Every kind of entry and the card module that knows it. A new card is one folder and one line here (docs/how/trade-card.md).

What a card module offers stands in guanxi/talk/card.py. Kinds in PLAIN look the same to every viewer and travel whole in a frame.
"""

PLAIN = frozenset({"text", "image", "file", "notice", "recall", "recalled", "forward", "voice"})
UNKNOWN = "guanxi.talk.unknown.card"

KINDS: dict[str, str] = {
    "text": "guanxi.talk.text.card",
    "image": "guanxi.talk.file.card",
    "file": "guanxi.talk.file.card",
    "notice": "guanxi.talk.notice.card",
    "recall": "guanxi.talk.recall.card",
    "recalled": "guanxi.talk.recall.card",
    "forward": "guanxi.talk.forward.card",
    "voice": "guanxi.talk.voice.card",
    "rfq.sent": "guanxi.deals.rfq.card",
    "rfq.declined": "guanxi.deals.rfq.card",
    "rfq.closed": "guanxi.deals.rfq.card",
    "rfq.cancelled": "guanxi.deals.rfq.card",
    "rfq.expired": "guanxi.deals.rfq.card",
    "rfq.lost": "guanxi.deals.rfq.card",
    "rfq.extended": "guanxi.deals.rfq.card",
    "rfq.reopened": "guanxi.deals.rfq.card",
    "rfq.reminded": "guanxi.deals.rfq.card",
    "quote.sent": "guanxi.deals.quote.card",
    "quote.countered": "guanxi.deals.quote.card",
    "quote.declined": "guanxi.deals.quote.card",
    "quote.withdrawn": "guanxi.deals.quote.card",
    "quote.expired": "guanxi.deals.quote.card",
    "order.placed": "guanxi.deals.order.card",
    "order.cancelled": "guanxi.deals.order.card",
    "order.cancel_asked": "guanxi.deals.order.card",
    "order.cancel_refused": "guanxi.deals.order.card",
    "order.expired": "guanxi.deals.order.card",
    **{f"change.{end}": "guanxi.deals.change.card" for end in ("proposed", "accepted", "declined", "withdrawn", "expired")},
    "contract.offered": "guanxi.deals.contract.card",
    "contract.agreed": "guanxi.deals.contract.card",
    "contract.declined": "guanxi.deals.contract.card",
    "payment.held": "guanxi.deals.payment.card",
    "payment.failed": "guanxi.deals.payment.card",
    "payment.returned": "guanxi.deals.payment.card",
    **{
        f"bank.{word}": "guanxi.deals.bank.card"
        for word in ("offered", "sent", "half", "received", "absent", "withdrawn", "settled", "owed", "repaid", "refunded", "missing", "changed")
    },
    "shipment.sent": "guanxi.deals.shipment.card",
    "receipt.confirmed": "guanxi.deals.shipment.card",
    "receipt.extended": "guanxi.deals.shipment.card",
    "review.given": "guanxi.deals.review.card",
    "review.answered": "guanxi.deals.review.card",
    "dispute.opened": "guanxi.deals.dispute.card",
    "dispute.proposed": "guanxi.deals.dispute.card",
    "dispute.refused": "guanxi.deals.dispute.card",
    "dispute.agreed": "guanxi.deals.dispute.card",
    "dispute.evidence": "guanxi.deals.dispute.card",
    "dispute.escalated": "guanxi.deals.dispute.card",
    "dispute.ruled": "guanxi.deals.dispute.card",
    "dispute.withdrawn": "guanxi.deals.dispute.card",
    "dispute.sent_back": "guanxi.deals.dispute.card",
    "dispute.taken_back": "guanxi.deals.dispute.card",
    "dispute.repaid": "guanxi.deals.dispute.card",
    "dispute.got_back": "guanxi.deals.dispute.card",
}
