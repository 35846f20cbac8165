from guanxi.notify.table import Told
from guanxi.notify.webhook.table import Delivery, Webhook

__all__ = ["Delivery", "Told", "Webhook"]
