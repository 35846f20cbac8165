"""Build the demo world in an empty database, and say who can enter."""

from dataclasses import dataclass

from django.db import transaction

from guanxi.base import clock
from guanxi.demo.cast import FIRMS, OPERATOR, make_operator, make_people
from guanxi.demo.goods import stock_shops
from guanxi.demo.stage import Stage
from guanxi.demo.stories import STORIES
from guanxi.people.table import Person


class RealAccounts(Exception):
    """Somebody real lives in this database; the demo stays out (quality.md A60)."""


@dataclass(frozen=True, slots=True)
class Enters:
    """One demo sign-in."""

    email: str
    name: str
    company: str
    title: str


def exists() -> bool:
    """Whether the demo world stands here already."""
    return Person.objects.filter(demo=True).exists()


def build() -> None:
    """People, companies and what happened between them. Raises RealAccounts when anybody real is here."""
    if Person.objects.filter(demo=False).exists():
        raise RealAccounts
    if exists():
        return
    today = clock.now()
    with transaction.atomic():
        stage = Stage(make_people(today), today)
        make_operator(today)
        for story in STORIES:
            story(stage)
        stock_shops(stage)


def people() -> list[Enters]:
    """Who may be entered with one tap, in the order of the cast; the operator's second step shows its code on the page."""
    cast = [Enters(f"{mail}@{firm.handle}.demo", name, firm.name, title) for firm in FIRMS for mail, name, _role, title in firm.people]
    return [*cast, Enters(OPERATOR[1], OPERATOR[0], "/console", "运营")]
