from guanxi.notify.choice.table import Choice
from guanxi.notify.table import Told
from guanxi.notify.webhook.table import Delivery, Webhook

__all__ = ["Choice", "Delivery", "Told", "Webhook"]
