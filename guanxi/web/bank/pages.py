"""Everything one deal pays by bank: the instruction, what was transferred, what is wrong with it, what is owed back; and the forms for each."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.clock import HOME
from guanxi.base.errors import NotFound, Words
from guanxi.base.money import CURRENCIES, plain
from guanxi.deals.bank import accounts
from guanxi.deals.bank.card import WHY
from guanxi.deals.bank.matter import mask
from guanxi.deals.bank.rules import OPEN, TRANSFER
from guanxi.deals.bank.table import BankAccount, BankOffer, BankRefund, BankTransfer
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, Stage
from guanxi.people.factor.reads import second_factor_fresh
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import Seat, take
from guanxi.web.deal.words import stage_words
from guanxi.web.page import page

TRANSFERS: dict[str, tuple[Words, str]] = {
    "sent": (gettext_lazy("to check"), "warn"), "half": (gettext_lazy("half confirmed"), "warn"), "short": (gettext_lazy("too little"), "bad"),
    "over": (gettext_lazy("too much"), "bad"), "counted": (gettext_lazy("received"), "ok"), "back": (gettext_lazy("goes back"), ""),
    "absent": (gettext_lazy("not found"), "bad"), "withdrawn": (gettext_lazy("taken back"), ""),
}  # fmt: skip
REFUNDS: dict[str, tuple[Words, str]] = {
    "owed": (gettext_lazy("to pay back"), "warn"), "repaid": (gettext_lazy("to confirm"), "warn"), "closed": (gettext_lazy("paid back"), "ok"),
}  # fmt: skip


@dataclass(slots=True)
class Picture:
    """What the page draws, as this seat may see it."""

    seat: Seat
    order: Order
    stages: list[Stage]
    offers: dict[UUID, BankOffer]
    transfers: list[BankTransfer]
    refunds: list[BankRefund]
    accounts: list[BankAccount]
    fresh: bool

    @property
    def due(self) -> Stage | None:
        """The stage to pay next, while the order may be paid."""
        found = next((stage for stage in self.stages if stage.state == "due"), None)
        return found if found and phase(self.order) in ("unpaid", "part-paid") else None

    @property
    def offer(self) -> BankOffer | None:
        return self.offers.get(self.due.id) if self.due else None

    @property
    def open(self) -> BankTransfer | None:
        """The one under way: there is at most one."""
        return next((one for one in self.transfers if one.state in OPEN), None)

    @property
    def number(self) -> str:
        """The whole number only for a buyer who has to pay and may, and for the supplier's own finance."""
        shown = self.offer and self.seat.can("pay" if self.seat.is_buyer else "money")
        return self.offer.number if self.offer and shown else mask(self.offer.number) if self.offer else ""

    @property
    def may_say(self) -> bool:
        return bool(self.seat.is_buyer and self.offer and not self.open and self.seat.can("pay") and not self.order.cancel_asked_at)

    @property
    def may_offer(self) -> bool:
        return bool(not self.seat.is_buyer and self.seat.can("sell") and self.accounts and not self.open and LIFE.find(phase(self.order), "offer", "supplier")
                    and self.payable)  # fmt: skip

    @property
    def payable(self) -> list[tuple[int, str]]:
        """Stages an instruction may be given for."""
        return [(stage.n, stage_words(stage.name, stage.percent)) for stage in self.stages if stage.state == "due"]

    def may(self, act: str) -> bool:
        """Whether this seat may do this to the transfer under way."""
        power = "pay" if act == "withdraw" else "money"
        return bool(self.open and self.seat.can(power) and TRANSFER.find(self.open.state, act, self.seat.side))

    @property
    def still(self) -> int:
        """What the stage to pay still asks for."""
        return self.due.amount - self.due.received if self.due else 0

    def stage_of(self, transfer: BankTransfer) -> str:
        found = next(stage for stage in self.stages if stage.id == transfer.stage_id)
        return stage_words(found.name, found.percent)

    def plain(self, amount: int) -> str:
        """As a field takes it."""
        return plain(amount, self.order.currency).replace(",", "")


@require_safe
@signed_in
def bank(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """The page of all this. Eight statements, however much there is."""
    here = draw(take(request.viewer, conversation, deal), fresh=second_factor_fresh(request))
    context = {
        "here": here, "seat": here.seat, "after": here.seat.at("bank"), "transfers": TRANSFERS, "refunds": REFUNDS, "why": WHY,
        "sign": CURRENCIES[here.order.currency][0], "today": clock.now().astimezone(HOME).date().isoformat(),
    }  # fmt: skip
    return page(request, "web/bank/page.html", context)


def draw(seat: Seat, *, fresh: bool) -> Picture:
    """The rows. Raises NotFound for a deal without an order."""
    where = seat.deal.conversation_id
    stages = list(Stage.objects.of(where).filter(order_id=seat.deal.order_id).select_related("order").order_by("n")) if seat.deal.order_id else []
    if not stages:
        raise NotFound
    order = stages[0].order
    offers = {one.stage_id: one for one in BankOffer.objects.of(where).filter(order=order, state="open")}
    transfers = list(BankTransfer.objects.of(where).filter(order=order).order_by("-n"))
    refunds = list(BankRefund.objects.of(where).filter(order=order).order_by("-n"))
    mine = [] if seat.is_buyer else accounts.active(order.supplier_id, order.currency)
    return Picture(seat, order, stages, offers, transfers, refunds, mine, fresh)
