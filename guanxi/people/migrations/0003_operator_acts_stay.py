"""What operators did is frozen: the database itself refuses to change or delete a row (quality.md A56)."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION people_operatoract_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what operators did is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER people_operatoract_frozen BEFORE UPDATE OR DELETE ON people_operatoract
    FOR EACH ROW EXECUTE FUNCTION people_operatoract_frozen();
"""
THAW = "DROP TRIGGER people_operatoract_frozen ON people_operatoract; DROP FUNCTION people_operatoract_frozen();"


class Migration(migrations.Migration):
    dependencies = [("people", "0002_second_factor_and_operators")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
