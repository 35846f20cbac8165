"""Effects wait in the outbox, are done once, go to the queue when they fail, and come again when their worker died."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from guanxi.base.ids import new_id
from guanxi.base.outbox import effect, mover
from guanxi.base.outbox.drain import drain
from guanxi.base.table import Outbox
from tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> None:
    """The queue's tables are not Django's own: nothing empties them between tests that commit."""
    request.getfixturevalue("transactional_db" if "transaction" in str(request.node.get_closest_marker("django_db").kwargs) else "db")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def waiting(name: str = "rfq.close", *, minutes: int = 0, **body: object) -> Outbox:
    due = NOON + timedelta(minutes=minutes)
    return Outbox.objects.create(conversation_id=new_id(), n=1, effect=name, body=body, due_at=due)


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What was done; a body with `fails` raises instead."""
    seen: list[dict] = []

    def fake(conversation, body, *, key, now) -> None:
        if "fails" in body:
            raise OSError("the provider is away")
        seen.append(body)

    monkeypatch.setattr(effect, "find_effect", lambda name: fake)
    return seen


def test_what_is_due_is_done_and_the_rest_waits(performed) -> None:
    now, later = waiting(rfq="x"), waiting(minutes=5)
    held = mover.claim(NOON)
    assert (held.id, held.conversation, held.name, held.body) == (now.id, now.conversation_id, "rfq.close", {"rfq": "x"})
    assert mover.claim(NOON) is None
    mover.settle(held)
    assert performed == [{"rfq": "x"}]
    assert not ProcrastinateJob.objects.exists()
    now.refresh_from_db()
    later.refresh_from_db()
    assert now.moved_at is not None
    assert later.moved_at is None


def test_what_fails_is_left_to_the_queue_once(performed) -> None:
    row = waiting(fails=True)
    held = mover.claim(NOON)
    mover.settle(held)
    mover.settle(held)  # as one does whose claim ran out meanwhile
    job = ProcrastinateJob.objects.get()
    assert job.task_name == "perform"
    assert job.args == {"name": "rfq.close", "conversation": str(row.conversation_id), "body": {"fails": True}, "key": row.id.hex}
    assert mover.claim(NOON + timedelta(days=1)) is None


def test_an_effect_whose_worker_died_comes_due_again(performed) -> None:
    row = waiting()
    assert mover.claim(NOON).id == row.id
    assert mover.claim(NOON + mover.HELD - timedelta(seconds=1)) is None
    assert mover.claim(NOON + mover.HELD).id == row.id


def test_the_next_look_is_when_the_next_one_is_due() -> None:
    waiting(minutes=1)
    assert mover.next_due(NOON, most=timedelta(minutes=9)) == 60
    assert mover.next_due(NOON, most=timedelta(seconds=2)) == 2


def test_what_is_done_is_forgotten_after_a_week() -> None:
    row = waiting()
    Outbox.objects.filter(id=row.id).update(moved_at=NOON)
    assert mover.sweep(NOON + timedelta(days=6)) == 0
    assert mover.sweep(NOON + timedelta(days=8)) == 1


def test_an_effect_without_a_name_is_an_error_not_a_silence() -> None:
    with pytest.raises(KeyError):
        effect.find_effect("rfq.explode")


def test_every_named_effect_exists() -> None:
    for name in effect.EFFECTS:
        assert callable(effect.find_effect(name)), name


def test_drain_performs_effects_of_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fake(conversation, body, *, key, now) -> None:
        seen.append(body["n"])
        if body["n"] < 3:
            waiting(n=body["n"] + 1)

    monkeypatch.setattr(effect, "find_effect", lambda name: fake)
    waiting(n=1)
    waiting(n=9, minutes=1)
    assert drain(NOON) == 3
    assert seen == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_movers_share_without_waiting(django_db_blocker) -> None:
    import threading

    for _n in range(40):
        waiting()
    claimed: list[UUID] = []

    def work() -> None:
        try:
            while held := mover.claim(NOON):
                claimed.append(held.id)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(claimed) == len(set(claimed)) == 40
