from guanxi.base.table import Limit, Number, Outbox

__all__ = ["Limit", "Number", "Outbox"]
