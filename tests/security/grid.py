"""Who may reach what: every address, act, route and frame of the product, each said once.

A new one that is missing here fails `test_reach.py`: say who may reach it, and it is tried as a stranger, a foreigner, a former member and
a colleague of a lower role by itself.
"""

from guanxi.people.roles import POWERS

# open: everyone. own: whoever is signed in, and only his own. link: whoever holds the link. machine: providers and monitors.
# operator: who runs this place, with a second factor; for everybody else nothing is there.
# company: people of that company. manage: its admins; admin: the admins of one's own. talk: who takes part in the conversation, or was shown the file.
PAGES = {
    "healthz": "open", "readyz": "open", "metrics": "machine", "hooks/<slug:provider>": "machine",
    "manifest.webmanifest": "open", "sw.js": "open", "offline": "open", "keys": "open", "": "open", "terms": "open", "privacy": "open", "language": "open",
    "go": "own", "go/found": "own",
    "signin": "open", "signin/code": "open", "signin/other": "open", "signin/enter": "open", "signin/password": "open", "signin/demo": "open",
    "signout": "open",
    **{f"signin/{step}": "open" for step in ("passkey", "passkey/options", "second", "second/code", "second/options", "second/passkey")},
    **{f"me/confirm{step}": "own" for step in ("", "/code", "/options", "/passkey")},
    **{
        f"me/security{step}": "own"
        for step in ("", "/app", "/app/remove", "/codes", "/passkeys", "/passkeys/options", "/passkeys/<uuid:passkey>/name", "/passkeys/<uuid:passkey>/remove")
    },
    "m": "own", "m/list": "own", "m/sync": "own", "m/search": "own", "contacts": "own", "contacts/people/<uuid:other>": "talk", "work": "own", "notices": "own",
    "me/notices": "own", "n/<str:token>": "link",
    "m/row/<uuid:conversation>": "talk", "groups": "own", "groups/new": "own", "groups/<uuid:conversation>/answer": "talk",
    **{f"c/<uuid:conversation>/{page}": "talk" for page in ("invite", "settings", "people", "people/<uuid:person>")},
    "c/<uuid:conversation>/contracts/<uuid:contract>": "talk", "c/<uuid:conversation>/contracts/<uuid:contract>/<slug:language>.pdf": "talk",
    "rfqs": "own", "rfqs/new": "own", "rfqs/draft": "own", "rfqs/send": "own", "rfqs/files": "own", "rfqs/companies": "own",
    "rfqs/lines": "own", "rfqs/import": "own",
    "rfqs/<uuid:rfq>": "company", "rfqs/<uuid:rfq>/edit": "company", "rfqs/<uuid:rfq>/qr.svg": "company", "rfqs/<uuid:rfq>/invite": "company",
    **{f"rfqs/<uuid:rfq>/{act}": "company" for act in ("extend", "reopen", "copy", "publish")},
    "rfqs/<uuid:rfq>/split": "company", "rfqs/<uuid:rfq>/award": "company", "rfqs/<uuid:rfq>/finish": "company", "rfqs/<uuid:rfq>/compare.xlsx": "company",
    "rfqs/<uuid:rfq>/close": "company", "rfqs/<uuid:rfq>/cancel": "company", "rfqs/<uuid:rfq>/compare": "company",
    "r/<slug:token>": "link", "r/<slug:token>/join": "link", "r/<slug:token>/quote": "link", "i/<str:token>": "link", "i/<str:token>/qr.svg": "link",
    "c/<uuid:conversation>": "talk", "c/<uuid:conversation>/entries": "talk", "c/<uuid:conversation>/live": "talk",
    "c/<uuid:conversation>/about": "talk",
    "c/<uuid:conversation>/entries/<int:seq>/forward": "talk", "c/<uuid:conversation>/read": "talk", "c/<uuid:conversation>/<slug:noun>/<slug:name>": "talk",
    "c/<uuid:conversation>/deals/<uuid:deal>": "talk", "c/<uuid:conversation>/deals/<uuid:deal>/panel": "talk",
    "c/<uuid:conversation>/orders/<uuid:order>": "talk", "c/<uuid:conversation>/payments/<uuid:payment>": "talk",
    **{
        f"c/<uuid:conversation>/deals/<uuid:deal>/{sheet}": "talk"
        for sheet in (
            "quote", "accept", "decline", "withdraw", "pass", "extend", "cancel", "consent", "pay", "change", "ship", "receive", "contract", "review",
            "review_answer",
            "review_report",
        )
    },
    "c/<uuid:conversation>/deals/<uuid:deal>/dispute": "talk",
    **{
        f"c/<uuid:conversation>/deals/<uuid:deal>/dispute/{act}": "talk"
        for act in ("open", "propose", "accept", "refuse", "show", "escalate", "withdraw", "send_back", "take_back", "contest", "repay", "got_back")
    },
    "sandbox/<slug:number>": "link", "sandbox/<slug:number>/pay": "link",
    "files/<uuid:upload>": "talk", "files/<uuid:upload>/thumb": "talk",
    "start": "own", "start/details": "own", "start/people": "own", "start/done": "own",
    "co/<slug:handle>": "open", "co/<slug:handle>/message": "open", "co/<slug:handle>/talk": "open", "co/<slug:handle>/poster": "open",
    "co/<slug:handle>/qr.svg": "open", "co/<slug:handle>/people": "company", "co/<slug:handle>/leave": "company",
    "co/<slug:handle>/edit": "manage", "co/<slug:handle>/logo": "manage", "co/<slug:handle>/people/<uuid:membership>": "manage",
    "co/<slug:handle>/people/<uuid:membership>/role": "manage", "co/<slug:handle>/people/<uuid:membership>/remove": "manage",
    "co/<slug:handle>/people/<uuid:membership>/owner": "manage", "co/<slug:handle>/invite": "manage",
    "co/<slug:handle>/invitations/<uuid:invitation>/withdraw": "manage",
    "g/<uuid:listing>": "open", "discover": "open", "co/<slug:handle>/goods": "open", "goods": "own", "goods/new": "own",
    "goods/import": "own", "goods/attributes": "own", "goods/pictures": "own",
    "goods/catalogue.xlsx": "own", "goods/catalogue.json": "own",
    "goods/prices": "own", "goods/prices/new": "own", "goods/prices/<uuid:price_list>": "company", "goods/prices/<uuid:price_list>/end": "company",
    **{f"goods/<uuid:listing>/{act}": "company" for act in ("edit", "publish", "hide")},
    "c/<uuid:conversation>/deals/<uuid:deal>/bank": "talk", "me/bank": "own", "co/<slug:handle>/bank": "company",
    "co/<slug:handle>/bank/<uuid:account>/confirm": "company", "co/<slug:handle>/bank/<uuid:account>/close": "company",
    **{f"c/<uuid:conversation>/statement{paper}": "talk" for paper in ("", ".xlsx", ".pdf")},
    "me": "own", "me/name": "own", "me/theme": "own", "me/company": "own", "me/companies": "own", "me/door": "own", "me/people": "own",
    "me/devices": "own", "me/devices/others": "own", "me/devices/<uuid:device>/end": "own", "me/password": "own", "me/tokens": "own",
    "me/tokens/<uuid:token>/end": "own", "me/close": "own", "me/export": "own", "me/export/<uuid:export>/file": "manage",
    "suspended": "own", "me/standing": "own", "me/standing/<uuid:measure>/appeal": "own", "me/verify": "own", "me/verify/withdraw": "own",
    **{
        f"console{page}": "operator"
        for page in (
            "", "/verifications", "/disputes", "/subjects", "/appeals", "/book", "/reviews", "/reviews/<uuid:review>", "/events/<uuid:event>/retry",
            "/reconciliation", "/work", "/health", "/done",
            "/verifications/<uuid:verification>", "/verifications/<uuid:verification>/scan", "/verifications/<uuid:verification>/decide",
            "/disputes/<uuid:conversation>/<uuid:dispute>", "/disputes/<uuid:conversation>/<uuid:dispute>/files/<uuid:upload>",
            "/disputes/<uuid:conversation>/<uuid:dispute>/rule", "/people/<uuid:person>", "/people/<uuid:person>/measure", "/people/<uuid:person>/signout",
            "/people/<uuid:person>/factors", "/companies/<uuid:company>", "/companies/<uuid:company>/measure", "/companies/<uuid:company>/revoke",
            "/measures/<uuid:measure>/lift", "/appeals/<uuid:appeal>", "/suspense/<uuid:suspense>", "/events/<uuid:event>", "/jobs/<int:job>",
            "/payouts/<uuid:payout>",
        )
    },
    **{f"me/push{act}": "own" for act in ("", "/<uuid:subscription>", "/<uuid:subscription>/remove")},
    "me/webhooks": "admin",
    **{
        f"me/webhooks/<uuid:webhook>{act}": "manage"
        for act in ("", "/rotate", "/test", "/on", "/remove", "/deliveries/<uuid:delivery>/redeliver")
    },
}  # fmt: skip

BANK = {"offer": "sell", "say": "pay", "withdraw": "pay", **dict.fromkeys(("deny", "found", "receive", "settle", "repay", "got", "miss"), "money")}

# What a role needs, any one of them, to do it; `read` is what everyone who takes part may. `group` counts inside groups alone: no role of a
# company has it, so in a deal's conversation everybody is refused.
ACTS = {
    ("text", "say"): "talk", ("file", "send"): "talk", ("party", "take"): "talk", ("position", "hear"): "read", ("recall", "recall"): "talk",
    ("forward", "send"): "talk", ("voice", "speak"): "talk",
    ("nudge", "ask"): "talk",
    ("rfq", "create_draft"): "buy", ("rfq", "save_draft"): "buy", ("rfq", "send"): "buy", ("rfq", "ask"): "buy", ("rfq", "invite"): "buy",
    **{("rfq", act): "buy" for act in ("extend", "reopen", "copy", "publish")},
    ("rfq", "close"): "buy", ("rfq", "join"): "sell", ("rfq", "decline"): "sell",
    ("quote", "draft"): "buy sell", ("quote", "drop"): "buy sell",
    ("quote", "send"): "sell", ("quote", "counter"): "buy sell", ("quote", "decline"): "buy sell", ("quote", "withdraw"): "buy sell",
    ("quote", "cancel_rfq"): "buy", ("order", "place"): "buy sell", ("order", "cancel_ask"): "buy", ("order", "cancel_refuse"): "sell",
    ("order", "cancel"): "buy sell", ("order", "cancel_agree"): "sell",
    **{("bank", act): power for act, power in BANK.items()},
    ("payment", "pay"): "pay", ("payment", "cancel"): "buy sell", ("payment", "cancel_agree"): "sell",
    ("shipment", "ship"): "sell", ("shipment", "receive"): "buy", ("shipment", "extend"): "buy", ("review", "give"): "buy sell",
    ("review", "answer"): "buy sell", ("review", "report"): "buy sell",
    **{("change", act): "buy sell" for act in ("propose", "accept", "decline", "withdraw")},
    ("contract", "draw"): "buy sell", ("contract", "agree"): "buy sell", ("contract", "decline"): "buy sell",
    **{("group", act): "group" for act in ("rename", "announce", "history", "invite", "leave", "remove", "role", "owner", "silence")},
    **{
        ("dispute", act): "buy sell"
        for act in ("open", "propose", "accept", "refuse", "show", "escalate", "withdraw", "send_back", "take_back", "contest", "repay", "got_back")
    },
}  # fmt: skip

