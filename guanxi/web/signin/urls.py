from django.urls import path

from guanxi.web.signin import pages, second

urlpatterns = [
    path("", pages.home, name="home"),
    path("signin", pages.signin, name="signin"),
    path("signin/code", pages.code, name="signin-code"),
    path("signin/other", pages.other, name="signin-other"),
    path("signin/enter", pages.enter, name="signin-enter"),
    path("signin/password", pages.password, name="signin-password"),
    path("signin/demo", pages.as_demo, name="signin-demo"),
    path("signin/second", second.second, name="signin-second"),
    path("signin/second/code", second.second_code, name="signin-second-code"),
    path("signin/second/options", second.second_options, name="signin-second-options"),
    path("signin/second/passkey", second.second_passkey, name="signin-second-passkey"),
    path("signin/passkey/options", second.passkey_options, name="signin-passkey-options"),
    path("signin/passkey", second.passkey, name="signin-passkey"),
    path("me/confirm", second.confirm, name="me-confirm"),
    path("me/confirm/code", second.confirm_code, name="me-confirm-code"),
    path("me/confirm/options", second.confirm_options, name="me-confirm-options"),
    path("me/confirm/passkey", second.confirm_passkey, name="me-confirm-passkey"),
    path("signout", pages.signout, name="signout"),
    path("language", pages.language, name="language"),
    path("terms", pages.terms, name="terms"),
    path("privacy", pages.privacy, name="privacy"),
]
