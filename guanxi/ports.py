"""Names of what can be exchanged, and of what lower parts call in higher ones, with their module paths. The full list; no logic."""

PROVIDERS: dict[str, str] = {
    "sandbox": "guanxi.pay.providers.sandbox.provider",
}
SENDERS: dict[str, str] = {
    "console": "guanxi.people.sender.console",
    "mail": "guanxi.people.sender.mail",
    "memory": "guanxi.people.sender.memory",
}

# What lower parts call in higher ones. LIVE is told after the commit: `people_changed(companies)`, `devices_changed(devices)`;
# LEAVING inside the transaction in which somebody stops working for a company: `hand_over(*, company, leaver, heir, now)`;
# ENDING inside the one that ends devices or tokens, or changes what somebody is in a company: `sessions_ended(sessions)`, `member_changed(person)`.
# CLOSING inside the one that closes an account, while its name stands: `account_closed(person, *, now)`.
LIVE = "guanxi.talk.hints"
CLOSING: tuple[str, ...] = ("guanxi.talk.group.closing",)
ENDING: tuple[str, ...] = ("guanxi.notify.push.acts",)
LEAVING: tuple[str, ...] = ("guanxi.talk.handover", "guanxi.deals.deal.leaving")
