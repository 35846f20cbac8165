from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "guanxi.pay"
    label = "pay"
