from guanxi.notify.choice.table import Choice
from guanxi.notify.push.table import Push, Subscription
from guanxi.notify.table import Told
from guanxi.notify.webhook.table import Delivery, Webhook

__all__ = ["Choice", "Delivery", "Push", "Subscription", "Told", "Webhook"]
