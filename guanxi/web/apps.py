from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guanxi.web"
    label = "web"

    def ready(self) -> None:
        from guanxi.web import compiled

        compiled.refresh()
