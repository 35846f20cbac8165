from django.apps import AppConfig


class TalkConfig(AppConfig):
    name = "guanxi.talk"
    label = "talk"
