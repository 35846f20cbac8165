"""The payer's page of the sandbox: what a bank or a wallet would show. Only where the sandbox serves, in a demo."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound, Words
from guanxi.base.ids import find_id
from guanxi.deals.payment.events import play
from guanxi.pay.providers.sandbox.payer import get_charge
from guanxi.pay.providers.sandbox.table import SandboxCharge
from guanxi.web.page import page

OUTCOMES: list[tuple[str, Words]] = [
    ("approve", _("Pay")),
    ("delay", _("Pay, but tell late")),
    ("duplicate", _("Pay, and tell twice")),
    ("wrong_amount", _("Pay a wrong amount")),
    ("fail", _("Refuse the payment")),
]


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The amount and what the payer may do. Whoever knows the number may, as with a provider's link."""
    charge = here(number)
    running = charge.state == "open" and charge.expires_at > clock.now()
    return page(request, "web/pay/sandbox.html", {"charge": charge, "open": running, "outcomes": OUTCOMES, "back": back(charge)})


@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The payer has decided; on to our page that checks."""
    charge = here(number)
    conversation, payment = UUID(charge.attach), payment_of(charge)
    play(conversation, payment, request.POST.get("outcome", ""), now=clock.now())
    return redirect(back(charge))


def here(number: str) -> SandboxCharge:
    """The charge; nothing where the sandbox does not serve."""
    if "sandbox" not in settings.PROVIDERS:
        raise NotFound
    return get_charge(number[:32].replace("\x00", ""))


def payment_of(charge: SandboxCharge) -> UUID:
    """Our payment behind a charge: the sandbox has it as the merchant's number."""
    found = find_id(charge.number)
    if found is None:
        raise NotFound
    return found


def back(charge: SandboxCharge) -> str:
    """Where the payer returns to."""
    return f"/c/{UUID(charge.attach)}/payments/{payment_of(charge)}"
