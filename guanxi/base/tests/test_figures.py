"""Counters are shared by the processes that serve one folder, and never in its way."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from guanxi.base import figures, milestones
from guanxi.base.clock import now
from tests import make, trade

CHILD = """
import os, sys
from pathlib import Path
from guanxi.base import figures
figures.gather_for(Path(sys.argv[1]))
from guanxi.base import counted
counted.ACTS.labels("deals.quote.acts.send", "done").inc()
if os.fork() == 0:
    counted.ACTS.labels("deals.quote.acts.send", "done").inc(2)
    counted.SOCKETS.set(5)
    os._exit(0)
os.wait()
counted.SOCKETS.set(3)
print({(s.name, s.value) for m in counted.all_processes() for s in m.samples if s.name in ("guanxi_acts_total", "guanxi_gateway_sockets")})
"""


@pytest.mark.skipif(not figures.MEMORY.is_dir(), reason="no shared memory on this machine: each process counts for itself")
def test_what_all_processes_did_is_one_sum_and_the_dead_have_nothing_open(tmp_path):
    without = {name: value for name, value in os.environ.items() if name != figures.FOLDER}
    said = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=True, env=without).stdout
    assert eval(said) == {("guanxi_acts_total", 3.0), ("guanxi_gateway_sockets", 3.0)}


def test_where_there_is_no_memory_to_share_nothing_falls(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "MEMORY", tmp_path / "none")
    monkeypatch.delenv(figures.FOLDER, raising=False)
    figures.gather_for(tmp_path)
    assert figures.FOLDER not in os.environ


@pytest.mark.django_db(transaction=True)
def test_metrics_say_what_was_done_and_how_old_the_backup_is():
    trade.ask(make.pair())
    milestones.note("backup", now=now())
    milestones.note("check", now=now(), differences=2)
    page = Client().get("/metrics").content.decode()
    assert 'guanxi_acts_total{act="deals.rfq' in page
    assert "guanxi_act_seconds_bucket" in page
    assert 'guanxi_last_seconds{what="backup"} 0.' in page
    assert 'guanxi_last_seconds{what="proof"} +Inf' in page
    assert "guanxi_check_differences 2.0" in page
    for name in ("guanxi_outbox_oldest_seconds", "guanxi_jobs_failed", "guanxi_database_connections", "guanxi_gateway_sockets", "guanxi_disk_free_bytes"):
        assert f"\n{name} " in page, name
