"""Read positions: forward only, never above the head, one statement for all that gathered (quality.md T12)."""

import json
from typing import TYPE_CHECKING

import psycopg

from guanxi.base.ids import new_id

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

GATHER_SECONDS = 0.02
MOVE = """
WITH asked AS (
    SELECT * FROM json_to_recordset(%s::json) AS a(id uuid, c uuid, person uuid, company uuid, seq bigint)
), allowed AS (
    SELECT a.id, a.c, a.person, LEAST(a.seq, t.head) AS seq FROM asked a JOIN talk_conversation t ON t.id = a.c
    WHERE EXISTS (
        SELECT 1 FROM talk_party p LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = a.person AND m.ended_at IS NULL
        WHERE p.conversation_id = a.c AND p.left_at IS NULL
            AND CASE WHEN a.company IS NULL THEN p.person_id = a.person OR m.id IS NOT NULL ELSE p.company_id = a.company AND m.id IS NOT NULL END
    )
)
INSERT INTO talk_position (id, conversation_id, person_id, read_seq, from_seq, muted, pinned)
SELECT id, c, person, seq, 0, false, false FROM allowed WHERE seq > 0 ORDER BY c, person
ON CONFLICT (conversation_id, person_id) DO UPDATE SET read_seq = EXCLUDED.read_seq WHERE talk_position.read_seq < EXCLUDED.read_seq
RETURNING conversation_id::text, person_id::text, read_seq
"""


class Positions:
    """What people have read since the last statement."""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.waiting: dict[tuple[str, str, str | None], int] = {}

    def put(self, c: str, person: str, seq: int, *, company: str | None) -> None:
        """This person has read up to `seq`; `company` bounds a token's reach."""
        if not self.waiting:
            self.gateway.loop.call_later(GATHER_SECONDS, self._move)
        place = (c, person, company)
        self.waiting[place] = max(seq, self.waiting.get(place, 0))

    def _move(self) -> None:
        waiting, self.waiting = self.waiting, {}
        self.gateway.reader.ask(lambda connection: move(connection, waiting), self._moved)

    def _moved(self, rows: list[tuple[str, str, int]]) -> None:
        for c, person, seq in rows:
            self.gateway.delivery.moved(c, person, seq, here=True)


def move(connection: psycopg.Connection, waiting: dict[tuple[str, str, str | None], int]) -> list[tuple[str, str, int]]:
    """The positions that moved. One row a person and conversation: two tokens of one person count as one."""
    asked: dict[tuple[str, str], tuple[int, str | None]] = {}
    for (c, person, company), seq in waiting.items():
        if seq > asked.get((c, person), (0, None))[0]:
            asked[c, person] = (seq, company)
    rows = [{"id": str(new_id()), "c": c, "person": person, "company": company, "seq": seq} for (c, person), (seq, company) in asked.items()]
    return connection.execute(MOVE, (json.dumps(rows),), prepare=True).fetchall()
