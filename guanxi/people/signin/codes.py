"""Six digits on their way to an address: made, limited, tried, used once (quality.md A44, A53)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Invalid, Limited
from guanxi.base.ids import new_id
from guanxi.people import secrets
from guanxi.people.table import SignInCode

LIVES = timedelta(minutes=10)
RESEND = timedelta(seconds=60)
TRIES = 5
DIGITS = 6
HOUR = 3600


def make(address: str, *, ip: str, now: datetime) -> str:
    """A new code; older ones of this address end. Raises Limited when asked too often, from there or for it."""
    limits.hit(f"code:ip:{ip}", limit=60, seconds=HOUR, now=now)
    _wait(address, now)
    limits.hit(f"code:to:{address}", limit=6, seconds=HOUR, now=now)
    code, code_id = secrets.draw_code(), new_id()
    SignInCode.objects.filter(address=address, made_at__lt=now - timedelta(days=1)).delete()
    SignInCode.objects.create(id=code_id, address=address, digest=secrets.keyed(str(code_id), address, code), made_at=now)
    return code


def _wait(address: str, now: datetime) -> None:
    """The last one must have had a minute to arrive; the counted window stops those who ask at the same moment."""
    last = SignInCode.objects.filter(address=address, used_at=None).order_by("-made_at").values_list("made_at", flat=True).first()
    if last and now < last + RESEND:
        raise Limited(_("A code is on its way. You can ask for another one a minute after the last."), retry_after=(last + RESEND - now).seconds + 1)
    limits.hit(f"code:minute:{address}", limit=1, seconds=60, now=now)


def use(address: str, typed: str, *, ip: str, now: datetime) -> None:
    """The newest code of the address, once. Raises Invalid for `code`, with the same words whatever was wrong but its length."""
    limits.hit(f"try:ip:{ip}", limit=200, seconds=HOUR, now=now)
    limits.hit(f"try:to:{address}", limit=20, seconds=HOUR, now=now)
    digits = "".join(typed.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Invalid({"code": _("The code has 6 digits.")})
    if not _matches(address, digits, now):
        raise Invalid({"code": _("This code is wrong or over. Check it, or ask for a new one.")})


def _matches(address: str, digits: str, now: datetime) -> bool:
    """Counts the try and says whether it was right, under the row's lock: of two at once one wins."""
    with transaction.atomic():
        newest = SignInCode.objects.select_for_update().filter(address=address).order_by("-made_at").first()
        alive = newest is not None and newest.used_at is None and newest.tries < TRIES and now < newest.made_at + LIVES
        row = newest or SignInCode(address=address, digest="")
        right = secrets.same(row.digest, secrets.keyed(str(row.id), address, digits))
        if newest and alive:
            newest.tries += 1
            newest.used_at = now if right else None
            newest.save(update_fields=["tries", "used_at"])
        return alive and right
