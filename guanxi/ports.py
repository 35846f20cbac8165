"""Names of what can be exchanged: payment providers and senders, with their module paths. The full list; no logic."""

PROVIDERS: dict[str, str] = {
    "sandbox": "guanxi.pay.providers.sandbox.provider",
}
SENDERS: dict[str, str] = {
    "console": "guanxi.people.sender.console",
    "memory": "guanxi.people.sender.memory",
}
