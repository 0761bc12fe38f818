"""Addresses of the app `core`, mounted at files/."""

from django.urls import path

from core.views import files

app_name = "core"

urlpatterns = [path("<uuid:uuid>/", files.file, name="file")]
