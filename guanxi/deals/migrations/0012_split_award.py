import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import guanxi.base.ids

STATES = ("draft", "open", "closed", "part", "awarded", "cancelled", "expired")


class Migration(migrations.Migration):
    dependencies = [("deals", "0011_enquiries_go_on")]
    operations = [
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.UUIDField(default=guanxi.base.ids.new_id, primary_key=True, serialize=False)),
                ("n", models.PositiveIntegerField()),
                ("order_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("freed_at", models.DateTimeField(null=True)),
                ("rfq", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="awards", to="deals.rfq")),
            ],
            options={
                "indexes": [models.Index(fields=["order_id"], name="award_order")],
                "constraints": [models.UniqueConstraint(condition=Q(freed_at=None), fields=("rfq", "n"), name="line_awarded_once")],
            },
        ),
        migrations.RemoveConstraint(model_name="rfq", name="known_rfq_state"),
        migrations.AddConstraint(model_name="rfq", constraint=models.CheckConstraint(condition=Q(state__in=STATES), name="known_rfq_state")),
    ]
