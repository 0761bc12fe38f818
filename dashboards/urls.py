"""Addresses of the app `dashboards`, mounted at dashboards/."""

from django.urls import path

from dashboards.views import leadership

app_name = "dashboards"

urlpatterns = [
    path("", leadership.leadership, name="leadership"),
]
