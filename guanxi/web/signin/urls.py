from django.urls import path

from guanxi.web.signin import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("signin", pages.signin, name="signin"),
    path("signin/code", pages.code, name="signin-code"),
    path("signin/other", pages.other, name="signin-other"),
    path("signin/enter", pages.enter, name="signin-enter"),
    path("signin/password", pages.password, name="signin-password"),
    path("signin/demo", pages.as_demo, name="signin-demo"),
    path("signout", pages.signout, name="signout"),
    path("language", pages.language, name="language"),
    path("terms", pages.terms, name="terms"),
    path("privacy", pages.privacy, name="privacy"),
]
