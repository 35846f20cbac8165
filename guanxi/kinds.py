"""Every kind of entry and the card module that knows it. A new card is one folder and one line here (docs/how/trade-card.md).

What a card module offers stands in guanxi/talk/card.py. Kinds in PLAIN look the same to every viewer and travel whole in a frame.
"""

PLAIN = frozenset({"text", "image", "file", "notice"})
UNKNOWN = "guanxi.talk.unknown.card"

KINDS: dict[str, str] = {
    "text": "guanxi.talk.text.card",
    "image": "guanxi.talk.file.card",
    "file": "guanxi.talk.file.card",
    "notice": "guanxi.talk.notice.card",
}
