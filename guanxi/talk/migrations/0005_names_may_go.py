"""Erasure may put a pseudonym beside an entry, in a transaction that says so; everything else of it stays frozen (docs/operate/privacy.md).

What was said may still be emptied by a recall (0003).
"""

from django.db import migrations

ALLOW = """
CREATE OR REPLACE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('guanxi.erasing', true) = 'on' AND
        (OLD.conversation_id, OLD.seq, OLD.kind, OLD.by_person, OLD.by_company, OLD.about, OLD.body, OLD.at) IS NOT DISTINCT FROM
        (NEW.conversation_id, NEW.seq, NEW.kind, NEW.by_person, NEW.by_company, NEW.about, NEW.body, NEW.at)
    THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND OLD.kind IN ('text', 'image', 'file', 'voice', 'forward') AND OLD.about IS NULL
        AND NEW.kind = 'recalled' AND NEW.body = '{}'::jsonb
        AND (OLD.conversation_id, OLD.seq, OLD.by_person, OLD.by_company, OLD.by_name, OLD.about, OLD.at) IS NOT DISTINCT FROM
        (NEW.conversation_id, NEW.seq, NEW.by_person, NEW.by_company, NEW.by_name, NEW.about, NEW.at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.kind IN ('text', 'image', 'file', 'voice', 'forward') AND OLD.about IS NULL
        AND NEW.kind = 'recalled' AND NEW.body = '{}'::jsonb
        AND (OLD.conversation_id, OLD.seq, OLD.by_person, OLD.by_company, OLD.by_name, OLD.about, OLD.at) IS NOT DISTINCT FROM
        (NEW.conversation_id, NEW.seq, NEW.by_person, NEW.by_company, NEW.by_name, NEW.about, NEW.at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("talk", "0004_groups")]
    operations = [migrations.RunSQL(ALLOW, REFUSE)]