# Method and path: the scope of the token, and the power of its role.
ROUTES = {
    ("POST", "/auth/codes"): ("", ""), ("POST", "/auth/tokens"): ("", ""), ("GET", "/me"): ("", ""),
    ("GET", "/companies"): ("read", ""), ("POST", "/companies"): ("trade", ""), ("GET", "/companies/{company_id}"): ("read", ""),
    ("GET", "/conversations"): ("read", "read"), ("POST", "/conversations"): ("talk", "talk"),
    ("GET", "/conversations/{conversation_id}"): ("read", "read"), ("GET", "/sync"): ("read", "read"), ("GET", "/search"): ("read", "read"),
    ("GET", "/conversations/{conversation_id}/entries"): ("read", "read"), ("POST", "/conversations/{conversation_id}/entries"): ("talk", "talk"),
    ("POST", "/conversations/{conversation_id}/entries/{seq}/recall"): ("talk", "talk"), ("POST", "/conversations/{conversation_id}/hear"): ("talk", "read"),
    ("POST", "/conversations/{conversation_id}/forward"): ("talk", "talk"),
    ("POST", "/conversations/{conversation_id}/read"): ("talk", "read"), ("POST", "/uploads"): ("talk", "read"),
    ("GET", "/rfqs"): ("read", "read"), ("POST", "/rfqs"): ("trade", "buy"), ("GET", "/rfqs/{rfq_id}"): ("read", "read"),
    ("POST", "/rfqs/lines"): ("trade", "buy"), **{("POST", f"/rfqs/{{rfq_id}}/{act}"): ("trade", "buy") for act in ("extend", "reopen", "copy", "publish")},
    ("PUT", "/rfqs/{rfq_id}"): ("trade", "buy"), ("POST", "/rfqs/{rfq_id}/invite"): ("trade", "buy"), ("POST", "/rfqs/{rfq_id}/close"): ("trade", "buy"),
    ("POST", "/rfqs/{rfq_id}/cancel"): ("trade", "buy"), ("POST", "/rfqs/{rfq_id}/decline"): ("trade", "sell"),
    ("POST", "/rfqs/{rfq_id}/award"): ("trade", "buy"), ("POST", "/rfqs/{rfq_id}/finish"): ("trade", "buy"),
    ("GET", "/rfqs/{rfq_id}/quotes"): ("read", "read"), ("POST", "/rfqs/{rfq_id}/quotes"): ("trade", "sell"),
    ("GET", "/quotes/{quote_id}"): ("read", "read"), ("POST", "/quotes/{quote_id}/counter"): ("trade", "buy sell"),
    ("POST", "/quotes/{quote_id}/accept"): ("trade", "buy sell"), ("POST", "/quotes/{quote_id}/decline"): ("trade", "buy sell"),
    ("POST", "/quotes/{quote_id}/withdraw"): ("trade", "buy sell"),
    ("GET", "/orders"): ("read", "read"), ("GET", "/orders/{order_id}"): ("read", "read"), ("POST", "/orders/{order_id}/pay"): ("trade", "pay"),
    ("POST", "/orders/{order_id}/ship"): ("trade", "sell"), ("POST", "/orders/{order_id}/receive"): ("trade", "buy"),
    ("POST", "/orders/{order_id}/extend"): ("trade", "buy"), ("POST", "/orders/{order_id}/cancel"): ("trade", "buy sell"),
    ("POST", "/orders/{order_id}/cancel_ask"): ("trade", "buy"), ("POST", "/orders/{order_id}/cancel_agree"): ("trade", "sell"),
    ("POST", "/orders/{order_id}/cancel_refuse"): ("trade", "sell"), ("POST", "/orders/{order_id}/review"): ("trade", "buy sell"),
    ("POST", "/orders/{order_id}/review/answer"): ("trade", "buy sell"), ("POST", "/orders/{order_id}/review/report"): ("trade", "buy sell"),
    ("GET", "/payments/{payment_id}"): ("read", "read"), ("POST", "/payments/{payment_id}/sandbox"): ("trade", "pay"),
    ("GET", "/exports"): ("read", "own"), ("POST", "/exports"): ("read", "own"), ("GET", "/exports/{export_id}/file"): ("read", "own"),
    ("GET", "/book/entries"): ("read", "money"), ("GET", "/check"): ("read", "read"),
    ("GET", "/orders/{order_id}/changes"): ("read", "read"), ("POST", "/orders/{order_id}/changes"): ("trade", "buy sell"),
    **{("POST", f"/changes/{{change_id}}/{act}"): ("trade", "buy sell") for act in ("accept", "decline", "withdraw")},
    ("GET", "/orders/{order_id}/contract"): ("read", "read"), ("POST", "/orders/{order_id}/contract"): ("trade", "buy sell"),
    ("GET", "/contracts/{contract_id}"): ("read", "read"), ("GET", "/contracts/{contract_id}/{language}.pdf"): ("read", "read"),
    ("POST", "/contracts/{contract_id}/agree"): ("trade", "buy sell"), ("POST", "/contracts/{contract_id}/decline"): ("trade", "buy sell"),
    ("POST", "/groups"): ("talk", ""), ("GET", "/groups/invitations"): ("read", ""), ("GET", "/groups/{conversation_id}"): ("read", "group"),
    ("POST", "/groups/{conversation_id}"): ("talk", "group"), ("POST", "/groups/{conversation_id}/invite"): ("talk", "group"),
    ("POST", "/groups/{conversation_id}/answer"): ("talk", "group"), ("POST", "/groups/{conversation_id}/leave"): ("talk", "group"),
    ("POST", "/groups/{conversation_id}/people/{person_id}"): ("talk", "group"),
    ("POST", "/groups/{conversation_id}/people/{person_id}/remove"): ("talk", "group"),
    ("GET", "/orders/{order_id}/dispute"): ("read", "read"), ("POST", "/orders/{order_id}/dispute"): ("trade", "buy sell"),
    **{
        ("POST", f"/orders/{{order_id}}/dispute/{act}"): ("trade", "buy sell")
        for act in ("propose", "accept", "refuse", "show", "escalate", "withdraw", "send_back", "take_back", "contest", "repay", "got_back")
    },
    ("GET", "/me/notices"): ("read", ""), ("POST", "/me/notices"): ("trade", ""),
    ("GET", "/me/push"): ("read", ""), ("POST", "/me/push"): ("talk", ""), ("DELETE", "/me/push/{subscription_id}"): ("talk", ""),
    ("GET", "/listings"): ("read", "read"), ("GET", "/listings/{listing_id}"): ("read", "read"), ("POST", "/listings"): ("trade", "sell"),
    ("POST", "/listings/{listing_id}"): ("trade", "sell"), ("POST", "/listings/{listing_id}/publish"): ("trade", "sell"),
    ("POST", "/listings/{listing_id}/hide"): ("trade", "sell"),
    ("GET", "/price-lists"): ("read", "sell"), ("POST", "/price-lists"): ("trade", "sell"), ("POST", "/price-lists/{price_list_id}/end"): ("trade", "sell"),
    ("GET", "/bank/accounts"): ("read", "money"), ("POST", "/bank/accounts"): ("trade", "money"),
    ("POST", "/bank/accounts/{account_id}/confirm"): ("trade", "money"), ("POST", "/bank/accounts/{account_id}/close"): ("trade", "money"),
    ("GET", "/orders/{order_id}/bank"): ("read", "read"),
    **{("POST", f"/orders/{{order_id}}/bank/{act}"): ("trade", power) for act, power in BANK.items()},
    **{("GET", f"/conversations/{{conversation_id}}/statement{paper}"): ("read", "read") for paper in ("", ".xlsx")},
    ("GET", "/webhooks"): ("read", "manage"), ("POST", "/webhooks"): ("*", "manage"), ("GET", "/webhooks/{webhook_id}"): ("read", "manage"),
    ("DELETE", "/webhooks/{webhook_id}"): ("*", "manage"), ("POST", "/webhooks/{webhook_id}/rotate"): ("*", "manage"),
    ("POST", "/webhooks/{webhook_id}/test"): ("*", "manage"), ("POST", "/webhooks/{webhook_id}/on"): ("*", "manage"),
    ("GET", "/webhooks/{webhook_id}/deliveries"): ("read", "manage"),
    ("POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver"): ("*", "manage"),
}  # fmt: skip

# What a client of the gateway may say, and the tests that try it as somebody who may not.
FRAMES = {
    "send": "tests/talk/test_texts.py::test_who_has_no_reach_is_told_that_nothing_is_there",
    "read": "tests/talk/test_delivery.py::test_nothing_reaches_whoever_takes_no_part",
    "typing": "tests/talk/test_delivery.py::test_nothing_reaches_whoever_takes_no_part",
    "sync": "tests/talk/test_sync.py::test_who_left_finds_nothing",
    "ping": "tests/talk/test_door.py::test_no_cookie_and_no_token_closes_with_4401",
}
ASKED = "Say in tests/security/grid.py who may reach "


def lower(powers: str) -> list[str]:
    """The roles that have none of these powers."""
    return [role for role, has in POWERS.items() if powers and not has & set(powers.split())]
