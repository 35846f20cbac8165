"""Where somebody stands in a group, and what his rank lets him do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.people.table import Person
from guanxi.talk.call import Call
from guanxi.talk.group import ADMIN, MEMBER, OWNER, RANK
from guanxi.talk.notice import KIND, notice
from guanxi.talk.table import Party
from guanxi.talk.turn import Turn, turn


@contextmanager
def inside(call: Call, *, by: str = MEMBER) -> Iterator[tuple[Turn, Party]]:
    """A turn in a group by somebody of at least this rank, who acts for himself alone; with his place. Raises NotFound outside groups, Refused for the rank."""
    with turn(call) as talk:
        mine = place_of(talk, talk.call.person)
        talk.call = replace(talk.call, company=None)
        if RANK[mine.group_role] < RANK[by]:
            words = {OWNER: _("Only the owner of the group may do this."), ADMIN: _("Only the owner and the admins of the group may do this.")}
            raise Refused("role", words[by])
        yield talk, mine


def place_of(talk: Turn, person: UUID | None) -> Party:
    """Somebody's place in the group. Raises NotFound outside groups and for others."""
    found = Party.objects.of(talk.conversation).filter(person_id=person, left_at=None).first()
    if talk.kind != "group" or found is None:
        raise NotFound
    return found


def below(talk: Turn, mine: Party, person: UUID) -> Party:
    """Somebody in the group of lower rank than the caller. Raises NotFound, Refused."""
    other = place_of(talk, person)
    if RANK[other.group_role] >= RANK[mine.group_role]:
        raise Refused("rank", _("This is possible only with people of lower rank than yours."))
    return other


def say(talk: Turn, code: str, **params: str) -> None:
    """The notice of an act, by the caller's name; it is the act's answer."""
    entry = talk.add(KIND, notice(code, name=talk.call.name, **params))
    talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}


def name_of(person: UUID) -> str:
    """As he is called now."""
    return Person.objects.values_list("name", flat=True).get(id=person)
