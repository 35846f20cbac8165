from django.urls import path

from guanxi.web.company import own, pages, people

urlpatterns = [
    path("co/<slug:handle>", pages.company, name="company"),
    path("co/<slug:handle>/message", pages.message, name="company-message"),
    path("co/<slug:handle>/talk", pages.talk, name="company-talk"),
    path("co/<slug:handle>/poster", pages.poster, name="company-poster"),
    path("co/<slug:handle>/qr.svg", pages.qr, name="company-qr"),
    path("co/<slug:handle>/edit", own.edit, name="company-edit"),
    path("co/<slug:handle>/logo", own.logo, name="company-logo"),
    path("co/<slug:handle>/people", people.people, name="company-people"),
    path("co/<slug:handle>/people/<uuid:membership>", people.member, name="company-member"),
    path("co/<slug:handle>/people/<uuid:membership>/role", people.role, name="company-role"),
    path("co/<slug:handle>/people/<uuid:membership>/remove", people.remove, name="company-remove"),
    path("co/<slug:handle>/people/<uuid:membership>/owner", people.owner, name="company-owner"),
    path("co/<slug:handle>/leave", people.leave, name="company-leave"),
    path("co/<slug:handle>/invite", people.invite, name="company-invite"),
    path("co/<slug:handle>/invitations/<uuid:invitation>/withdraw", people.withdraw, name="company-withdraw"),
]
