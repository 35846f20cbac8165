"""Entries are frozen: the database itself refuses to change or delete one (quality.md M4 for the log)."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION talk_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER talk_entry_frozen BEFORE UPDATE OR DELETE ON talk_entry FOR EACH ROW EXECUTE FUNCTION talk_entry_frozen();
"""
THAW = "DROP TRIGGER talk_entry_frozen ON talk_entry; DROP FUNCTION talk_entry_frozen();"


class Migration(migrations.Migration):
    dependencies = [("talk", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
