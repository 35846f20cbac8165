"""By mail over SMTP: settings.SMTP_URL and MAIL_FROM. Phones are for a sender of the operator's own (an SMS gateway is his contract)."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from django.conf import settings

PATIENCE = 10.0  # seconds
LOCAL = ("127.0.0.1", "localhost", "::1")


class NotSent(Exception):
    """Why not; `people.sender` tells the person to try again."""


def send(address: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
    """One plain message. Raises NotSent for a phone, OSError and smtplib's errors otherwise."""
    if "@" not in address:
        raise NotSent("mail does not reach a phone")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.MAIL_FROM, address, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.MAIL_FROM.rpartition("@")[2] or None)
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    with server() as link:
        link.send_message(message)


def probe() -> None:
    """Greeting, TLS and sign-in, without a message. Raises as `send`."""
    if "@" not in settings.MAIL_FROM:
        raise NotSent("MAIL_FROM is no address")
    with server() as link:
        link.noop()


@contextmanager
def server() -> Iterator[smtplib.SMTP]:
    """The operator's mail server, encrypted unless it is this machine."""
    where = urlsplit(settings.SMTP_URL)
    if where.scheme not in ("smtp", "smtps") or not where.hostname:
        raise NotSent("SMTP_URL must be smtp:// or smtps://")
    safe = ssl.create_default_context()
    link: smtplib.SMTP
    if where.scheme == "smtps":
        link = smtplib.SMTP_SSL(where.hostname, where.port or 465, timeout=PATIENCE, context=safe)
    else:
        link = smtplib.SMTP(where.hostname, where.port or 587, timeout=PATIENCE)
    with link:
        if where.scheme == "smtp" and where.hostname not in LOCAL:
            link.starttls(context=safe)
        if where.username:
            link.login(unquote(where.username), unquote(where.password or ""))
        yield link
