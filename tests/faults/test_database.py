"""Faults between a process of ours and the database: lines cut around COMMIT, deaf listeners, lost races (F8, F10, F13)."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.db import OperationalError, connection

from guanxi.base.errors import Busy
from guanxi.talk.call import Call
from guanxi.talk.run import run
from guanxi.talk.table import Conversation, Entry
from guanxi.talk.text.acts import say
from guanxi.talk.turn import turn
from tests import make
from tests.faults.processes import Gateway, Process, Web, database_url
from tests.faults.proxy import Line, Proxy
from tests.faults.traders import Notes, Program
from tests.talk.client import FIVE_SECONDS, Client, bearer

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


class CutAroundCommit:
    """Cuts the first line that commits an entry: before the COMMIT has left, or when its answer comes."""

    def __init__(self, moment: str) -> None:
        self.moment, self.cuts = moment, 0

    def __call__(self, line: Line, data: bytes, from_client: bool) -> bytes | None:
        if line.notes.get("committing") and not from_client:
            self.cuts += 1
            return None
        if from_client and b"INSERT INTO talk_entry" in data:
            line.notes["writing"] = True
        if from_client and b"COMMIT" in data and line.notes.get("writing") and not self.cuts:
            if self.moment == "before":
                self.cuts += 1
                return None
            line.notes["committing"] = True
        return data


def deaf(line: Line, data: bytes, from_client: bool) -> bytes | None:
    """Whoever listens is told nothing from then on (F10)."""
    if from_client and b"LISTEN guanxi" in data:
        line.notes["listens"] = True
        return data
    if line.notes.get("answered") and not from_client:
        return b""
    if line.notes.get("listens") and not from_client:
        line.notes["answered"] = True
    return data


@pytest.fixture
def between() -> Iterator[Any]:
    """A proxy between a process of ours and the tests' database; `between(rule)` gives the address to use."""
    url = database_url()
    host, port = dict(part.split("=") for part in urlsplit(url).query.split("&")).get("host"), "5432"
    if not host:
        pytest.skip("the database of this run is not reached by a unix socket: F8 and F10 are left out")
    with tempfile.TemporaryDirectory(prefix="gx") as folder:
        name = f".s.PGSQL.{port}"
        proxies: list[Proxy] = []

        def through(rule: Any) -> str:
            proxies.append(Proxy(str(Path(unquote(host)) / name), at=str(Path(folder) / name), rule=rule))
            return url.replace(host, quote(folder, safe=""))

        yield through
        for proxy in proxies:
            proxy.__exit__()


@pytest.fixture
def started() -> Iterator[Any]:
    """Starts a process and stops it at the end."""
    running: list[Process] = []

    def start(one: Process) -> Process:
        running.append(one)
        one.start()
        one.wait()
        return one

    yield start
    for one in running:
        one.stop()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_f08_a_line_cut_around_commit_gives_one_entry_and_a_true_answer_by_the_api(between: Any, started: Any, moment: str) -> None:
    rule, pair = CutAroundCommit(moment), make.pair()
    web = started(Web(between(rule)))
    token = bearer(pair.buyer.person, pair.buyer.company)["Authorization"].split()[1]
    one, path = Program(web.port, token, Notes()), f"/conversations/{pair.conversation}/entries"
    first = one.ask("POST", path, {"text": "once"}, "the-one-key")
    again = one.ask("POST", path, {"text": "once"}, "the-one-key")
    assert rule.cuts == 1
    assert first[0] in (200, 503)
    assert again == (200, {"seq": 1})
    assert [entry.body["text"] for entry in Entry.objects.all()] == ["once"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_f08_a_line_cut_around_commit_gives_one_entry_and_a_true_ack_by_a_socket(between: Any, started: Any, moment: str) -> None:
    rule, pair = CutAroundCommit(moment), make.pair()
    gateway = started(Gateway(between(rule)))
    said = {"c": str(pair.conversation), "as": str(pair.buyer.company.id), "k": "one-key", "kind": "text", "body": {"text": "once"}}
    with Client(gateway.address, bearer(pair.buyer.person, pair.buyer.company)) as ana:
        ana.say("send", **said)
        assert ana.hear("ack", "refused")["seq"] == 1
    assert rule.cuts == 1
    assert [entry.body["text"] for entry in Entry.objects.all()] == ["once"]


def test_f10_a_gateway_that_hears_no_hint_delivers_within_five_seconds(between: Any, started: Any) -> None:
    pair = make.pair()
    gateway = started(Gateway(between(deaf)))
    with Client(gateway.address, bearer(pair.supplier.person)) as bo:
        say(pair.buyer.call("k"), body={"text": "nobody tells"})
        assert bo.hear("entry", "head", within=FIVE_SECONDS)["seq"] == 1


def test_f13_two_acts_in_a_deadlock_are_both_done() -> None:
    one, other = make.pair(), make.pair()
    first_time, errors = threading.Barrier(2), []

    def act(call: Call, *, then: Any, tries: list[int]) -> None:
        tries.append(1)
        with turn(call) as talk:
            talk.add("notice", {})
            if len(tries) == 1:
                first_time.wait(10)
            Conversation.objects.select_for_update().get(id=then)

    def work(mine: make.Pair, then: Any) -> None:
        try:
            run(act, mine.buyer.call(f"k-{mine.conversation}"), then=then, tries=[])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(one, other.conversation)), threading.Thread(target=work, args=(other, one.conversation))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(("state", "tries", "error"), [("40001", 3, Busy), ("40P01", 3, Busy), ("55P03", 3, Busy), ("57014", 1, OperationalError)])
def test_f13_lost_races_run_three_times_and_what_is_too_slow_once(state: str, tries: int, error: type[Exception]) -> None:
    pair, tried = make.pair(), []

    def unlucky(call: Call) -> None:
        tried.append(1)
        with turn(call) as talk, connection.cursor() as cursor:
            talk.add("notice", {})
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(error):
        run(unlucky, pair.buyer.call("k"))
    assert len(tried) == tries
    assert not Entry.objects.exists()
