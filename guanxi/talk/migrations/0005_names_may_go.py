"""Erasure may put a pseudonym beside an entry, in a transaction that says so; what was recalled may be emptied, as before; the rest stays frozen."""

from django.db import migrations

HEAD = "CREATE OR REPLACE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
RECALL = """
    IF TG_OP = 'UPDATE' AND OLD.kind IN ('text', 'image', 'file', 'voice', 'forward') AND OLD.about IS NULL
        AND NEW.kind = 'recalled' AND NEW.body = '{}'::jsonb
        AND (NEW.conversation_id, NEW.seq, NEW.by_name, NEW.at) = (OLD.conversation_id, OLD.seq, OLD.by_name, OLD.at)
        AND NEW.by_person IS NOT DISTINCT FROM OLD.by_person AND NEW.by_company IS NOT DISTINCT FROM OLD.by_company AND NEW.about IS NULL THEN
        RETURN NEW;
    END IF;
"""
ERASE = """
    IF TG_OP = 'UPDATE' AND current_setting('guanxi.erasing', true) = 'on' AND
        (OLD.conversation_id, OLD.seq, OLD.kind, OLD.by_person, OLD.by_company, OLD.about, OLD.body, OLD.at) IS NOT DISTINCT FROM
        (NEW.conversation_id, NEW.seq, NEW.kind, NEW.by_person, NEW.by_company, NEW.about, NEW.body, NEW.at) THEN
        RETURN NEW;
    END IF;
"""
TAIL = "RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation'; END $$;"


class Migration(migrations.Migration):
    dependencies = [("talk", "0004_groups")]
    operations = [migrations.RunSQL(HEAD + RECALL + ERASE + TAIL, HEAD + RECALL + TAIL)]
