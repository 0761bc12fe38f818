"""Registers the app `dashboards` (待办与统计) with Django."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """App `dashboards`: 待办与统计."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "dashboards"
    label = "dashboards"
    verbose_name = "待办与统计"
