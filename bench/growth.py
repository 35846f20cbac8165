"""Does it stay flat? The same reads and acts over 100 and a million entries, 10 and 10,000 conversations, 1,000 and a million deals.

Rows are made in bulk in the database; times are those of the database's own work for the real reads, as medians in one run.
"""

import time
from collections.abc import Callable
from statistics import median
from uuid import UUID

from django.db import connection

from bench import world
from guanxi.base import clock
from guanxi.deals.deal import reads as deals
from guanxi.people.viewer import Viewer
from guanxi.talk import inbox, read
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from guanxi.talk.run import run
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
SELECT gen_random_uuid(), %s, %s, %s, '', 'Bench ' || n, 'CNY', n, 'quote', CASE WHEN n %% 50 = 0 THEN 'live' ELSE 'done' END, 'answer', %s,
  now() + n * interval '1 second', 1, now(), now() - n * interval '1 second' FROM generate_series(1, %s) n
"""


def measure(say: Say) -> None:
    """Each figure is large divided by small; the goal is 1.5."""
    say("first page of a conversation, 10^6 entries to 10^2", entries(read_page), 1.5)
    say("a text by the turn, 10^6 entries to 10^2", entries(add_text), 1.5)
    say("message list, 10^4 conversations to 10", lists(), 1.5)
    say("deals of a company, 10^6 to 10^3", many_deals(), 1.5)


def timed(work: Callable[[], object]) -> float:
    """The median of some rounds, in seconds."""
    walls = []
    for _round in range(ROUNDS + 5):
        started = time.perf_counter()
        work()
        walls.append(time.perf_counter() - started)
    return median(walls[5:])


def execute(sql: str, values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def entries(work: Callable[[Viewer, UUID], object]) -> float:
    """The work in a conversation of a million entries over the same in one of a hundred."""
    found = []
    for count in (100, 1_000_000):
        of, other = world.company("Bench growth"), world.company("Bench growth other")
        who = world.person(of)
        talk = pair_conversation(of.id, other.id, now=clock.now())
        execute(FILL_ENTRIES, [talk, who.id, of.id, 1, count])
        execute("UPDATE talk_conversation SET head = %s WHERE id = %s", [count, talk])
        execute("ANALYZE talk_entry", [])
        viewer = Viewer(person=who.id, name="Bench", company=of.id, company_name=of.name, role="owner")
        found.append(timed(lambda viewer=viewer, talk=talk: work(viewer, talk)))
    return found[1] / found[0]


def read_page(viewer: Viewer, talk: UUID) -> object:
    return read.rows(talk, limit=50, person=viewer.person)


def add_text(viewer: Viewer, talk: UUID) -> object:
    return run(texts.say, by_viewer(viewer, conversation=talk), body={"text": "one more"})


def lists() -> float:
    """The first page of the message list."""
    found = []
    for count in (10, 10_000):
        of = world.company("Bench lists")
        who = world.person(of)
        execute(FILL_CONVERSATIONS, [count, of.id])
        execute("ANALYZE talk_party", [])
        viewer = Viewer(person=who.id, name="Bench", company=of.id, company_name=of.name, role="owner")
        found.append(timed(lambda viewer=viewer: inbox.newest(viewer, limit=10)))
    return found[1] / found[0]


def many_deals() -> float:
    """What is my turn, first page."""
    found = []
    for count in (1_000, 1_000_000):
        of, other = world.company("Bench deals"), world.company("Bench deals other")
        talk = pair_conversation(of.id, other.id, now=clock.now())
        execute(FILL_DEALS, [talk, of.id, other.id, of.id, count])
        execute("ANALYZE deals_deal", [])
        found.append(timed(lambda of=of: deals.obligations(of.id, "mine")))
    return found[1] / found[0]
