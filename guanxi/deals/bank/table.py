"""Receiving accounts of a company, what a stage shall be paid to, what a buyer says he sent, and what a supplier owes back.

Nothing here is held by anybody but the supplier's own bank: the state is `received`, never `held` (design.md section 6).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id
from guanxi.deals.order.table import Order, Stage


class BankAccount(models.Model):
    """Where a company takes money: `proposed` by one person, `active` once a second one or a second factor stood for it, `closed` at last.

    A row is never changed but in its state; another number is another row that `replaces` this one.
    """

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company_id = models.UUIDField()
    holder = models.CharField(max_length=100)
    bank = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    routing = models.CharField(max_length=20, default="", blank=True)  # CNAPS, SWIFT or what the bank needs
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="proposed")
    replaces = models.UUIDField(null=True)
    proposed_by = models.UUIDField()
    proposed_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_name = models.CharField(max_length=60, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)
    factor = models.BooleanField(default=False)  # one person stood for it, with a second factor
    closed_by = models.UUIDField(null=True)
    closed_name = models.CharField(max_length=60, default="", blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("proposed", "active", "closed")), name="known_account_state"),
            models.CheckConstraint(condition=~Q(state="active") | Q(factor=True) | ~Q(confirmed_by=F("proposed_by")), name="account_by_two"),
            models.CheckConstraint(condition=~Q(state="active") | Q(confirmed_by__isnull=False), name="account_confirmed"),
        ]
        indexes = [models.Index(fields=["company_id", "-proposed_at"], name="bank_account_company")]


class BankOffer(models.Model):
    """The payment instruction of one stage, frozen: account and amount as they were when the supplier offered it. `open` or `closed` (by another one)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="bank_offers")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="bank_offers")
    account_id = models.UUIDField()
    code = models.CharField(max_length=12)  # what the payer writes into the remittance
    holder = models.CharField(max_length=100)
    bank = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    routing = models.CharField(max_length=20, default="", blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="open")
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "stage"], condition=Q(state="open"), name="one_bank_offer_open"),
            models.CheckConstraint(condition=Q(state__in=("open", "closed")), name="known_bank_offer_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_offer_positive"),
        ]
        indexes = [
            models.Index(fields=["conversation_id", "order"], name="bank_offer_order"),
            models.Index(fields=["account_id"], name="bank_offer_account", condition=Q(state="open")),
        ]


class BankTransfer(models.Model):
    """Money somebody says went from the buyer to the supplier's account: `claimed` as told, `got` as the supplier found it, `counted` towards stages.

    Minor units. `side` who told first: the buyer with his voucher, or the supplier who found money nobody had told of.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="transfers")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="transfers")
    n = models.PositiveIntegerField()
    side = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="sent")
    claimed = models.BigIntegerField()
    got = models.BigIntegerField(default=0)
    counted = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    paid_on = models.DateField()
    payer = models.CharField(max_length=100, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    voucher_id = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    first_by = models.UUIDField(null=True)
    first_name = models.CharField(max_length=60, default="", blank=True)
    first_amount = models.BigIntegerField(default=0)
    received_by = models.UUIDField(null=True)
    received_name = models.CharField(max_length=60, default="", blank=True)
    received_at = models.DateTimeField(null=True)
    factor = models.BooleanField(default=False)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="transfer_number_once"),
            models.UniqueConstraint(fields=["conversation_id", "order"], condition=Q(state__in=("sent", "half", "short", "over")), name="one_transfer_open"),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "half", "short", "over", "counted", "back", "absent", "withdrawn")), name="known_transfer_state"
            ),
            models.CheckConstraint(condition=Q(claimed__gt=0, got__gte=0, counted__gte=0, counted__lte=F("got")), name="transfer_amounts"),
            models.CheckConstraint(condition=Q(side="buyer", sha256__gt="") | Q(side="supplier"), name="buyers_transfer_has_voucher"),
            models.CheckConstraint(
                condition=Q(received_at=None, got=0) | Q(factor=True) | (Q(first_by__isnull=False) & ~Q(first_by=F("received_by"))), name="received_by_two"
            ),
        ]


class BankVoucher(models.Model):
    """A transfer slip counts once, whoever shows it and for whichever order: its digest is claimed here."""

    home: ClassVar[str] = "reference"

    sha256 = models.CharField(primary_key=True, max_length=64)
    transfer_id = models.UUIDField()
    at = models.DateTimeField()


class BankRefund(models.Model):
    """What the supplier owes back of money that lies on his account: `owed`, `repaid` as he says, `closed` when the buyer has all of it.

    Minor units; `done` is what the buyer confirmed, `claimed` what the supplier says he sent last. `counted`: it had been counted towards the price.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="bank_refunds")
    n = models.PositiveIntegerField()
    buyer_id = models.UUIDField()
    supplier_id = models.UUIDField()
    why = models.CharField(max_length=12)  # cancelled, late, surplus, unwanted, dispute, goods
    counted = models.BooleanField()
    amount = models.BigIntegerField()
    claimed = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="owed")
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="bank_refund_once"),
            models.CheckConstraint(condition=Q(state__in=("owed", "repaid", "closed")), name="known_bank_refund_state"),
            models.CheckConstraint(condition=Q(done__gte=0, claimed__gte=0, amount__gt=0) & Q(amount__gte=F("done") + F("claimed")), name="bank_refund_within"),
            models.CheckConstraint(condition=~Q(state="closed") | Q(done=F("amount")), name="bank_refund_closed_whole"),
        ]
        indexes = [
            models.Index(fields=["supplier_id", "due_at"], name="bank_refund_supplier", condition=~Q(state="closed")),
            models.Index(fields=["buyer_id", "due_at"], name="bank_refund_buyer", condition=~Q(state="closed")),
        ]
