from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guanxi.notify"
    label = "notify"
