"""A small world: one order with money held, one finished, an upload, somebody signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.talk.file import acts as files
from guanxi.talk.file import store
from guanxi.talk.table import Upload
from guanxi.talk.text import acts as texts
from tests import make
from tests.make import Pair


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """Uploads of this test alone."""
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "files"
    yield tmp_path / "files"
    settings.MEDIA_ROOT = before


@pytest.fixture
def pair(transactional_db: None, media: Path) -> Pair:
    """Ana and Bo with three texts and a file between them; Ana's phone is signed in."""
    both = make.pair()
    for n in range(3):
        texts.say(both.buyer.call(), body={"text": f'你好 {n}\t\\N "quoted"\nsecond line'})
    sent = store.store(both.buyer.person.id, both.buyer.company.id, SimpleUploadedFile("price list.txt", b"bolt 0.1011\n"))
    files.send(both.buyer.call(), upload_id=sent.id)
    make.device(both.buyer.person)
    return both


@pytest.fixture
def upload(pair: Pair) -> Upload:
    """The file that was sent."""
    return Upload.objects.get(company_id=pair.buyer.company.id)
