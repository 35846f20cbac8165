"""Companies, people, conversations and tokens to measure with, made straight as rows and taken away again."""

from dataclasses import dataclass
from uuid import UUID

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.people import tokens
from guanxi.people.table import Company, Membership, Person, Token
from guanxi.talk.open import pair_conversation

MARK = "bench-"


@dataclass(frozen=True)
class Voice:
    """A person with a token, for one company, in one conversation."""

    person: UUID
    company: UUID
    conversation: UUID
    token: str


def company(name: str) -> Company:
    return Company.objects.create(handle=f"{MARK}{new_id().hex[-12:]}", name=name, name_key=name.lower(), demo=True, created_at=clock.now())


def person(of: Company) -> Person:
    """The first one of a company owns it."""
    now = clock.now()
    who = Person.objects.create(name="Bench", email=f"{MARK}{new_id().hex}@bench.example", demo=True, created_at=now)
    role = "admin" if of.memberships.exists() else "owner"
    Membership.objects.create(company=of, person=who, role=role, joined_at=now)
    return who


def voice(who: Person, of: Company, conversation: UUID) -> Voice:
    return Voice(who.id, of.id, conversation, tokens.issue(who.id, of.id, label="bench", scopes=["*"], days=1, now=clock.now()))


def pairs(count: int) -> list[tuple[Voice, Voice]]:
    """`count` conversations of two companies with one person each."""
    found = []
    for n in range(count):
        one, other = company(f"Bench buyer {n}"), company(f"Bench supplier {n}")
        talk = pair_conversation(one.id, other.id, now=clock.now())
        found.append((voice(person(one), one, talk), voice(person(other), other, talk)))
    return found


def crowd(people: int) -> list[Voice]:
    """One conversation of two companies with `people` colleagues in all."""
    one, other = company("Bench crowd A"), company("Bench crowd B")
    talk = pair_conversation(one.id, other.id, now=clock.now())
    return [voice(person(of), of, talk) for n in range(people) for of in [one if n % 2 else other]]


def close() -> None:
    """End every token of the measurement; its rows stay, as entries are never deleted."""
    Token.objects.filter(label="bench", ended_at=None).update(ended_at=clock.now())
