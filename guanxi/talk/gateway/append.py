"""A batch of texts in one transaction: the same checks, numbers and rows as `talk.turn`, for many conversations at once.

Two round trips and one flush: first the rows' locks, then one statement that judges, numbers and inserts, the commit, and, after it,
who takes part: a snapshot that sees the new entries sees every removal that came before them (quality.md T11).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from guanxi.base.ids import new_id
from guanxi.people.roles import POWERS
from guanxi.talk.audience import Parties, parties_from

TALKERS = [role for role, powers in POWERS.items() if "talk" in powers]

# A row that a turn holds is left for the next batch, so that one slow act does not keep the others waiting.
LOCK = "SELECT id::text FROM talk_conversation WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
KNOWN = "SELECT id::text FROM talk_conversation WHERE id = ANY(%s::uuid[])"
APPEND = """
WITH asked AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json)
        AS a(n int, id uuid, c uuid, person uuid, company uuid, name text, k text, hash text, kind text, body jsonb, at timestamptz)
), judged AS MATERIALIZED (
    SELECT a.*, t.head, d.result AS first, d.at AS first_at, CASE
        WHEN p.id IS NULL OR (a.company IS NOT NULL AND m.role IS NULL) THEN 'not-found'
        WHEN d.hash = a.hash THEN 'again'
        WHEN d.hash IS NOT NULL THEN 'key-reused'
        WHEN co.suspended_at IS NOT NULL THEN 'company-suspended'
        WHEN a.company IS NOT NULL AND m.role <> ALL(%s) THEN 'role-cannot-talk'
        WHEN GREATEST(co.muted_until, pe.muted_until) > a.at THEN 'muted'
        WHEN p.silenced THEN 'silenced'
        WHEN a.body ? 'reply' AND (a.body->>'reply')::bigint > t.head THEN 'no-such-entry'
        WHEN a.body @> '{"at": ["all"]}' AND t.kind = 'group' AND p.group_role = 'member' THEN 'role-cannot-call-all'
        WHEN a.body ? 'at' AND (t.kind <> 'group' OR EXISTS (
            SELECT 1 FROM jsonb_array_elements_text(a.body->'at') one WHERE one <> 'all' AND NOT EXISTS (
                SELECT 1 FROM talk_party q WHERE q.conversation_id = a.c AND q.left_at IS NULL AND q.person_id = one::uuid))) THEN 'no-such-person'
        ELSE 'new' END AS verdict
    FROM asked a JOIN talk_conversation t ON t.id = a.c
    LEFT JOIN talk_party p ON p.conversation_id = a.c AND p.left_at IS NULL
        AND CASE WHEN a.company IS NULL THEN p.person_id = a.person ELSE p.company_id = a.company END
    LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = a.person AND m.ended_at IS NULL
    LEFT JOIN people_company co ON co.id = m.company_id
    LEFT JOIN people_person pe ON pe.id = a.person
    LEFT JOIN talk_call d ON d.scope = a.c AND d.key = a.k
), fresh AS MATERIALIZED (
    SELECT *, head + row_number() OVER (PARTITION BY c ORDER BY n) AS seq FROM judged WHERE verdict = 'new'
), entries AS (
    INSERT INTO talk_entry (conversation_id, seq, kind, by_person, by_company, by_name, body, at)
    SELECT c, seq, kind, person, company, name, body, at FROM fresh
), calls AS (
    INSERT INTO talk_call (id, scope, key, hash, result, at)
    SELECT id, c, k, hash, jsonb_build_object('heads', jsonb_build_object(c, seq), 'conversation', c, 'seq', seq), at FROM fresh
), heads AS MATERIALIZED (
    SELECT c, max(seq) AS head, max(at) AS at FROM fresh GROUP BY c
), stored AS (
    UPDATE talk_conversation t SET head = h.head, head_at = GREATEST(t.head_at, h.at) FROM heads h WHERE t.id = h.c
), active AS (
    UPDATE talk_party p SET active_at = h.at FROM heads h WHERE p.conversation_id = h.c AND p.active_at < h.at - interval '1 minute'
)
SELECT j.n, j.verdict, COALESCE(f.seq, (j.first->'heads'->>j.c::text)::bigint), j.first_at FROM judged j LEFT JOIN fresh f USING (n)
"""
WHO = """
SELECT p.conversation_id::text, p.company_id::text, p.person_id::text, co.people_version FROM talk_party p
LEFT JOIN people_company co ON co.id = p.company_id WHERE p.conversation_id = ANY(%s::uuid[]) AND p.left_at IS NULL
"""


class Ask:
    """One send on its way. `outcome` is new, again, a refusal, or later (somebody holds the conversation)."""

    __slots__ = ("at", "body", "c", "company", "hash", "k", "name", "outcome", "person", "seq", "since", "socket")

    def __init__(self, *, c: str, company: str | None, k: str, hash: str, body: str, person: str, name: str, socket: Any, since: float) -> None:
        self.c, self.company, self.k, self.hash, self.body = c, company, k, hash, body
        self.person, self.name, self.socket, self.since = person, name, socket, since
        self.outcome, self.seq, self.at = "", 0, ""

    def row(self, n: int, at: str) -> str:
        """This ask as a JSON object; the body is JSON already, and ids are plain."""
        company = f'"{self.company}"' if self.company else "null"
        return (
            f'{{"n":{n},"id":"{new_id()}","c":"{self.c}","person":"{self.person}","company":{company},"name":{json.dumps(self.name)},'
            f'"k":{json.dumps(self.k)},"hash":"{self.hash}","kind":"text","body":{self.body},"at":"{at}"}}'
        )


@dataclass(slots=True)
class Appended:
    """What a batch came to: who listens in each conversation that grew."""

    parties: dict[str, Parties]


def append(connection: psycopg.Connection, asks: list[Ask], *, now: datetime) -> Appended:
    """Give every ask its outcome. One commit, or none and an exception; running it again is safe, since every ask has a key."""
    at = now.isoformat()
    asked, twins = without_twins(asks)
    open_now = locked(connection, asked)
    for ask in asked:
        ask.outcome = "" if ask.c in open_now else "later"
    rows = [ask for ask in asked if not ask.outcome]
    done = write(connection, rows, at) if rows else give_up(connection)
    for ask, first in twins:
        answer_twin(ask, first)
    return done


def without_twins(asks: list[Ask]) -> tuple[list[Ask], list[tuple[Ask, Ask]]]:
    """The same key twice in one batch: the first one is asked, its twin gets the same answer."""
    first: dict[tuple[str, str], Ask] = {}
    twins = [(ask, known) for ask in asks if (known := first.setdefault((ask.c, ask.k), ask)) is not ask]
    return list(first.values()), twins


def answer_twin(ask: Ask, first: Ask) -> None:
    """A twin by somebody else, or with another text, is asked on its own in the next batch."""
    alike = (ask.hash, ask.person, ask.company) == (first.hash, first.person, first.company)
    ask.outcome = "later" if not alike or first.outcome == "later" else "again" if first.outcome == "new" else first.outcome
    ask.seq, ask.at = first.seq, first.at


def locked(connection: psycopg.Connection, asks: Iterable[Ask]) -> set[str]:
    """The conversations that are ours now; unknown ones count as ours, so that the statement can refuse them."""
    ids = sorted({ask.c for ask in asks})
    with connection.pipeline():
        connection.execute("BEGIN")
        cursor = connection.execute(LOCK, (ids,), prepare=True)
    ours = {row[0] for row in cursor.fetchall()}
    if missing := [c for c in ids if c not in ours]:
        held = {row[0] for row in connection.execute(KNOWN, (missing,), prepare=True).fetchall()}
        ours.update(c for c in missing if c not in held)
    return ours


def write(connection: psycopg.Connection, asks: list[Ask], at: str) -> Appended:
    """Judge, number, insert and commit; then see who listens."""
    rows = "[" + ",".join([ask.row(n, at) for n, ask in enumerate(asks)]) + "]"
    with connection.pipeline():
        cursor = connection.execute(APPEND, (rows, TALKERS), prepare=True)
        commit = connection.execute("COMMIT")
        who = connection.execute(WHO, (sorted({ask.c for ask in asks}),), prepare=True)
    if commit.statusmessage != "COMMIT":
        raise psycopg.OperationalError("the batch was rolled back")
    for ask in asks:
        ask.outcome = "not-found"  # a conversation that does not exist gives no row
    for n, verdict, seq, first_at in cursor.fetchall():
        ask = asks[n]
        ask.outcome, ask.seq, ask.at = verdict, seq or 0, first_at.isoformat() if first_at else at
    return Appended(parties_from(who.fetchall()))


def give_up(connection: psycopg.Connection) -> Appended:
    """Nothing to write this time."""
    connection.execute("ROLLBACK")
    return Appended({})
