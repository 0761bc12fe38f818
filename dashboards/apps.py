"""Registers the app `dashboards` (待办与统计) with Django."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """App `dashboards`: 待办与统计."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "dashboards"
    label = "dashboards"
    verbose_name = "待办与统计"

    def ready(self):
        """Put the leadership page into the menu."""
        from core import navigation

        navigation.register(
            "统计", "领导看板", "dashboards:leadership", show=lambda user: user.has_perm("proposals.see_figures")
        )
