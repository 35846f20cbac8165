"""The order: terms frozen at the handshake, three small machines side by side."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Order(models.Model):
    """What was agreed. `state` placed, completed, cancelled; `money` none, part, held, received, released, refunded, settled;
    `goods` none, part, sent, arrived.

    Amounts in minor units. `release_at` is when the clock confirms receipt, from the last shipment on. `cancel_asked_at`: the buyer
    has paid and asks for the supplier's consent. `returned` is what went back to the buyer out of what was held for this order, by a settled
    dispute or for goods that never came. `dispute_id`: the dispute that freezes it; then no release clock runs.
    `received` is what the supplier has of it on his own bank account, less what he owes back; nobody holds it.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    deal_id = models.UUIDField()
    quote_id = models.UUIDField()
    number = models.CharField(max_length=24)
    buyer_id = models.UUIDField()
    supplier_id = models.UUIDField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="placed")
    money = models.CharField(max_length=10, default="none")
    goods_state = models.CharField(max_length=10, default="none")
    terms = models.JSONField()
    currency = models.CharField(max_length=3)
    goods = models.BigIntegerField()
    freight = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    released = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0, db_default=0)
    received = models.BigIntegerField(default=0, db_default=0)
    dispute_id = models.UUIDField(null=True)
    change_id = models.UUIDField(null=True)  # the change that is proposed and not answered
    version = models.PositiveIntegerField(default=1, db_default=1)  # one more with every change both sides agreed to; terms and sums move only with it
    ship_by = models.DateTimeField()
    release_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    cancel_asked_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "number"], name="order_number_once"),
            models.UniqueConstraint(fields=["conversation_id", "quote_id"], name="order_per_quote"),
            models.CheckConstraint(condition=Q(total=F("goods") + F("freight") + F("tax")), name="order_adds_up"),
            models.CheckConstraint(condition=Q(goods__gt=0, freight__gte=0, tax__gte=0), name="order_positive"),
            models.CheckConstraint(condition=Q(released__gte=0, returned__gte=0, total__gte=F("released") + F("returned")), name="released_within_total"),
            models.CheckConstraint(condition=Q(received__gte=0, total__gte=F("released") + F("received")), name="received_within_total"),
            models.CheckConstraint(condition=Q(dispute_id=None) | Q(release_at=None), name="dispute_stops_the_clock"),
            models.CheckConstraint(condition=Q(state__in=("placed", "completed", "cancelled")), name="known_order_state"),
            models.CheckConstraint(condition=Q(money__in=("none", "part", "held", "released", "refunded", "settled", "received")), name="known_money_state"),
            models.CheckConstraint(condition=Q(goods_state__in=("none", "part", "sent", "arrived")), name="known_goods_state"),
        ]
        indexes = [
            models.Index(fields=["deal_id"], name="order_deal"),
            models.Index(fields=["buyer_id", "-placed_at"], name="order_buyer"),
            models.Index(fields=["supplier_id", "-placed_at"], name="order_supplier"),
        ]


class OrderLine(models.Model):
    """One line: `quantity` ordered + `over` >= `shipped` >= `received` (quality.md D4); `unit_price` decimal, `total` in minor units.

    `over` and `under` are the tolerances agreed: so much more may be sent, so much less is still all. `lost`: sent, but short or damaged, and
    no longer counted as shipped. `returned`: sent back by the buyer.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=200, default="", blank=True)
    unit = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    total = models.BigIntegerField()
    shipped = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    received = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    over = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    under = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    lost = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    returned = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    version = models.PositiveIntegerField(default=1, db_default=1)  # of the order, when the line was last changed

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, unit_price__gt=0, total__gte=0), name="order_line_positive"),
            models.CheckConstraint(condition=Q(shipped__gte=0, shipped__lte=F("quantity") + F("over")), name="shipped_within_ordered"),
            models.CheckConstraint(condition=Q(over__gte=0, under__gte=0, under__lt=F("quantity"), lost__gte=0), name="tolerance_positive"),
            models.CheckConstraint(condition=Q(returned__gte=0, returned__lte=F("shipped")), name="returned_within_shipped"),
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=F("shipped")), name="received_within_shipped"),
        ]


class Stage(models.Model):
    """A part of the price with its own state: due, held, received, released, refunded, settled, cancelled. Minor units;
    `amount` less `surplus` sums to the total, `received` is what of it came by bank transfer: all of it when the stage is received.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="stages")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=20)  # deposit, balance, full, part
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.BigIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="due")
    received = models.BigIntegerField(default=0, db_default=0)
    surplus = models.BigIntegerField(default=0, db_default=0)  # of `amount`: what the order is worth less since, paid back or no longer due
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(surplus__gte=0, surplus__lte=F("amount")), name="stage_surplus_within"),
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="stage_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="stage_positive"),
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=F("amount")), name="stage_received_within"),
            models.CheckConstraint(condition=~Q(state="received") | Q(received=F("amount")), name="stage_received_whole"),
            models.CheckConstraint(condition=~Q(state__in=("held", "released", "settled")) | Q(received=0), name="stage_one_way"),
            models.CheckConstraint(
                condition=Q(state__in=("due", "held", "received", "released", "refunded", "settled", "cancelled")), name="known_stage_state"
            ),
        ]
