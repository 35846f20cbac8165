"""Voice: short recordings of a kind we know, heard by whoever takes part."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.base.errors import Invalid, NotFound
from guanxi.talk.file.store import store
from guanxi.talk.table import Entry
from guanxi.talk.voice import acts, mime_of
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db
WEBM = b"\x1aE\xdf\xa3" + b"\x00" * 200


def recording(one, data=WEBM, name="voice.webm"):
    return store(one.person.id, one.company.id, SimpleUploadedFile(name, data))


def test_a_recording_is_sent_and_heard_by_both_and_by_nobody_else():
    two = pair()
    form = {"as": str(two.buyer.company.id), "seconds": "12", "file": SimpleUploadedFile("voice.webm", WEBM), "key": "k-12345678"}
    assert signed(two.buyer).post(f"/c/{two.conversation}/voice/speak", form).status_code == 302
    body = Entry.objects.of(two.conversation).get().body
    assert (body["seconds"], body["mime"]) == (12, "audio/webm")
    heard = signed(two.supplier).get(f"/files/{body['upload']}")
    assert (heard["Content-Type"], heard["X-Content-Type-Options"], heard["Content-Disposition"].split(";")[0]) == ("audio/webm", "nosniff", "inline")
    assert "sandbox" in heard["Content-Security-Policy"]
    assert signed(outsider(two.conversation)).get(f"/files/{body['upload']}").status_code == 404
    assert "data-voice" in signed(two.supplier).get(f"/c/{two.conversation}").content.decode()


@pytest.mark.parametrize("data", [b"<script>alert(1)</script>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"x", b"OGG", b"\x00\x00\x00\x18ftyx"])
def test_anything_else_is_no_recording(data):
    two = pair()
    upload = recording(two.buyer, data)
    with pytest.raises(Invalid):
        acts.speak(two.buyer.call(), upload_id=upload.id, seconds=3)
    assert Entry.objects.count() == 0
    assert signed(two.buyer).get(f"/files/{upload.id}")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("seconds", [0, -1, 61, True, 10**9])
def test_a_voice_message_is_short(seconds):
    two = pair()
    with pytest.raises(Invalid):
        acts.speak(two.buyer.call(), upload_id=recording(two.buyer).id, seconds=seconds)


def test_a_recording_is_small_and_ones_own():
    two = pair()
    with pytest.raises(Invalid):
        acts.speak(two.buyer.call(), upload_id=recording(two.buyer, WEBM + b"\x00" * 2_000_000).id, seconds=3)
    with pytest.raises(NotFound):
        acts.speak(two.supplier.call(), upload_id=recording(two.buyer).id, seconds=3)


def test_what_browsers_record_is_known_by_its_first_bytes():
    assert [mime_of(head) for head in (WEBM, b"OggS", b"\x00\x00\x00\x20ftypiso5", b"", b"RIFF")] == ["audio/webm", "audio/ogg", "audio/mp4", "", ""]
