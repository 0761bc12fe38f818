"""Addresses of signing in and of one's own account, mounted at accounts/."""

from django.urls import URLPattern, URLResolver, path

from core.views import calendar_feed
from members.views import accounts, mail, security

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", accounts.login, name="login"),
    path("login/code/", accounts.otp, name="otp"),
    path("logout/", accounts.logout, name="logout"),
    path("forgotten/", accounts.forgotten, name="forgotten"),
    path("open/<str:secret>/", accounts.activate, name="activate"),
    path("kept/", accounts.kept, name="kept"),
    path("security/", security.security, name="security"),
    path("security/password/", security.password_change, name="password_change"),
    path("security/authenticator/", security.totp_enrol, name="totp_enrol"),
    path("security/authenticator/remove/", security.totp_remove, name="totp_remove"),
    path("security/codes/", security.backup_codes, name="backup_codes"),
    path("mail/", mail.settings_page, name="mail"),
    path("mail/confirm/<str:token>/", mail.confirm, name="mail_confirm"),
    path("mail/stop/<str:token>/", mail.stop, name="mail_stop"),
    path("calendar/", calendar_feed.settings, name="calendar"),
]
