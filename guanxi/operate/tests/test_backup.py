"""Everything in one file, while people write; nothing in it with which somebody could act as another."""

import gzip
import json
import os
import tarfile
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from guanxi.base import clock, milestones
from guanxi.base.ids import new_id
from guanxi.operate import archive, backup
from guanxi.operate.prove import prove
from guanxi.people.table import Device
from guanxi.supervisor.trouble import Trouble
from guanxi.talk.run import run
from guanxi.talk.table import Conversation, Upload
from guanxi.talk.text import acts as texts
from tests import make
from tests.make import Pair


def test_an_archive_is_whole_and_for_its_owner_alone(pair: Pair, tmp_path: Path):
    made = backup.make(tmp_path / "a.tar")
    assert made.file.stat().st_mode & 0o777 == 0o600
    told = archive.verify(made.file)
    assert told.figures["conversations"] == Conversation.objects.count()
    assert told.figures["entries"] == 4
    assert told.parts["tables/talk_entry.copy.gz"].rows == 4
    assert [name.rpartition("/")[2] for name in told.files] == [Upload.objects.get().path.rpartition("/")[2]]
    assert ["talk", "0001_initial"] in told.migrations
    assert milestones.find("backup").body["rows"] == made.rows
    assert list(tmp_path.glob("*.part")) == []


def test_what_would_let_the_finder_act_as_somebody_is_not_inside(pair: Pair, tmp_path: Path):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('k', 'secret session', now())")
    told = backup.make(tmp_path / "a.tar").manifest
    assert "django_session" in told.left_out
    assert "django_session" not in told.tables
    text = b"".join(gzip.decompress(content(tmp_path / "a.tar", f"tables/{name}.copy.gz")) for name in told.tables)
    assert Device.objects.get().session_key.encode() not in text
    assert b"secret session" not in text


def test_the_archive_of_an_upgrade_keeps_sessions(pair: Pair, tmp_path: Path):
    told = backup.make(tmp_path / "a.tar", whole=True, files=False).manifest
    assert told.left_out == {}
    assert "django_session" in told.tables
    assert told.files == []


def test_an_archive_is_never_written_over(pair: Pair, tmp_path: Path):
    (tmp_path / "a.tar").write_text("mine")
    with pytest.raises(Trouble, match="there already"):
        backup.make(tmp_path / "a.tar")
    assert (tmp_path / "a.tar").read_text() == "mine"


def test_only_the_newest_are_kept(pair: Pair, tmp_path: Path, settings):
    settings.DATA_DIR = tmp_path
    for day in range(1, 4):
        with clock.use(clock.now().replace(day=day)):
            backup.make(files=False)
    mine = tmp_path / "backups" / "before-the-fair.tar"
    mine.write_text("kept by hand")
    gone = backup.keep(2)
    assert len(gone) == 1
    assert len(list((tmp_path / "backups").glob("guanxi-*.tar"))) == 2
    assert mine.exists()


def test_a_backup_while_four_people_write_is_one_moment_of_it(pair: Pair, tmp_path: Path):
    over, counts = threading.Event(), [0, 0, 0, 0]
    writers = [threading.Thread(target=write, args=(n, over, counts)) for n in range(4)]
    for writer in writers:
        writer.start()
    until(lambda: min(counts) >= 2)
    before = sum(counts)
    made = backup.make(tmp_path / "a.tar")
    until(lambda: sum(counts) > before)
    over.set()
    for writer in writers:
        writer.join(20)
    told = made.manifest.figures
    assert told["entries"] == told["heads"], "the head of every conversation is its number of entries, in one snapshot"
    assert before <= told["entries"] - 4
    report = prove(made.file)
    assert report.wrong == []
    assert json.loads((tmp_path / "a.report.json").read_text())["ok"] is True
    assert os.stat(tmp_path / "a.report.json").st_mode & 0o777 == 0o600
    assert milestones.find("proof").body["differences"] == 0


def write(n: int, over: threading.Event, counts: list[int]) -> None:
    """Somebody with a conversation of his own who never stops talking."""
    try:
        both = make.pair()
        while not over.is_set():
            run(texts.say, both.buyer.call(key=new_id().hex, payload=counts[n]), body={"text": f"text {counts[n]}"})
            counts[n] += 1
    finally:
        connection.close()


def until(question, limit: float = 30.0) -> None:
    end = time.monotonic() + limit
    while not question():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def content(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        return tar.extractfile(name).read()


def test_a_table_of_a_later_hour_is_not_mixed_in(pair: Pair, tmp_path: Path, monkeypatch):
    """An order of reading would show: a row that appears after the first table was read is in none of them."""
    real, seen = archive.Writer.add_table, []

    def add_and_disturb(self, name, fill):
        if not seen:
            other = threading.Thread(target=late)
            other.start()
            other.join(20)
        seen.append(name)
        return real(self, name, fill)

    monkeypatch.setattr(archive.Writer, "add_table", add_and_disturb)
    told = backup.make(tmp_path / "a.tar").manifest
    assert told.parts["tables/talk_conversation.copy.gz"].rows == 1
    assert Conversation.objects.count() == 2


def late() -> None:
    try:
        with transaction.atomic():
            make.pair()
    finally:
        connection.close()
