"""Terms are frozen: the database refuses to change what was offered, agreed or asked; states may move (quality.md D3)."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION deals_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER deals_quote_frozen BEFORE UPDATE ON deals_quote FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.deal_id, OLD.version, OLD.side, OLD.by_person, OLD.terms, OLD.currency, OLD.goods, OLD.freight, OLD.tax, OLD.total, OLD.valid_until, OLD.seq)
    IS DISTINCT FROM
    (NEW.conversation_id, NEW.deal_id, NEW.version, NEW.side, NEW.by_person, NEW.terms, NEW.currency, NEW.goods, NEW.freight, NEW.tax, NEW.total, NEW.valid_until, NEW.seq)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_order_frozen BEFORE UPDATE ON deals_order FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.deal_id, OLD.quote_id, OLD.number, OLD.buyer_id, OLD.supplier_id, OLD.terms, OLD.currency, OLD.goods, OLD.freight, OLD.tax, OLD.total, OLD.placed_at)
    IS DISTINCT FROM
    (NEW.conversation_id, NEW.deal_id, NEW.quote_id, NEW.number, NEW.buyer_id, NEW.supplier_id, NEW.terms, NEW.currency, NEW.goods, NEW.freight, NEW.tax, NEW.total, NEW.placed_at)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_orderline_frozen BEFORE UPDATE ON deals_orderline FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.order_id, OLD.n, OLD.name, OLD.spec, OLD.unit, OLD.quantity, OLD.unit_price, OLD.total)
    IS DISTINCT FROM
    (NEW.conversation_id, NEW.order_id, NEW.n, NEW.name, NEW.spec, NEW.unit, NEW.quantity, NEW.unit_price, NEW.total)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_stage_frozen BEFORE UPDATE ON deals_stage FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.order_id, OLD.n, OLD.percent, OLD.amount) IS DISTINCT FROM (NEW.conversation_id, NEW.order_id, NEW.n, NEW.percent, NEW.amount)
) EXECUTE FUNCTION deals_frozen();
CREATE TRIGGER deals_invite_frozen BEFORE UPDATE ON deals_invite FOR EACH ROW WHEN (
    (OLD.conversation_id, OLD.rfq_id, OLD.buyer_id, OLD.supplier_id, OLD.body, OLD.seq) IS DISTINCT FROM
    (NEW.conversation_id, NEW.rfq_id, NEW.buyer_id, NEW.supplier_id, NEW.body, NEW.seq)
) EXECUTE FUNCTION deals_frozen();
"""
THAW = """
DROP TRIGGER deals_quote_frozen ON deals_quote; DROP TRIGGER deals_order_frozen ON deals_order; DROP TRIGGER deals_orderline_frozen ON deals_orderline;
DROP TRIGGER deals_stage_frozen ON deals_stage; DROP TRIGGER deals_invite_frozen ON deals_invite; DROP FUNCTION deals_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_draft_as_typed")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
