"""Who looks and acts: a person, and the company he does it for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Viewer:
    """`company` is None for a person without a company; `role` is his role there, read fresh with every request."""

    person: UUID
    name: str
    company: UUID | None = None
    company_name: str = ""
    role: str | None = None
    language: str = "zh-hans"
    theme: str = ""
    device: UUID | None = None
