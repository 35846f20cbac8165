"""Does it stay flat? The same reads and acts over 100 and a million entries, 10 and 10,000 conversations, 1,000 and a million deals.

Rows are made in bulk in the database; the real reads and acts run in this process against them.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.db import connection

from bench import world
from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq.draft import read as read_draft
from guanxi.notify import work
from guanxi.people.viewer import Viewer
from guanxi.talk import inbox, read
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from guanxi.talk.run import run
from guanxi.talk.table import Party
from guanxi.talk.text import acts as texts

Say = Callable[[str, float, float], None]
ROUNDS = 40
FILL_ENTRIES = """
INSERT INTO talk_entry (conversation_id, seq, kind, by_person, by_company, by_name, body, at)
SELECT %s, n, 'text', %s, %s, 'Bench', jsonb_build_object('text', 'line ' || n), now() FROM generate_series(%s::bigint, %s::bigint) n
"""
FILL_CONVERSATIONS = """
WITH made AS (INSERT INTO talk_conversation (id, kind, head, head_at, audience, created_at)
  SELECT gen_random_uuid(), 'deal', 0, now() - n * interval '1 minute', 0, now() FROM generate_series(1, %s) n RETURNING id, head_at)
INSERT INTO talk_party (id, conversation_id, company_id, active_at, joined_at) SELECT gen_random_uuid(), id, %s, head_at, now() FROM made
"""
FILL_DEALS = """
INSERT INTO deals_deal (id, conversation_id, buyer_id, supplier_id, number, title, currency, total, step, state, turn, turn_company, due_at,
  seq, created_at, updated_at)
SELECT gen_random_uuid(), %s, %s, %s, '', 'Bench ' || n, 'CNY', n, 'quote', CASE WHEN n %% 10 = 0 THEN 'live' ELSE 'done' END, 'answer',
  CASE WHEN n %% 20 = 0 THEN %s ELSE %s END::uuid, now() + n * interval '1 second', 1, now(), now() - n * interval '1 second'
FROM generate_series(1, %s) n
"""
Work = Callable[[Viewer, UUID], object]


def measure(say: Say) -> None:
    """Each figure is the large one's time divided by the small one's; the goal is 1.5."""
    grown(say, "10^6 entries to 10^2: ", [talk_of(100), talk_of(1_000_000)], {"first page": read_page, "an act (text)": add_text})
    grown(say, "10^4 conversations to 10: ", [lists_of(10), lists_of(10_000)], {"message list": first_list})
    small, large = deals_of(1_000), deals_of(1_000_000)
    grown(say, "10^6 deals, 10^5 live, to 10^3: ", [small, large], {"workbench": duties, "deals bought": bought, "an act (enquiry)": ask})


def grown(say: Say, what: str, places: list[tuple[Viewer, UUID]], works: dict[str, Work]) -> None:
    """Small and large by turns, so that what else the machine does weighs on both alike; medians of this process's own wall time."""
    for name, once in works.items():
        times: list[list[float]] = [[] for _place in places]
        for _round in range(ROUNDS + 5):
            for found, (viewer, talk) in zip(times, places, strict=True):
                started = time.perf_counter()
                once(viewer, talk)
                found.append(time.perf_counter() - started)
        small, large = (median(found[5:]) for found in times)
        say(f"{what}{name}, {large * 1000:.1f} ms", large / small, 1.5)


def execute(sql: str, values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def somebody() -> tuple[Viewer, UUID, UUID]:
    """An owner, another company, and the conversation of the two."""
    of, other = world.company("Bench growth"), world.company("Bench growth other")
    who = world.person(of)
    talk = pair_conversation(of.id, other.id, now=clock.now())
    return Viewer(person=who.id, name="Bench", company=of.id, company_name=of.name, role="owner"), other.id, talk


def talk_of(count: int) -> tuple[Viewer, UUID]:
    """A conversation of `count` entries."""
    viewer, _other, talk = somebody()
    execute(FILL_ENTRIES, [talk, viewer.person, viewer.company, 1, count])
    execute("UPDATE talk_conversation SET head = %s WHERE id = %s", [count, talk])
    execute("ANALYZE talk_entry", [])
    return viewer, talk


def lists_of(count: int) -> tuple[Viewer, UUID]:
    """A company with `count` conversations."""
    viewer, _other, talk = somebody()
    execute(FILL_CONVERSATIONS, [count, viewer.company])
    execute("ANALYZE talk_party", [])
    return viewer, talk


def deals_of(count: int) -> tuple[Viewer, UUID]:
    """A buyer with `count` deals, a tenth of them live, half of these his turn."""
    viewer, other, talk = somebody()
    execute(FILL_DEALS, [talk, viewer.company, other, viewer.company, other, count])
    execute("ANALYZE deals_deal", [])
    return viewer, talk


def read_page(viewer: Viewer, talk: UUID) -> object:
    return read.rows(talk, limit=50, person=viewer.person)


def add_text(viewer: Viewer, talk: UUID) -> object:
    return run(texts.say, by_viewer(viewer, conversation=talk), body={"text": "one more"})


def first_list(viewer: Viewer, talk: UUID) -> object:
    return inbox.newest(viewer, limit=10)


def duties(viewer: Viewer, talk: UUID) -> object:
    return work.duties(viewer.company)


def bought(viewer: Viewer, talk: UUID) -> object:
    return list(Deal.objects.filter(buyer_id=viewer.company).order_by("-updated_at")[:50])


def ask(viewer: Viewer, talk: UUID) -> object:
    """An enquiry to the company across the table."""
    other = Party.objects.of(talk).exclude(company_id=viewer.company).values_list("company_id", flat=True).get()
    deadline = (clock.now() + timedelta(days=7)).isoformat()
    lines = [{"name": "Bolt", "quantity": "20", "unit": "pc"}]
    draft = read_draft({"title": "Bench", "lines": lines, "receivers": [str(other)], "deadline": deadline}, now=clock.now())
    return run(rfqs.ask, by_viewer(viewer), draft=draft)
