"""An archive comes back the same, somewhere else; a bad one is named and changes nothing."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from guanxi.check import differences
from guanxi.operate import archive, backup, figures, restore, tables
from guanxi.operate.elsewhere import scratch
from guanxi.operate.prove import prove
from guanxi.people.table import Person
from guanxi.supervisor.trouble import Trouble
from guanxi.talk.file.store import full_path
from guanxi.talk.table import Entry, Upload
from guanxi.talk.text import acts as texts
from tests.make import Pair


@pytest.fixture
def made(pair: Pair, tmp_path: Path) -> Path:
    return backup.make(tmp_path / "a.tar").file


def test_it_comes_back_elsewhere(pair: Pair, made: Path, upload: Upload):
    said = [(entry.seq, entry.kind, entry.body) for entry in Entry.objects.order_by("seq")]
    with connection.cursor() as cursor:
        before = figures.take(cursor)
    with scratch():
        restore.restore(made)
        assert [(entry.seq, entry.kind, entry.body) for entry in Entry.objects.order_by("seq")] == said
        assert full_path(upload.path).read_bytes() == b"bolt 0.1011\n"
        assert settings.MEDIA_ROOT in full_path(upload.path).parents
        with connection.cursor() as cursor:
            assert figures.take(cursor) == before
        assert [str(one) for one in differences()] == []
        assert texts.say(pair.buyer.call(), body={"text": "as if nothing had happened"})["seq"] == 5
    assert Entry.objects.count() == 4, "the place it came from is untouched"


def test_what_is_frozen_stays_frozen_after_a_restore(pair: Pair, made: Path):
    with scratch():
        restore.restore(made)
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Entry.objects.update(kind="other")


def test_the_job_queue_goes_on_counting(made: Path):
    with scratch():
        restore.restore(made)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('effects', 'perform', '{}') RETURNING id")
            assert cursor.fetchone()[0] >= 1


def test_a_place_that_is_not_empty_is_left_alone(pair: Pair, made: Path):
    with pytest.raises(Trouble, match="not empty"):
        restore.restore(made)
    assert Person.objects.filter(pk=pair.buyer.person.id).exists()
    with scratch():
        (Path(settings.MEDIA_ROOT) / "somebody's").write_text("file")
        with pytest.raises(Trouble, match="not empty"):
            restore.restore(made)


def test_an_archive_of_a_newer_version_is_refused(made: Path, tmp_path: Path):
    def newer(manifest):
        manifest["migrations"].append(["talk", "9999_from_the_future"])

    rewritten = rewrite(made, tmp_path / "b.tar", manifest=newer)
    with scratch(), pytest.raises(Trouble, match="older one"):
        restore.restore(rewritten)


def test_an_older_schema_is_made_filled_and_brought_up_to_date(made: Path, tmp_path: Path):
    """As if the archive came from before the table of milestones."""

    def older(manifest):
        manifest["migrations"].remove(["base", "0002_milestone"])
        manifest["columns"].pop("base_milestone")
        manifest["parts"].pop("tables/base_milestone.copy.gz")

    old = rewrite(made, tmp_path / "b.tar", manifest=older, without="tables/base_milestone.copy.gz")
    with scratch():
        restore.restore(old)
        with connection.cursor() as cursor:
            assert "base_milestone" in tables.columns(cursor)
    assert prove(old).wrong == []


@pytest.mark.parametrize("part", ["tables/talk_entry.copy.gz", "files/"])
def test_a_part_that_was_changed_is_named(made: Path, tmp_path: Path, part: str):
    bent = rewrite(made, tmp_path / "b.tar", change=part)
    name = next(name for name in archive.verify(made).parts if name.startswith(part))
    with pytest.raises(Trouble, match=name):
        archive.verify(bent)
    report = prove(bent)
    assert name in report.wrong[0]
    assert json.loads(bent.with_suffix(".report.json").read_text())["ok"] is False


def test_rows_that_do_not_add_up_are_named_although_every_sha256_fits(made: Path, tmp_path: Path):
    """Whoever takes a line out and makes the sums anew is found by the counts; who changes those too, by the heads."""
    thinner = rewrite(made, tmp_path / "b.tar", replace={"tables/talk_entry.copy.gz": lambda text: text[: text.index(b"\n") + 1]})
    report = prove(thinner)
    assert "talk_entry has 1 rows where the manifest says 4" in report.wrong[0]


def test_a_file_other_than_its_row_says_is_named(made: Path, tmp_path: Path, upload: Upload):
    full_path(upload.path).write_bytes(b"bolt 9.9999\n")
    again = backup.make(tmp_path / "b.tar").file
    assert [words for words in prove(again).wrong if str(upload.id) in words]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_off_is_refused(made: Path, tmp_path: Path, share: float):
    whole = made.read_bytes()
    cut = tmp_path / "b.tar"
    with tarfile.open(made) as tar:
        end = tar.getmembers()[-1].offset_data + 100
    cut.write_bytes(whole[: int(end * share)])
    with pytest.raises(Trouble, match=r"cut off|cannot be read"):
        archive.verify(cut)
    assert prove(cut).wrong
    with scratch(), pytest.raises(Trouble):
        restore.restore(cut)


@pytest.mark.parametrize("name", [
    "../outside", "files/../../outside", "/etc/passwd",
    "files//x", "files/./x", "files/a\\b", "files/x\ny", "tables/a.sql", "tables/Talk.copy.gz", "other", "files",
])  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(made: Path, tmp_path: Path, name: str):
    hostile = rewrite(made, tmp_path / "b.tar", extra=[(tarfile.TarInfo(name), b"x")])
    with scratch():
        with pytest.raises(Trouble, match=r"no business|no archive"):
            restore.restore(hostile)
        with connection.cursor() as cursor:
            assert tables.columns(cursor) == {}
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE])
def test_links_devices_and_holes_are_refused(made: Path, tmp_path: Path, kind: bytes):
    info = tarfile.TarInfo("files/x")
    info.type, info.linkname = kind, "/etc/passwd"
    with pytest.raises(Trouble):
        archive.verify(rewrite(made, tmp_path / "b.tar", extra=[(info, b"")]))


def test_the_same_part_twice_is_refused(made: Path, tmp_path: Path):
    name = archive.verify(made).files[0]
    with pytest.raises(Trouble, match="no business"):
        archive.verify(rewrite(made, tmp_path / "b.tar", extra=[(tarfile.TarInfo(f"files/{name}"), b"other")]))


def test_a_bomb_unpacks_no_further_than_its_manifest_says(made: Path, tmp_path: Path):
    bomb = rewrite(made, tmp_path / "b.tar", replace={"tables/base_number.copy.gz": lambda _text: bytes(50_000_000)}, plain=1000)
    with scratch():
        with pytest.raises(Trouble, match="more than its manifest says"):
            restore.restore(bomb)
        with connection.cursor() as cursor:
            assert tables.columns(cursor) == {}


def test_a_table_or_column_nobody_knows_is_refused(made: Path, tmp_path: Path):
    def strange(manifest):
        manifest["columns"]["talk_entry"][2] = 'kind"; DROP TABLE talk_entry; --'

    with scratch(), pytest.raises(Trouble, match="do not make"):
        restore.restore(rewrite(made, tmp_path / "b.tar", manifest=strange))


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b'{"format": 1}', b'{"format": 9}', b"[" * 100_000, b"\xff"])
def test_a_manifest_that_is_none_is_refused(made: Path, tmp_path: Path, text: bytes):
    with pytest.raises(Trouble):
        archive.verify(rewrite(made, tmp_path / "b.tar", text=text))


def test_any_other_file_is_refused(tmp_path: Path):
    for n, content in enumerate([b"", b"PK\x03\x04", b"\x1f\x8b", b"hello" * 500]):
        (tmp_path / str(n)).write_bytes(content)
        with pytest.raises(Trouble):
            archive.verify(tmp_path / str(n))
    with pytest.raises(Trouble, match="not there"):
        archive.verify(tmp_path / "nothing")


def rewrite(source, target, *, manifest=None, without="", change="", replace=None, extra=(), text=None, plain=None) -> Path:
    """The archive again with something wrong. `replace` also makes the sums of the manifest anew, as somebody who knows the format would."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        told = json.loads(old.extractfile(archive.MANIFEST).read())
        for info in old.getmembers()[:-1]:
            content = old.extractfile(info).read()
            if info.name == without:
                continue
            if change and info.name.startswith(change):
                content, change = content[:-1] + bytes([content[-1] ^ 1]), ""
            if replace and replace.get(info.name):
                bytes_ = replace[info.name](gzip.decompress(content))
                content = gzip.compress(bytes_)
                told["parts"][info.name] |= {"sha256": archive.hashlib.sha256(content).hexdigest(), "size": len(content), "plain": plain or len(bytes_)}
            put(new, tarfile.TarInfo(info.name), content)
        for info, content in extra:
            put(new, info, content)
        if manifest:
            manifest(told)
        put(new, tarfile.TarInfo(archive.MANIFEST), json.dumps(told).encode() if text is None else text)
    return target


def put(tar: tarfile.TarFile, info: tarfile.TarInfo, content: bytes) -> None:
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))
