"""Erasure may also put a pseudonym where a notice or a receipt of money names somebody; its other words stay frozen."""

from importlib import import_module

from django.db import migrations

before = import_module("guanxi.talk.migrations.0005_names_may_go")
NAMES = """
    IF TG_OP = 'UPDATE' AND current_setting('guanxi.erasing', true) = 'on' AND
        (OLD.kind = 'notice' AND OLD.body - 'name' - 'person' = NEW.body - 'name' - 'person' AND OLD.body ->> 'code' IS NOT NULL
         OR OLD.kind = 'bank.received' AND OLD.body - 'by' = NEW.body - 'by') AND
        (OLD.conversation_id, OLD.seq, OLD.kind, OLD.by_person, OLD.by_company, OLD.by_name, OLD.about, OLD.at) IS NOT DISTINCT FROM
        (NEW.conversation_id, NEW.seq, NEW.kind, NEW.by_person, NEW.by_company, NEW.by_name, NEW.about, NEW.at) THEN
        RETURN NEW;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("talk", "0007_upload_once")]
    operations = [migrations.RunSQL(before.HEAD + before.RECALL + before.ERASE + NAMES + before.TAIL, before.HEAD + before.RECALL + before.ERASE + before.TAIL)]
