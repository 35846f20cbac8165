from django.urls import path

from guanxi.web.pay import pages, sandbox

urlpatterns = [
    path("c/<uuid:conversation>/deals/<uuid:deal>/pay", pages.pay, name="pay"),
    path("c/<uuid:conversation>/payments/<uuid:payment>", pages.checking, name="payment"),
    path("sandbox/<slug:number>", sandbox.show, name="sandbox"),
    path("sandbox/<slug:number>/pay", sandbox.pay, name="sandbox-pay"),
]
