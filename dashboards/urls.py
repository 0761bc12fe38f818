"""Addresses of the app `dashboards`, mounted at dashboards/."""

from django.urls import URLPattern, URLResolver

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = []
