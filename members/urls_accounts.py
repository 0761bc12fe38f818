"""Addresses of signing in and of one's own account, mounted at accounts/."""

from django.urls import URLPattern, URLResolver

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = []
