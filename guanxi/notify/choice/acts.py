"""Choose, and stop the daily mail by its link."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.core import signing
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.base.reading import Reading
from guanxi.notify.choice.rules import HOME, Wish
from guanxi.notify.choice.table import Choice

SALT = "notify.digest"


def save(person: UUID, data: Mapping[str, Any]) -> Choice:
    """Keep what he chose. Raises Invalid for half a pair of quiet hours or a zone nobody knows."""
    form = Reading(data)
    since, until = (_clock(form, name) for name in ("quiet_from", "quiet_to"))
    if (since is None) != (until is None):
        form.blame("quiet_to" if until is None else "quiet_from", _("Say both: from when and until when."))
    zone = form.text("zone", most=40) or HOME
    if zone not in available_timezones():
        form.blame("zone", _("Choose one of the list."))
    chosen = {"turns": form.flag("turns"), "money": form.flag("money"), "digest": form.flag("digest")}
    form.done()
    return Choice.objects.update_or_create(person_id=person, defaults={"quiet_from": since, "quiet_to": until, "zone": zone, **chosen})[0]


def _clock(form: Reading, name: str) -> time | None:
    said = form.text(name, most=8)
    if not said:
        return None
    try:
        return time.fromisoformat(said).replace(tzinfo=None, microsecond=0)
    except ValueError:
        form.blame(name, _("This must be a time, such as 22:00."))
        return None


def of(person: UUID) -> Choice:
    """What he chose, or what holds for who chose nothing."""
    return Choice.objects.filter(pk=person).first() or Choice(person_id=person)


def wishes(people: Iterable[UUID]) -> dict[UUID, Wish]:
    """Of several people, those who chose something."""
    return {row.person_id: row.wish for row in Choice.objects.filter(pk__in=list(people))}


def stop_token(person: UUID) -> str:
    """For the link that ends the daily mail without signing in."""
    return signing.dumps(person.hex, salt=SALT)


def stop_digest(token: str) -> None:
    """No daily mail any more; a second time changes nothing. Raises NotFound for a token that is none of ours."""
    Choice.objects.filter(pk=person_of(token)).update(digest=False)


def person_of(token: str) -> UUID:
    """Whose daily mail the link ends. Raises NotFound for a token that is none of ours."""
    try:
        person = find_id(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        person = None
    if person is None:
        raise NotFound
    return person
