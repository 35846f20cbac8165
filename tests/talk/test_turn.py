"""The turn: lock, reach, key, number, commit; and `run`, which does it again when the database lost a race (T2-T5, F13, F17)."""

import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import InternalError

from guanxi.base import clock
from guanxi.base.errors import AlreadyDone, Busy, Conflict, NotFound, Refused
from guanxi.base.table import Outbox
from guanxi.talk.call import Call, by_actor
from guanxi.talk.run import once, run
from guanxi.talk.table import Conversation, Done, Entry, Party
from guanxi.talk.text.acts import say
from guanxi.talk.turn import turn, turns
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def note(call: Call, *, kind: str = "notice", times: int = 1) -> dict[str, object]:
    """A small act: some entries and an effect."""
    with turn(call) as talk:
        for n in range(times):
            talk.add(kind, {"n": n})
        talk.effect("search.index", {"n": times})
        talk.result = {"times": times}
    return talk.result


def in_threads(*works: Callable[[], object]) -> list[object]:
    """Each in a thread and a connection of its own, all at once; what each gave or raised."""
    given: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def do(n: int, work: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            given[n] = work()
        except Exception as error:
            given[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def test_a_turn_numbers_stores_and_moves_the_head() -> None:
    pair = make.pair()
    later = clock.now() + timedelta(minutes=5)
    with turn(pair.buyer.call("k", now=later)) as talk:
        first, second = talk.add("notice", {"a": 1}), talk.add("notice", {"a": 2}, about=pair.buyer.company.id)
    assert (first.seq, second.seq) == (1, 2)
    conversation = Conversation.objects.get(id=pair.conversation)
    assert (conversation.head, conversation.head_at) == (2, later)
    assert [(row.seq, row.body, row.by_name, row.at) for row in Entry.objects.of(pair.conversation).order_by("seq")] == [
        (1, {"a": 1}, "Ana", later), (2, {"a": 2}, "Ana", later),
    ]  # fmt: skip
    assert set(Party.objects.of(pair.conversation).values_list("active_at", flat=True)) == {later}
    assert Done.objects.get(scope=pair.conversation, key="k").result["heads"] == {str(pair.conversation): 2}


def test_the_same_key_answers_with_the_first_result_and_writes_nothing() -> None:
    pair = make.pair()
    call = pair.buyer.call("k", {"a": 1})
    assert once(note, call, times=2)["times"] == 2
    again = once(note, call, times=2)
    assert (again["times"], again["heads"]) == (2, {str(pair.conversation): 2})
    with pytest.raises(AlreadyDone):
        run(note, call, times=2)
    assert Entry.objects.count() == 2
    assert Outbox.objects.count() == 1


def test_the_same_key_with_another_payload_is_a_conflict() -> None:
    pair = make.pair()
    run(note, pair.buyer.call("k", {"a": 1}))
    with pytest.raises(Conflict):
        run(note, pair.buyer.call("k", {"a": 2}))
    assert Entry.objects.count() == 1


def test_a_key_belongs_to_its_conversation() -> None:
    one, other = make.pair(), make.pair()
    run(note, one.buyer.call("k", {"a": 1}))
    run(note, other.buyer.call("k", {"a": 2}))
    assert Entry.objects.count() == 2


def test_who_takes_no_part_finds_nothing() -> None:
    pair = make.pair()
    cy = make.outsider(pair.conversation)
    former = pair.colleague(pair.buyer, "admin")
    former.company.memberships.filter(person=former.person).update(ended_at=clock.now())
    for call in (cy.call("k"), former.call("k"), cy.call().at(make.new_id()), make.Actor(cy.person, pair.buyer.company, "owner", pair.conversation).call("k")):
        with pytest.raises(NotFound):
            run(note, call)
    assert not Entry.objects.exists()
    assert not Done.objects.exists()
    assert not Outbox.objects.exists()


def test_the_clock_needs_no_reach() -> None:
    pair = make.pair()
    run(note, by_actor("clock", pair.conversation, key="k", payload=1))
    row = Entry.objects.get()
    assert (row.by_person, row.by_company, row.by_name) == (None, None, "")


def test_a_refusal_inside_changes_nothing() -> None:
    pair = make.pair()

    def refused(call: Call) -> None:
        with turn(call) as talk:
            talk.add("notice", {})
            talk.effect("search.index", {})
            raise Refused("no", "No.")

    with pytest.raises(Refused):
        run(refused, pair.buyer.call("k"))
    assert Conversation.objects.get(id=pair.conversation).head == 0
    assert not Entry.objects.exists()
    assert not Done.objects.exists()
    assert not Outbox.objects.exists()
    run(note, pair.buyer.call("k"))


def test_two_hundred_writers_at_once_leave_no_gap() -> None:
    """F17: ten threads of twenty turns in one conversation."""
    pair = make.pair()

    def write(n: int) -> list[int]:
        return [int(str(run(say, pair.buyer.call(f"{n}-{m}"), body={"text": f"{n}-{m}"})["seq"])) for m in range(20)]

    given = in_threads(*[lambda n=n: write(n) for n in range(10)])
    assert all(isinstance(mine, list) and mine == sorted(mine) for mine in given), given
    assert sorted(seq for mine in given for seq in mine) == list(range(1, 201))
    assert list(Entry.objects.of(pair.conversation).order_by("seq").values_list("seq", flat=True)) == list(range(1, 201))
    assert Conversation.objects.get(id=pair.conversation).head == 200


def test_fifty_uses_of_one_key_at_once_are_one_entry() -> None:
    pair = make.pair()
    call = pair.buyer.call("k", {"a": 1})
    given = in_threads(*[lambda: once(note, call) for _ in range(20)])
    assert all(isinstance(one, dict) and one["times"] == 1 for one in given), given
    assert Entry.objects.count() == 1


def test_one_key_of_a_company_in_two_hands_at_once_is_one_act() -> None:
    """No conversation, no lock: the unique row decides, and the slower one gets the first result."""
    ana = make.actor("Ana", "Haichuan")
    from dataclasses import replace

    call = replace(ana.call(), conversation=None).keyed("k", {"a": 1})

    def act(call: Call) -> dict[str, object]:
        with turns(call, []) as several:
            several.result = {"made": "once"}
        return several.result

    given = in_threads(*[lambda: once(act, call) for _ in range(8)])
    assert all(isinstance(one, dict) and one["made"] == "once" for one in given), given
    assert Done.objects.count() == 1


def test_turns_over_the_same_conversations_in_any_order_do_not_lock_each_other_out() -> None:
    one, other = make.pair(), make.pair()
    make.member(other.buyer.company, one.buyer.person, "admin")
    Party.objects.filter(conversation_id=other.conversation, company_id=other.buyer.company.id).update(company_id=one.buyer.company.id)

    def both(order: list[object]) -> None:
        with turns(one.buyer.call(), order) as several:  # type: ignore[arg-type]
            for conversation in order:
                several[conversation].add("notice", {})  # type: ignore[index]

    ids = [one.conversation, other.conversation]
    given = in_threads(*[lambda n=n: [run(lambda _call: both(ids[:: 1 if n % 2 else -1]), one.buyer.call()) for _ in range(10)] for n in range(4)])
    assert not [one for one in given if isinstance(one, Exception)], given
    assert set(Conversation.objects.filter(id__in=ids).values_list("head", flat=True)) == {40}


def test_a_lost_race_is_run_again_three_times_at_most() -> None:
    pair = make.pair()
    tries: list[int] = []

    def unlucky(call: Call, *, until: int) -> str:
        tries.append(1)
        with turn(call) as talk:
            talk.add("notice", {})
            if len(tries) < until:
                with connection.cursor() as cursor:
                    cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")
        return "done"

    assert run(unlucky, pair.buyer.call(), until=3) == "done"
    assert (len(tries), Entry.objects.count()) == (3, 1)
    tries.clear()
    with pytest.raises(Busy):
        run(unlucky, pair.buyer.call(), until=9)
    assert (len(tries), Entry.objects.count()) == (3, 1)


def test_a_statement_that_takes_too_long_is_not_run_again() -> None:
    pair = make.pair()
    tries: list[int] = []

    def slow(call: Call) -> None:
        tries.append(1)
        with turn(call), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50")
            cursor.execute("SELECT pg_sleep(5)")

    with pytest.raises(OperationalError):
        run(slow, pair.buyer.call())
    assert len(tries) == 1


def test_a_conversation_held_by_another_is_busy_in_the_end() -> None:
    pair = make.pair()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(id=pair.conversation)
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with pytest.raises(Busy):
        run(note, pair.buyer.call("k"))
    done.set()
    holder.join(10)
    assert not Entry.objects.exists()


def test_an_act_whose_connection_is_killed_runs_again_by_its_key() -> None:
    """F2: the backend dies in the middle of a turn."""
    pair = make.pair()
    tries: list[int] = []

    def killed(call: Call) -> dict[str, object]:
        tries.append(1)
        with turn(call) as talk:
            talk.add("notice", {})
            if len(tries) == 1:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return {}

    run(killed, pair.buyer.call("k"))
    assert (len(tries), Entry.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE talk_entry SET body = '{}'", "DELETE FROM talk_entry", "UPDATE talk_entry SET seq = 9", "INSERT INTO talk_entry SELECT * FROM talk_entry"],
)
def test_the_database_itself_keeps_entries_frozen_and_single(statement: str) -> None:
    run(note, make.pair().buyer.call())
    with pytest.raises((IntegrityError, InternalError, psycopg.Error)), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().body == {"n": 0}
