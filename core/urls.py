"""Addresses of the app `core`, mounted at files/."""

from django.urls import URLPattern, URLResolver

app_name = "core"

urlpatterns: list[URLPattern | URLResolver] = []
