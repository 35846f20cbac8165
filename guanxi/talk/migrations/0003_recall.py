"""What was said may be emptied once: the row stays with its seq, writer and time (quality.md T10). Everything else stays frozen."""

from django.db import migrations, models

FREEZE = """
CREATE OR REPLACE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.kind IN ('text', 'image', 'file', 'voice', 'forward') AND OLD.about IS NULL
        AND NEW.kind = 'recalled' AND NEW.body = '{}'::jsonb
        AND (NEW.conversation_id, NEW.seq, NEW.by_name, NEW.at) = (OLD.conversation_id, OLD.seq, OLD.by_name, OLD.at)
        AND NEW.by_person IS NOT DISTINCT FROM OLD.by_person AND NEW.by_company IS NOT DISTINCT FROM OLD.by_company AND NEW.about IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""
THAW = """
CREATE OR REPLACE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("talk", "0002_append_only")]
    operations = [
        migrations.RunSQL(FREEZE, THAW),
        migrations.AddField("attachment", "seq", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "position", models.Index(fields=["person_id"], name="position_pinned", condition=models.Q(pinned=True)),
        ),
    ]  # fmt: skip
