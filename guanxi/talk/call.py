"""A call: who wants an act, for which company, where, under which key, having seen what, when."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import clock
from guanxi.base.errors import NotFound, Refused
from guanxi.people.roles import require
from guanxi.people.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Call:
    """Times, ids and keys come in with the call, so that an act can run again and do the same (quality.md R7).

    `actor` is person, clock, provider or staff; the last three have no viewer and need no reach.
    `seen` is the seq of the last entry the caller had before his eyes; acts on offers refuse when more came about them.
    """

    now: datetime
    actor: str = "person"
    person: UUID | None = None
    name: str = ""
    company: UUID | None = None
    role: str | None = None
    conversation: UUID | None = None
    key: str = ""
    hash: str = ""
    seen: int = 0
    device: UUID | None = None  # where a second factor may have been shown; a token has none

    @property
    def scope(self) -> UUID:
        """Where the key is unique: the conversation, or the company for acts outside one, or the person before he has any."""
        return found(self.conversation or self.company or self.person)

    @property
    def by(self) -> UUID:
        """The person who calls. Raises NotFound for clock, provider and staff."""
        return found(self.person)

    def keyed(self, key: str, payload: Any) -> "Call":
        """The same call under a key: `payload` is anything JSON can say; its hash tells a repeat from a reuse."""
        return replace(self, key=key, hash=digest(payload))

    def at(self, conversation: UUID) -> "Call":
        """The same call in another conversation."""
        return replace(self, conversation=conversation)

    def require(self, power: str) -> None:
        """Raises Refused when the caller's role lacks `power`; clock, provider and staff have none to check."""
        if self.actor == "person":
            if self.company is None:
                raise Refused("no-company", _("Set up your company first."))
            require(self.role, power)


def found(own: UUID | None) -> UUID:
    """The id that must be there. Raises NotFound when it is not."""
    if own is None:
        raise NotFound
    return own


def digest(payload: Any) -> str:
    """sha256 of the payload in one canonical JSON form."""
    text = json.dumps(payload, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def by_viewer(viewer: Viewer, *, conversation: UUID | None = None, seen: int = 0) -> Call:
    """The call of a signed-in person, for the company he acts for now."""
    return Call(
        now=clock.now(), person=viewer.person, name=viewer.name, company=viewer.company, role=viewer.role, conversation=conversation, seen=seen,
        device=viewer.device,
    )


def by_actor(actor: str, conversation: UUID, *, key: str = "", payload: Any = None, now: datetime | None = None) -> Call:
    """The call of the clock, a provider or staff."""
    call = Call(now=now or clock.now(), actor=actor, conversation=conversation)
    return call.keyed(key, payload) if key else call
