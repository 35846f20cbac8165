from django.urls import path

from guanxi.web.contacts import pages

urlpatterns = [
    path("contacts", pages.contacts, name="contacts"),
    path("contacts/people/<uuid:other>", pages.person, name="contact-person"),
]
