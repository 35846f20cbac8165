"""Transfers are frozen: the database itself refuses to change or delete one (quality.md M4)."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION pay_transfer_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transfers are never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER pay_transfer_frozen BEFORE UPDATE OR DELETE ON pay_transfer FOR EACH ROW EXECUTE FUNCTION pay_transfer_frozen();
"""
THAW = "DROP TRIGGER pay_transfer_frozen ON pay_transfer; DROP FUNCTION pay_transfer_frozen();"


class Migration(migrations.Migration):
    dependencies = [("pay", "0002_sandbox_ledger")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
