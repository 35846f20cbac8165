"""Secrets we must read again, unlike those we only compare: sealed with a key drawn from the server's own (Fernet: AES-CBC with HMAC)."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """Sealed under another SECRET_KEY, or changed since."""


def seal(plain: str) -> str:
    """The secret as it may lie in the database."""
    return _fernet().encrypt(plain.encode()).decode()


def unseal(kept: str) -> str:
    """The secret again. Raises Unreadable."""
    try:
        return _fernet().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet() -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"guanxi second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
