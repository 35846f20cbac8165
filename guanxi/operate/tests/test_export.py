"""Leaving is easy: everything a company did, in documented JSON, on paper and with its files; and nothing that is not its to see (A3)."""

import json
import zipfile
from datetime import timedelta
from uuid import UUID

import jsonschema_rs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.base import clock
from guanxi.base.errors import Limited, NotFound, Refused
from guanxi.base.outbox.drain import drain
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.operate import retention
from guanxi.operate.export import make as making
from guanxi.operate.export.schema import schema
from guanxi.people.exports import acts, reads
from guanxi.people.exports.table import CompanyExport
from guanxi.people.viewer import Viewer
from guanxi.talk.file import acts as files
from guanxi.talk.file.store import store
from guanxi.talk.run import run
from guanxi.talk.text import acts as texts
from tests import make, trade
from tests.api.caller import caller, problem
from tests.signed import signed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _elsewhere(settings, tmp_path):
    settings.DATA_DIR, settings.PROVIDERS = tmp_path, ("sandbox",)


def told(pair):
    """A pair of companies that talked, sent a file, and traded."""
    run(texts.say, pair.buyer.call(), body={"text": "只有我们知道的话"})
    upload = store(pair.buyer.person.id, pair.buyer.company.id, SimpleUploadedFile("图纸.txt", b"drawing"))
    run(files.send, pair.buyer.call(), kind="file", upload_id=upload.id)
    _rfq, deal = trade.ask(pair)
    order = trade.place(pair.buyer, trade.quote(pair.supplier, deal))
    payment = UUID(run(payments.pay, pair.buyer.call(), order_id=order)["payment"])
    drain(clock.now())
    events.play(pair.conversation, payment, "approve", now=clock.now())
    return upload


def exported(who, tmp_path):
    """The zip of his company."""
    target = tmp_path / "out" / "it.zip"
    making.write(who.company, target, by=who.person.name, now=clock.now())
    return zipfile.ZipFile(target)


def owner(who):
    return Viewer(who.person.id, who.person.name, who.company.id, who.company.name, "owner")


def test_it_holds_talk_trade_money_and_files_and_keeps_to_its_schema(tmp_path):
    pair = make.pair()
    upload = told(pair)
    with exported(pair.buyer, tmp_path) as archive:
        whole = json.loads(archive.read("company.json"))
        place = json.loads(archive.read(whole["conversations"][0]["path"]))
        assert archive.read(whole["files"][0]["path"]) == b"drawing"
        assert archive.read("record.pdf").startswith(b"%PDF")
        kept = json.loads(archive.read("schema.json"))
    assert kept == json.loads(json.dumps(schema()))
    assert jsonschema_rs.meta.is_valid(kept)
    jsonschema_rs.validate(kept, whole)
    jsonschema_rs.validate({"$ref": "#/$defs/Conversation", "$defs": kept["$defs"]}, place)
    assert [len(whole[name]) for name in ("rfqs", "quotes", "orders", "book", "files", "conversations")] == [1, 1, 1, 1, 1, 1]
    assert (whole["company"]["name"], whole["people"][0]["name"]) == (pair.buyer.company.name, pair.buyer.person.name)
    assert whole["files"][0] | {"at": ""} == {
        "id": str(upload.id), "name": "图纸.txt", "mime": upload.mime, "size": 7, "sha256": upload.sha256, "at": "", "path": whole["files"][0]["path"],
    }  # fmt: skip
    assert [entry["seq"] for entry in place["entries"]] == list(range(1, place["head"] + 1))
    assert whole["orders"][0]["held"]["amount"] == whole["book"][0]["amount"]["amount"] > 0


def test_nothing_of_another_deal_or_company_is_inside(tmp_path):
    pair, others = make.pair(), make.pair()
    told(pair)
    told(others)
    alone = make.actor("Alone", "Alone & Co")
    for who, own in ((pair.buyer, True), (pair.supplier, True), (alone, False)):
        with exported(who, tmp_path) as archive:
            inside = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json")).decode()
        assert (str(pair.conversation) in inside) == own
        for word in (str(others.conversation), str(others.buyer.person.id), str(others.buyer.company.id), "+86", "digest", "secret_"):
            assert word not in inside, word


