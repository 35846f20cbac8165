"""Signatures as receivers verify them."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest

from guanxi.notify.webhook import acts, sign
from guanxi.notify.webhook.table import Webhook
from tests.make import NOON, actor

pytestmark = pytest.mark.django_db


def test_the_published_vector():
    """From the specification's own libraries (standard-webhooks, test vectors of all languages)."""
    secret, own, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
    assert sign.signature(secret, own, 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def made(ana):
    given = acts.add(ana.call(now=NOON), url="https://example.com/hook", kinds=["*"])
    return Webhook.objects.get(pk=given["webhook"]), given["secret"]


def verified(secret, headers, body):
    """As a receiver in docs/api/webhooks.md does it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one) for one in headers["webhook-signature"].split(" "))


def test_the_secret_is_32_bytes_of_its_own_and_stands_in_no_column():
    row, secret = made(actor("Ana", "Haichuan"))
    _other, another = made(actor("Bo", "Minggu"))
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != another
    assert secret.removeprefix("whsec_") not in str(Webhook.objects.filter(pk=row.pk).values())


def test_both_secrets_sign_for_a_day_after_a_rotation():
    ana = actor("Ana", "Haichuan")
    row, old = made(ana)
    new = acts.rotate(ana.call(now=NOON), webhook=row.pk)["secret"]
    row.refresh_from_db()
    soon, later = (sign.headers(row, "msg_1", b"{}", NOON + passed) for passed in (timedelta(hours=23), timedelta(hours=24)))
    assert old != new
    assert [verified(one, soon, b"{}") for one in (old, new)] == [True, True]
    assert [verified(one, later, b"{}") for one in (old, new)] == [False, True]
    assert not verified(new, soon, b"{ }")


def test_a_second_rotation_ends_the_first_secret_at_once():
    ana = actor("Ana", "Haichuan")
    row, first = made(ana)
    second, third = (acts.rotate(ana.call(now=NOON), webhook=row.pk)["secret"] for _n in range(2))
    row.refresh_from_db()
    headers = sign.headers(row, "msg_1", b"{}", NOON)
    assert [verified(one, headers, b"{}") for one in (first, second, third)] == [False, True, True]
