"""Registers the app `dashboards` (待办与统计) with Django."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """App `dashboards`: 待办与统计."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "dashboards"
    label = "dashboards"
    verbose_name = "待办与统计"

    def ready(self):
        """Put the leadership page into the menu: for leaders at the top, for the offices under the figures."""
        from core import navigation
        from members.models import Role

        def leads(user) -> bool:
            return user.has_role(Role.LEADER, Role.DISTRICT_LEADER)

        page = ("领导看板", "dashboards:leadership")
        navigation.register("我的工作", *page, show=leads, order=2, icon="chart", phone_label="看板", phone_order=2)
        navigation.register("统计", *page, show=lambda user: user.has_perm("proposals.see_figures") and not leads(user))
