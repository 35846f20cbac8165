"""Changes of an order by consent: proposals, the order's versions, and triggers that let terms and sums move only with a version."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import guanxi.base.ids

STATES = ("open", "accepted", "declined", "withdrawn", "replaced", "expired")
VERSIONS = """
CREATE FUNCTION deals_with_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <= OLD.version OR NEW.version <> (SELECT version FROM deals_order o WHERE o.conversation_id = NEW.conversation_id AND o.id = NEW.order_id) THEN
        RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER deals_order_frozen ON deals_order;
CREATE TRIGGER deals_order_frozen BEFORE UPDATE ON deals_order FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.deal_id, OLD.quote_id, OLD.number, OLD.buyer_id, OLD.supplier_id, OLD.currency, OLD.placed_at)
    IS DISTINCT FROM
    (NEW.conversation_id, NEW.deal_id, NEW.quote_id, NEW.number, NEW.buyer_id, NEW.supplier_id, NEW.currency, NEW.placed_at)
    OR (NEW.version <> OLD.version + 1 AND (OLD.version, OLD.terms, OLD.goods, OLD.freight, OLD.tax, OLD.total)
        IS DISTINCT FROM (NEW.version, NEW.terms, NEW.goods, NEW.freight, NEW.tax, NEW.total))
) EXECUTE FUNCTION deals_frozen();
DROP TRIGGER deals_orderline_frozen ON deals_orderline;
CREATE TRIGGER deals_orderline_frozen BEFORE UPDATE ON deals_orderline FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.order_id, OLD.n, OLD.name, OLD.spec, OLD.unit) IS DISTINCT FROM
    (NEW.conversation_id, NEW.order_id, NEW.n, NEW.name, NEW.spec, NEW.unit)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_orderline_version BEFORE UPDATE ON deals_orderline FOR EACH ROW WHEN (
    (OLD.version, OLD.quantity, OLD.unit_price, OLD.total) IS DISTINCT FROM (NEW.version, NEW.quantity, NEW.unit_price, NEW.total)
) EXECUTE FUNCTION deals_with_order();
DROP TRIGGER deals_stage_frozen ON deals_stage;
CREATE TRIGGER deals_stage_frozen BEFORE UPDATE ON deals_stage FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.order_id, OLD.n) IS DISTINCT FROM (NEW.conversation_id, NEW.order_id, NEW.n)
    OR (OLD.state <> 'due' AND OLD.amount <> NEW.amount)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_stage_version BEFORE UPDATE ON deals_stage FOR EACH ROW WHEN (
    (OLD.version, OLD.amount, OLD.percent, OLD.surplus) IS DISTINCT FROM (NEW.version, NEW.amount, NEW.percent, NEW.surplus)
) EXECUTE FUNCTION deals_with_order();
CREATE TRIGGER deals_change_frozen BEFORE UPDATE ON deals_change FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.order_id, OLD.n, OLD.side, OLD.by_person, OLD.terms, OLD.goods, OLD.freight, OLD.tax, OLD.total, OLD.ship_by, OLD.expires_at)
    IS DISTINCT FROM
    (NEW.conversation_id, NEW.order_id, NEW.n, NEW.side, NEW.by_person, NEW.terms, NEW.goods, NEW.freight, NEW.tax, NEW.total, NEW.ship_by, NEW.expires_at)
) EXECUTE FUNCTION deals_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_split_award")]
    operations = [
        migrations.AddField("order", "change_id", models.UUIDField(null=True)),
        migrations.AddField("order", "version", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("orderline", "version", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("stage", "surplus", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("stage", "version", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddConstraint("stage", models.CheckConstraint(condition=Q(surplus__gte=0, surplus__lte=F("amount")), name="stage_surplus_within")),
        migrations.RemoveConstraint("contract", "agreed_by_somebody"),
        migrations.AddConstraint(
            "contract", models.CheckConstraint(condition=~Q(state__in=("offered", "declined")) | Q(agreed_at=None), name="agreed_by_somebody")
        ),
        migrations.AddConstraint("contract", models.CheckConstraint(condition=~Q(state="agreed") | Q(agreed_at__isnull=False), name="agreed_at_some_time")),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.UUIDField(default=guanxi.base.ids.new_id, primary_key=True, serialize=False)),
                ("conversation_id", models.UUIDField()),
                ("n", models.PositiveIntegerField()),
                ("side", models.CharField(max_length=8)),
                ("by_person", models.UUIDField()),
                ("by_name", models.CharField(max_length=60)),
                ("state", models.CharField(default="open", max_length=10)),
                ("terms", models.JSONField()),
                ("goods", models.BigIntegerField()),
                ("freight", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("ship_by", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("expires_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="deals.order")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("conversation_id", "order", "n"), name="change_once"),
                    models.UniqueConstraint(condition=Q(state="open"), fields=("conversation_id", "order"), name="one_open_change"),
                    models.CheckConstraint(condition=Q(total=F("goods") + F("freight") + F("tax")), name="change_adds_up"),
                    models.CheckConstraint(condition=Q(goods__gt=0, freight__gte=0, tax__gte=0), name="change_positive"),
                    models.CheckConstraint(condition=Q(state__in=STATES), name="known_change_state"),
                ],
            },
        ),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
    ]
