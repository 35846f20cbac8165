"""Ten codes on paper, each for one use, for the day the phone is gone."""

import secrets as source
from datetime import datetime
from uuid import UUID

from guanxi.people import secrets
from guanxi.people.factor.table import RecoveryCode

MANY = 10
SIGNS = "abcdefghjkmnpqrstvwxyz23456789"  # none that look alike
HALF = 5


def draw(person: UUID, *, now: datetime) -> list[str]:
    """New ones, to be shown this once; the old ones end."""
    RecoveryCode.objects.filter(person=person).delete()
    plain = ["".join(source.choice(SIGNS) for _n in range(2 * HALF)) for _code in range(MANY)]
    RecoveryCode.objects.bulk_create(RecoveryCode(person_id=person, digest=_digest(person, one), made_at=now) for one in plain)
    return [f"{one[:HALF]}-{one[HALF:]}" for one in plain]


def use(person: UUID, typed: str, *, now: datetime) -> bool:
    """Whether this code is one of his and was not used yet."""
    kept = "".join(sign for sign in typed.lower() if sign in SIGNS)
    if len(kept) != 2 * HALF:
        return False
    return RecoveryCode.objects.filter(person=person, digest=_digest(person, kept), used_at=None).update(used_at=now) == 1


def left(person: UUID) -> int:
    """How many there are still."""
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def _digest(person: UUID, code: str) -> str:
    return secrets.keyed("recovery", str(person), code)
