from django.urls import path

from guanxi.web.inbox import pages

urlpatterns = [
    path("m", pages.messages, name="messages"),
    path("m/list", pages.pane, name="messages-list"),
    path("m/row/<uuid:conversation>", pages.row, name="messages-row"),
    path("m/search", pages.search, name="messages-search"),
    path("m/sync", pages.changed, name="messages-sync"),
]
