"""Addresses of the app `members`, mounted at members/."""

from django.urls import URLPattern, URLResolver

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = []
