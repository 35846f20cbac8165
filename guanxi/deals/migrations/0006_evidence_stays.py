"""Evidence, and what was proposed, are never changed or deleted; only a proposal's state moves (design.md section 4)."""

from django.db import migrations

FREEZE = """
CREATE TRIGGER deals_evidence_frozen BEFORE UPDATE OR DELETE ON deals_evidence FOR EACH ROW EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_proposal_frozen BEFORE UPDATE ON deals_proposal FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.dispute_id, OLD.n, OLD.side, OLD.by_person, OLD.plan, OLD.text, OLD.at) IS DISTINCT FROM
    (NEW.conversation_id, NEW.dispute_id, NEW.n, NEW.side, NEW.by_person, NEW.plan, NEW.text, NEW.at)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_dispute_frozen BEFORE UPDATE ON deals_dispute FOR EACH ROW WHEN (
    OLD.state = 'closed' OR
    (OLD.conversation_id, OLD.order_id, OLD.n, OLD.opened_by, OLD.reason, OLD.text, OLD.wrong, OLD.frozen, OLD.opened_at) IS DISTINCT FROM
    (NEW.conversation_id, NEW.order_id, NEW.n, NEW.opened_by, NEW.reason, NEW.text, NEW.wrong, NEW.frozen, NEW.opened_at)
) EXECUTE FUNCTION deals_frozen();
"""
THAW = """
DROP TRIGGER deals_evidence_frozen ON deals_evidence; DROP TRIGGER deals_proposal_frozen ON deals_proposal;
DROP TRIGGER deals_dispute_frozen ON deals_dispute;
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0005_disputes")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
