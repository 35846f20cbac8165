"""Builders and the cast: buyer Ana of Haichuan, seller Bo of Minggu, outsider Cy of Elsewhere, and colleagues by role.

Rows are made directly, so that a test of talk needs no sign-in and a test of orders no haggling; acts under test are called for real.
"""

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.notify.push.table import Subscription
from guanxi.people.table import Company, Device, Membership, Person
from guanxi.people.viewer import Viewer
from guanxi.talk.call import Call, by_viewer
from guanxi.talk.open import pair_conversation

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai

_numbers = itertools.count(1)


def person(name: str = "Ana", **columns: object) -> Person:
    """A person with an e-mail address nobody else has."""
    defaults = {"email": f"{name.lower()}{next(_numbers)}-{new_id().hex[-6:]}@people.example", "language": "en", "created_at": clock.now()}
    return Person.objects.create(name=name, **(defaults | columns))


def company(name: str = "Haichuan", **columns: object) -> Company:
    """A company without people."""
    defaults = {"handle": f"{name.lower()}-{new_id().hex[-8:]}", "name_key": name.lower(), "created_at": clock.now()}
    return Company.objects.create(name=name, **(defaults | columns))


def member(of: Company, who: Person, role: str = "owner") -> Membership:
    """`who` works for `of` in this role."""
    return Membership.objects.create(company=of, person=who, role=role, joined_at=clock.now())


def viewer(who: Person, of: Company | None = None, role: str = "owner") -> Viewer:
    """How a signed-in person looks to the acts."""
    return Viewer(person=who.id, name=who.name, company=of.id if of else None, company_name=of.name if of else "", role=role if of else None, language="en")


def device(who: Person) -> Device:
    """A phone `who` is signed in on."""
    return Device.objects.create(person=who, session_key=new_id().hex, label="phone", signed_in_at=clock.now(), seen_at=clock.now())


def subscription(who: Person, on: Device) -> Subscription:
    """Where that phone gets its pushes."""
    now = clock.now()
    times = {"made_at": now, "looked_at": now, "busy_until": now, "pause_until": now}
    return Subscription.objects.create(person_id=who.id, session_id=on.id, endpoint=f"https://push.example/{on.id}", p256dh="x", auth="x", key="x", **times)


@dataclass(frozen=True)
class Actor:
    """Somebody who acts for a company in one conversation."""

    person: Person
    company: Company
    role: str
    conversation: UUID

    def call(self, key: str = "", payload: object = None, *, seen: int = 2**62, now: datetime | None = None) -> Call:
        """His call; under a key with `key`."""
        call = by_viewer(viewer(self.person, self.company, self.role), conversation=self.conversation, seen=seen)
        call = replace(call, now=now) if now else call
        return call.keyed(key, payload) if key else call


@dataclass(frozen=True)
class Pair:
    """A buyer and a supplier, owners of their companies, and the conversation the two have."""

    conversation: UUID
    buyer: Actor
    supplier: Actor

    def colleague(self, of: Actor, role: str, name: str = "") -> Actor:
        """Another person of the same company, in this role."""
        who = person(name or role.title())
        member(of.company, who, role)
        return Actor(who, of.company, role, self.conversation)


def actor(name: str, firm: str, conversation: UUID | None = None) -> Actor:
    """The owner of a new company."""
    who, of = person(name), company(firm)
    member(of, who)
    return Actor(who, of, "owner", conversation or new_id())


def pair() -> Pair:
    """Ana buys for Haichuan, Bo sells for Minggu."""
    ana, bo = actor("Ana", "Haichuan"), actor("Bo", "Minggu")
    talk = pair_conversation(ana.company.id, bo.company.id, now=clock.now(), responsible=ana.person.id)
    return Pair(talk, replace(ana, conversation=talk), replace(bo, conversation=talk))


def outsider(conversation: UUID) -> Actor:
    """Cy of a third company, who tries."""
    return actor("Cy", "Elsewhere", conversation)