def test_an_owner_asks_waits_and_fetches_once_a_second_factor_was_shown(settings):
    pair = make.pair()
    told(pair)
    browser = signed(pair.buyer, factor=True)
    mine = {"as": str(pair.buyer.company.id)}
    assert browser.post("/me/export", mine).status_code == 302
    row = CompanyExport.objects.get()
    assert (row.state, row.company_id) == ("waiting", pair.buyer.company.id)
    assert b"data-again" in browser.get("/me/export").content
    assert browser.post("/me/export", mine).status_code == 409
    drain(clock.now())
    row.refresh_from_db()
    assert (row.state, row.done, row.expires_at - row.ready_at) == ("ready", 100, timedelta(days=7))
    got = browser.get(f"/me/export/{row.id}/file")
    assert got.status_code == 200
    assert got["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content).startswith(b"PK")


def test_without_a_fresh_factor_nothing_is_made_or_fetched():
    pair = make.pair()
    browser = signed(pair.buyer)
    answer = browser.post("/me/export", {"as": str(pair.buyer.company.id)})
    assert answer.status_code == 302
    assert answer["Location"].startswith(("/me/security", "/me/confirm"))
    assert not CompanyExport.objects.exists()
    made = run(acts.ask, pair.buyer.call())
    drain(clock.now())
    assert browser.get(f"/me/export/{made['export']}/file").status_code == 302


def test_nobody_but_the_owner(settings):
    pair = make.pair()
    admin = pair.colleague(pair.buyer, "admin")
    with pytest.raises(Refused):
        run(acts.ask, admin.call())
    made = UUID(run(acts.ask, pair.buyer.call())["export"])
    drain(clock.now())
    now = clock.now()
    with pytest.raises(NotFound):
        reads.ready(owner(pair.supplier), made, now=now)
    assert reads.ready(owner(pair.buyer), made, now=now).id == made
    assert signed(pair.supplier, factor=True).get(f"/me/export/{made}/file").status_code == 404
    assert signed(admin, factor=True).get(f"/me/export/{made}/file").status_code == 409
    assert Client().get(f"/me/export/{made}/file").status_code == 302


def test_the_link_ends_and_the_file_goes(tmp_path):
    pair = make.pair()
    made = UUID(run(acts.ask, pair.buyer.call())["export"])
    drain(clock.now())
    late = clock.now() + timedelta(days=8)
    with pytest.raises(NotFound):
        reads.ready(owner(pair.buyer), made, now=late)
    assert retention.sweep(now=late)["exports"] == 1
    with pytest.raises(NotFound):
        reads.ready(owner(pair.buyer), made, now=clock.now())


def test_three_a_day():
    pair = make.pair()
    for _n in range(acts.A_DAY):
        run(acts.ask, pair.buyer.call())
        drain(clock.now())
    with pytest.raises(Limited):
        run(acts.ask, pair.buyer.call())


def test_a_disk_without_room_is_said_and_one_may_ask_again(monkeypatch):
    pair = make.pair()
    made = run(acts.ask, pair.buyer.call())

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "write", full)
    drain(clock.now())
    assert CompanyExport.objects.get(pk=made["export"]).state == "failed"
    assert run(acts.ask, pair.buyer.call())["export"]


def test_by_a_program():
    pair = make.pair()
    told(pair)
    program = caller(pair.buyer)
    made = program.send("POST", "/exports", {}).json()
    assert (made["state"], made["done"], made["file"]) == ("waiting", 0, None)
    drain(clock.now())
    shown = program.send("GET", "/exports").json()["items"][0]
    assert (shown["id"], shown["state"], shown["done"]) == (made["id"], "ready", 100)
    got = program.send("GET", shown["file"].removeprefix("/api/v1"))
    assert got.status_code == 200
    problem(caller(pair.colleague(pair.buyer, "admin")).send("POST", "/exports", {}), 409)
    problem(caller(pair.supplier).send("GET", shown["file"].removeprefix("/api/v1")), 404)
