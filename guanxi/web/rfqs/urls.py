from django.urls import path

from guanxi.web.rfqs import listing, pages, posts

urlpatterns = [
    path("rfqs", pages.listed, name="rfqs"),
    path("rfqs/new", pages.new, name="rfq-new"),
    path("rfqs/draft", posts.save, name="rfq-draft"),
    path("rfqs/send", posts.send, name="rfq-send"),
    path("rfqs/lines", listing.lines, name="rfq-lines"),
    path("rfqs/import", listing.take, name="rfq-import"),
    path("rfqs/files", posts.upload, name="rfq-upload"),
    path("rfqs/companies", pages.candidates, name="rfq-companies"),
    path("rfqs/<uuid:rfq>", pages.show, name="rfq"),
    path("rfqs/<uuid:rfq>/edit", pages.edit, name="rfq-edit"),
    path("rfqs/<uuid:rfq>/qr.svg", pages.code, name="rfq-code"),
    path("rfqs/<uuid:rfq>/invite", posts.invite, name="rfq-invite"),
    path("rfqs/<uuid:rfq>/close", posts.close, name="rfq-close"),
    path("rfqs/<uuid:rfq>/extend", posts.extend, name="rfq-extend"),
    path("rfqs/<uuid:rfq>/reopen", posts.reopen, name="rfq-reopen"),
    path("rfqs/<uuid:rfq>/publish", posts.publish, name="rfq-publish"),
    path("rfqs/<uuid:rfq>/copy", posts.copy, name="rfq-copy"),
    path("rfqs/<uuid:rfq>/cancel", posts.cancel, name="rfq-cancel"),
]
