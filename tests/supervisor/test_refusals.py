"""What must not serve does not start, says what to set, and makes nothing."""

import os
from pathlib import Path

import pytest

from guanxi.base.doctor.safety import DEMO_SECRET, faults
from guanxi.supervisor import cluster as clusters
from guanxi.supervisor.lock import take
from guanxi.supervisor.place import place as read_place
from guanxi.supervisor.trouble import Trouble
from tests.supervisor.place import Place

GOOD = "Zk3vN8qLw1Xy7RtBc5Mh9GfDs2Pa6Je4Uo0Ti-KlQzWxErTyUiOp"


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "SECRET_KEY is not set"),
        ("   ", "SECRET_KEY is not set"),
        ("short", "SECRET_KEY has 5 characters"),
        (GOOD[:49], "SECRET_KEY has 49 characters"),
        (DEMO_SECRET, "SECRET_KEY is a default that everybody knows"),
        ("django-insecure-" + GOOD, "SECRET_KEY is a default that everybody knows"),
        ("ab" * 40, "SECRET_KEY repeats a few signs"),
    ],
)
def test_a_weak_secret_is_refused_outside_the_demo(secret, says):
    found = faults({"SECRET_KEY": secret, "SENDER": "mail"})
    assert len(found) == 1
    assert found[0].what.startswith(says)
    assert "Set SECRET_KEY" in found[0].remedy
    assert faults({"SECRET_KEY": secret, "DEMO": "1"}) == []


def test_a_good_secret_serves_and_a_weak_second_one_does_not():
    sound = {"SECRET_KEY": GOOD, "SENDER": "mail"}
    assert faults(sound) == []
    assert faults(sound | {"HOST": "0.0.0.0", "PUBLIC_URL": "https://guanxi.example"}) == []
    assert [fault.what for fault in faults(sound | {"SANDBOX_SECRET": "x"})] == ["SANDBOX_SECRET has 1 characters, fewer than 50."]


@pytest.mark.parametrize("sender", [None, "", "console", "memory"])
def test_codes_that_would_reach_nobody_are_refused_outside_the_demo(sender):
    chosen = {"SECRET_KEY": GOOD} | ({} if sender is None else {"SENDER": sender})
    assert [fault.what for fault in faults(chosen)] == ["No sender is set."]
    assert "SMTP_URL" in faults(chosen)[0].remedy
    assert faults(chosen | {"DEMO": "1"}) == []


@pytest.mark.parametrize("where", [{"HOST": "0.0.0.0"}, {"HOST": "::"}, {"HOST": "192.0.2.7"}, {"PUBLIC_URL": "https://demo.example"}])
def test_the_demo_is_for_this_machine_unless_somebody_says_otherwise(where):
    demo = {"DEMO": "1", "SECRET_KEY": GOOD} | where
    assert [fault.what for fault in faults(demo)] == ["The demo would be open to others."]
    assert faults(demo | {"DEMO_PUBLIC": "1"}) == []
    assert [fault.what for fault in faults(where | {"DEMO": "1", "DEMO_PUBLIC": "1"})] == ["SECRET_KEY is not set."]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_loopback_has_many_names(host):
    assert faults({"DEMO": "1", "HOST": host}) == []


def test_a_server_without_a_secret_ends_at_once_and_makes_nothing(tmp_path):
    place = Place(tmp_path / "data", secret="")
    ended = place.command("serve")
    assert ended.returncode == 1
    assert "SECRET_KEY is not set" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not place.data.exists()


@pytest.mark.parametrize("word", ["eighty", "0", "-1", "65536", "80.5"])
def test_a_port_is_a_whole_number(word):
    with pytest.raises(Trouble, match="PORT is"):
        read_place({"PORT": word})


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be written"):
        clusters.make_home(tmp_path / "file" / "data")


def test_a_folder_has_one_supervisor(tmp_path):
    with take(tmp_path, address="http://here"), pytest.raises(Trouble, match=r"already runs on .*http://here"):
        take(tmp_path, address="http://there")
    take(tmp_path, address="http://there").close()


def made(home: Path, version: str) -> clusters.Cluster:
    found = clusters.cluster(home)
    found.data.mkdir(parents=True)
    (found.data / "PG_VERSION").write_text(version)
    found.owner.give(found.data, mode=0o700)
    return found


@pytest.fixture
def home(tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path / "data"


def test_a_database_of_an_older_version_is_left_alone(home):
    old = made(home, "16\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 16"):
        clusters.prepare(old)
    assert [path.name for path in old.data.iterdir()] == ["PG_VERSION"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_database_of_another_user_is_left_alone(home):
    foreign = made(home, "18\n")
    os.chown(foreign.data, 12345, 12345)
    with pytest.raises(Trouble, match=r"belongs to another system user \(number 12345") as refused:
        clusters.prepare(foreign)
    assert "chown -R" in refused.value.remedy
    assert foreign.data.stat().st_uid == 12345


def test_a_folder_with_other_files_is_left_alone(home):
    strange = clusters.cluster(home)
    strange.data.mkdir(parents=True)
    (strange.data / "letter.txt").write_text("mine")
    with pytest.raises(Trouble, match="holds files but no database"):
        clusters.prepare(strange)
    assert (strange.data / "letter.txt").read_text() == "mine"


def test_a_long_path_gets_a_short_socket(home):
    long = home / ("a-folder-with-a-long-name-" * 6)
    found = clusters.cluster(long)
    assert len(os.fsencode(found.sockets)) <= clusters.SOCKET_LIMIT
    assert found.sockets == clusters.cluster(long).sockets
    assert found.sockets != clusters.cluster(home).sockets
