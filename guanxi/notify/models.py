from guanxi.notify.table import Told

__all__ = ["Told"]
