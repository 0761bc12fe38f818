"""The address of a person's first page after signing in (待办), mounted at home/."""

from django.urls import path

from dashboards.views.home import home

app_name = "home"

urlpatterns = [path("", home, name="index")]
