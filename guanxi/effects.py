"""What else happens, after the commit: the name of an effect and the function that does it. The full list; no logic.

`function(conversation: UUID, body: dict, *, key: str, now: datetime) -> None` may run twice with the same key and then does nothing new.
"""

EFFECTS: dict[str, str] = {
    "rfq.close": "guanxi.deals.rfq.clock:close",
    "rfq.remind": "guanxi.deals.rfq.clock:remind",
    "rfq.follow": "guanxi.deals.rfq.clock:follow",
    "rfq.invite": "guanxi.deals.rfq.clock:invite",
    "rfq.lose": "guanxi.deals.quote.clock:lose",
    "quote.expire": "guanxi.deals.quote.clock:expire",
    "contract.redraw": "guanxi.deals.contract.clock:redraw",
    "change.expire": "guanxi.deals.change.clock:expire",
    "order.expire": "guanxi.deals.order.clock:expire",
    "bank.changed": "guanxi.deals.bank.accounts:changed",
    "payment.start": "guanxi.deals.payment.provider:start",
    "payment.poll": "guanxi.deals.payment.provider:poll",
    "payment.expire": "guanxi.deals.payment.clock:expire",
    "payment.payout": "guanxi.deals.payment.provider:payout",
    "payment.refund": "guanxi.deals.payment.provider:refund",
    "receipt.auto": "guanxi.deals.shipment.clock:confirm",
    "dispute.lapse": "guanxi.deals.dispute.clock:lapse",
    "company.export": "guanxi.operate.export.make:effect",
}

# Readers of what happened, run by the worker every quarter of a minute: `function(*, now: datetime)`, safe to run at any time and twice.
READERS: dict[str, str] = {
    "rfq.overdue": "guanxi.deals.rfq.clock:close_overdue",
    "notify.obligation": "guanxi.notify.obligation:tell_all",
    "notify.digest": "guanxi.notify.digest.mail:send_all",
    "talk.search": "guanxi.talk.search.reader:catch_up",
    "operator.alarm": "guanxi.operator.alarm:tell_all",
    "notify.webhook": "guanxi.notify.webhook.reader:look",
    "notify.push": "guanxi.notify.push.reader:look",
}
