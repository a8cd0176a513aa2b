"""Addresses shared by all faces: language, sign-in, account; and the error pages."""

from django.urls import path
from django.views.i18n import set_language

from dashebao.platform.screens import account

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("sign-in/", account.sign_in, name="sign_in"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
]
