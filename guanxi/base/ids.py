"""Ids made by the application, and numbers people read out."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import connection
from uuid6 import uuid7

from guanxi.base.clock import HOME

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I L O U
CHECKS = ALPHABET + "*~$=U"  # sum modulo 37, crockford.com/base32.html


def new_id() -> UUID:
    """A UUIDv7: unique without asking the database, near its time in an index."""
    return UUID(int=uuid7().int)


def find_id(text: str) -> UUID | None:
    """The id a stranger typed, or None: never an error for bad text."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


def check_sign(body: str) -> str:
    """Crockford's check sign over the letters and digits of `body`."""
    value = 0
    for letter in body:
        if letter in ALPHABET:
            value = value * 32 + ALPHABET.index(letter)
    return CHECKS[value % 37]


def draw_number(prefix: str, at: datetime) -> str:
    """`DD-261123-7K3QX4`: prefix, Shanghai date, five random signs, check sign. Never a counter."""
    day = at.astimezone(HOME).strftime("%y%m%d")
    while True:
        draw = "".join(secrets.choice(ALPHABET) for _ in range(5))
        sign = check_sign(day + draw)
        if sign in ALPHABET:  # the five odd signs are hard to say on the phone: draw again
            return f"{prefix}-{day}-{draw}{sign}"


def claim_number(prefix: str, at: datetime) -> str:
    """A number nobody has, claimed in the reference table (quality.md R5)."""
    for _attempt in range(5):
        text = draw_number(prefix, at)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO base_number (text, at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING text", [text, at])
            if cursor.fetchone():
                return text
    raise RuntimeError("five drawn numbers in a row were taken")
