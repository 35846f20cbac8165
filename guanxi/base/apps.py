from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "guanxi.base"
    label = "base"
