"""Enquiries can be given more time and opened again; suppliers are reminded; an offer is kept as it is typed."""

from django.db import migrations, models

import guanxi.base.ids


class Migration(migrations.Migration):
    dependencies = [("deals", "0010_bank_transfer")]

    operations = [
        migrations.AddField(model_name="invite", name="deadline_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="invite", name="reminded_for", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="rfq", index=models.Index(condition=models.Q(("state", "open")), fields=["deadline_at"], name="rfq_due")
        ),
        migrations.CreateModel(
            name="QuoteDraft",
            fields=[
                ("id", models.UUIDField(default=guanxi.base.ids.new_id, primary_key=True, serialize=False)),
                ("conversation_id", models.UUIDField()),
                ("deal_id", models.UUIDField()),
                ("company_id", models.UUIDField()),
                ("basis", models.PositiveIntegerField(default=0)),
                ("typed", models.JSONField(default=dict)),
                ("by_person", models.UUIDField()),
                ("by_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("conversation_id", "deal_id", "company_id"), name="one_draft_a_company")]},
        ),
    ]
