from django.urls import path

from guanxi.web.bank import accounts, pages

HERE = "co/<slug:handle>/bank"
urlpatterns = [
    path("c/<uuid:conversation>/deals/<uuid:deal>/bank", pages.bank, name="bank"),
    path("me/bank", accounts.go, name="my-bank-accounts"),
    path(HERE, accounts.show, name="bank-accounts"),
    path(f"{HERE}/<uuid:account>/confirm", accounts.confirm, name="bank-account-confirm"),
    path(f"{HERE}/<uuid:account>/close", accounts.close, name="bank-account-close"),
]
