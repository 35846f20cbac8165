from django.urls import path

from guanxi.web.me import devices, pages, security, webhooks

urlpatterns = [
    path("me", pages.me, name="me"),
    path("me/name", pages.name, name="me-name"),
    path("me/theme", pages.theme, name="me-theme"),
    path("me/company", pages.switch, name="me-company"),
    path("me/companies", pages.companies, name="me-companies"),
    path("me/door", pages.my_door, name="me-door"),
    path("me/people", pages.my_people, name="me-people"),
    path("me/devices", devices.devices, name="me-devices"),
    path("me/devices/others", devices.end_others, name="me-devices-others"),
    path("me/devices/<uuid:device>/end", devices.end, name="me-device-end"),
    path("me/password", security.password, name="me-password"),
    path("me/tokens", security.tokens_page, name="me-tokens"),
    path("me/tokens/<uuid:token>/end", security.end_token, name="me-token-end"),
    path("me/webhooks", webhooks.webhooks, name="me-webhooks"),
    path("me/webhooks/<uuid:webhook>", webhooks.webhook, name="me-webhook"),
    path("me/webhooks/<uuid:webhook>/rotate", webhooks.rotate, name="me-webhook-rotate"),
    path("me/webhooks/<uuid:webhook>/test", webhooks.send_test, name="me-webhook-test"),
    path("me/webhooks/<uuid:webhook>/on", webhooks.switch_on, name="me-webhook-on"),
    path("me/webhooks/<uuid:webhook>/remove", webhooks.remove, name="me-webhook-remove"),
    path("me/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/redeliver", webhooks.redeliver, name="me-webhook-redeliver"),
    path("me/close", security.close, name="me-close"),
]
