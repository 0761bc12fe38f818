"""Addresses of the app `proposals`, mounted at proposals/."""

from django.urls import URLPattern, URLResolver

app_name = "proposals"

urlpatterns: list[URLPattern | URLResolver] = []
