"""Signing in and out. Of allauth only these two pages are mounted: no sign-up, no password reset by mail, no e-mail
addresses, no recovery codes; its re-authentication is not needed, because the acts that want the password ask for it
themselves."""

from allauth.account.views import login, logout
from django.urls import path

from organizations.web.own import change_password

urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("password/", change_password, name="account_change_password"),
]
