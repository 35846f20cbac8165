from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "guanxi.deals"
    label = "deals"
