"""A phone number or an e-mail address in the one form we keep."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import Invalid, Words

HOME = "CN"
LONGEST_PHONE = 32
NEITHER: Words = _("Write a phone number, such as 138 0577 2611, or an e-mail address.")


def read(value: object, *, field: str = "address") -> str:
    """E.164 (`+8613805772611`) or a lower-case e-mail address. Raises Invalid with words on how to mend it."""
    given = text.clean(value, field=field, most=254, least=1)
    return _mail(given.lower(), field) if "@" in given else _phone(given, field)


def is_phone(address: str) -> bool:
    """Of a kept address."""
    return address.startswith("+")


def column(address: str) -> str:
    """The column of people_person it stands in."""
    return "phone" if is_phone(address) else "email"


def masked(address: str) -> str:
    """What may be shown on a page that others might see: `138 **** 2611`, `l…@haichuan.example`."""
    if not is_phone(address):
        name, _at, host = address.partition("@")
        return f"{name[:1]}…@{host}"
    national = address.removeprefix("+86")
    return f"{national[:3]} **** {national[-4:]}"


def pretty(address: str) -> str:
    """As people write it: `138 0577 2611`, `+44 20 7946 0958`."""
    if not is_phone(address):
        return address
    number = phonenumbers.parse(address)
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 86 else form.INTERNATIONAL)


def _mail(given: str, field: str) -> str:
    try:
        validate_email(given)
    except ValidationError:
        raise Invalid({field: NEITHER}) from None
    return given


def _phone(given: str, field: str) -> str:
    if len(given) > LONGEST_PHONE:
        raise Invalid({field: NEITHER})
    try:
        number = phonenumbers.parse(given, HOME)
    except phonenumbers.NumberParseException:
        raise Invalid({field: NEITHER}) from None
    if not phonenumbers.is_valid_number(number):
        raise Invalid({field: _("This phone number does not exist. Check its digits.")})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
