from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "guanxi.catalog"
    label = "catalog"
