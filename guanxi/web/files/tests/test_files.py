"""Uploads: drawn anew or only downloaded, opened by those they were shown to, refused when they are bombs or lies."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from guanxi.base.ids import new_id
from guanxi.talk.file import names
from guanxi.talk.table import Attachment, Entry, Upload
from tests.api.caller import caller
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def photo(form="JPEG", *, gps=False, size=(800, 600)):
    out = io.BytesIO()
    exif = Image.Exif()
    if gps:
        exif[0x8825] = {1: "N", 2: (28.0, 0.0, 40.0), 3: "E", 4: (120.0, 41.0, 12.0)}
        exif[0x010F] = "SecretPhone"
    Image.new("RGB", size, (40, 90, 160)).save(out, form, **({"exif": exif, "comment": b"hidden words"} if gps else {}))
    return out.getvalue()


def send(actor, name, content, **more):
    form = {"file": SimpleUploadedFile(name, content), "as": str(actor.company.id), "key": new_id().hex, **more}
    return signed(actor).post(f"/c/{actor.conversation}/file/send", form)


def bytes_of(answer):
    return b"".join(answer.streaming_content)


def test_a_photo_loses_place_and_camera_and_gets_a_small_one():
    two = pair()
    assert send(two.buyer, "bolts.jpg", photo(gps=True)).status_code == 302
    upload = Upload.objects.get()
    client = signed(two.supplier)
    full, small = client.get(f"/files/{upload.id}"), client.get(f"/files/{upload.id}/thumb")
    data = bytes_of(full)
    assert b"SecretPhone" not in data
    assert b"hidden words" not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert (full["Content-Type"], small["Content-Type"], full["X-Content-Type-Options"]) == ("image/jpeg", "image/webp", "nosniff")
    assert full["Content-Disposition"].startswith("inline")
    assert max(Image.open(io.BytesIO(bytes_of(small))).size) == 640
    entry = Entry.objects.of(two.conversation).get()
    assert (entry.kind, entry.body["width"], entry.body["height"], entry.body["name"]) == ("image", 800, 600, "bolts.jpg")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("data.xml", b"<?xml version='1.0'?><a/>"),
        ("paper.pdf", b"%PDF-1.4\n<script>"),
        ("photo.jpg", b"<html><script>alert(1)</script></html>"),
        ("poly.gif", b"GIF89a/*" + b"\x00" * 20 + b"*/=alert(1)"),
    ],
)
def test_what_is_no_picture_is_only_ever_downloaded(name, content):
    two = pair()
    answer = send(two.buyer, name, content)
    if answer.status_code == 422:  # a damaged picture: refused
        assert Upload.objects.count() == 0
        return
    got = signed(two.supplier).get(f"/files/{Upload.objects.get().id}")
    assert got["Content-Disposition"].startswith("attachment")
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in got["Content-Security-Policy"]
    assert bytes_of(got) == content


@pytest.mark.parametrize(("name", "content"), [("slip.pdf", b"%PDF-1.4 slip"), ("slip.jpg", photo(size=(90, 60)))])
def test_a_program_that_sends_a_file_again_has_it_once(name, content):
    two = pair()
    first = by_api(two.buyer, name, content)
    on_disk = files_on_disk()
    assert by_api(two.buyer, name, content).json() == first.json()
    assert by_api(two.buyer, "other.txt", b"another file").status_code == 409
    assert (Upload.objects.count(), files_on_disk()) == (1, on_disk)
    assert by_api(two.supplier, name, content).json()["id"] != first.json()["id"]


def by_api(actor, name, content, key="slip-of-monday"):
    head = {"Authorization": f"Bearer {caller(actor).token}", "Idempotency-Key": key}
    return Client().post("/api/v1/uploads", {"file": SimpleUploadedFile(name, content)}, headers=head)


def files_on_disk():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def huge_png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [huge_png(50_000, 50_000), huge_png(9_000, 9_000), photo()[:700], photo("PNG")[:120]])
def test_bombs_and_broken_pictures_are_refused_with_a_reason(content):
    two = pair()
    assert send(two.buyer, "bomb.png", content).status_code == 422
    assert (Upload.objects.count(), Entry.objects.count(), Attachment.objects.count()) == (0, 0, 0)


def test_only_those_it_was_shown_to_open_a_file():
    two = pair()
    send(two.buyer, "prices.pdf", b"%PDF-1.4 prices")
    address = f"/files/{Upload.objects.get().id}"
    reader = two.colleague(two.supplier, "viewer")
    assert [signed(one).get(address).status_code for one in (two.buyer, two.supplier, reader)] == [200, 200, 200]
    left = two.colleague(two.supplier, "sales")
    left.person.memberships.update(ended_at=left.person.created_at)
    for one in (outsider(two.conversation), left):
        assert signed(one).get(address).status_code == 404
        assert signed(one).get(address + "/thumb").status_code == 404
    assert Client().get(address).status_code == 404


def test_somebody_elses_upload_cannot_be_sent_by_its_id():
    two = pair()
    send(two.buyer, "prices.pdf", b"%PDF-1.4 prices")
    cy = outsider(two.conversation)
    mallory = pair().buyer
    for one in (cy, mallory):
        form = {"file": str(Upload.objects.get().id), "as": str(one.company.id)}
        assert signed(one).post(f"/c/{one.conversation}/file/send", form).status_code == 404
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("con.txt", "_con.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("  .hidden. ", "hidden"),
        ('a<b>"c|d?.txt', "abcd.txt"),
        ("图纸 M8×30.pdf", "图纸 M8×30.pdf"),
    ],
)
def test_a_name_is_a_label_never_a_path(given, kept):
    assert names.clean(given) == kept


def test_a_long_name_keeps_its_ending_and_a_strange_one_gets_a_name():
    assert names.clean("x" * 300 + ".pdf").endswith("x.pdf")
    assert len(names.clean("x" * 300 + ".pdf")) == names.MOST
    assert names.clean("///") == names.clean("\x00")


def test_the_same_name_twice_is_two_files():
    two = pair()
    for content in (b"one", b"two"):
        send(two.buyer, "list.csv", content)
    paths = list(Upload.objects.values_list("path", flat=True))
    assert sorted((Path(settings.MEDIA_ROOT) / path).read_bytes() for path in paths) == [b"one", b"two"]


def test_an_empty_and_a_too_large_file_are_refused(settings):
    settings.UPLOAD_LIMIT = 1000
    two = pair()
    for content in (b"", b"x" * 1001):
        assert send(two.buyer, "a.txt", content).status_code == 422
    assert Upload.objects.count() == 0


def test_the_same_file_sent_twice_under_one_key_is_one_entry():
    two = pair()
    key = new_id().hex
    for _ in range(2):
        assert send(two.buyer, "list.csv", b"one", key=key).status_code == 302
    assert Entry.objects.of(two.conversation).count() == 1
    assert send(two.buyer, "list.csv", b"other", key=key).status_code == 409


def test_a_name_with_script_is_shown_as_words():
    two = pair()
    send(two.buyer, "<img src=x onerror=alert(1)>.pdf", b"x")
    page = signed(two.supplier).get(f"/c/{two.conversation}").content.decode()
    assert "<img src=x" not in page


def test_a_full_disk_is_a_refusal_without_half_a_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.write_text("in the way")
    two = pair()
    assert send(two.buyer, "a.txt", b"x").status_code == 409
    assert Upload.objects.count() == 0
