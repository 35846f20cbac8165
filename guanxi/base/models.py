from guanxi.base.table import Limit, Milestone, Number, Outbox

__all__ = ["Limit", "Milestone", "Number", "Outbox"]
