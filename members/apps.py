"""Registers the app `members` (委员与组织) with Django."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """App `members`: 委员与组织."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "members"
    label = "members"
    verbose_name = "委员与组织"

    def ready(self) -> None:
        """Listen to sign-ins, put the app's pages into the menu, make its papers known to the import."""
        import members.rules
        import members.signals  # noqa: F401 (listens from now on)
        from members import (
            activity_export,
            activity_setup,
            audit_export,
            duty_daily,
            figures,
            finding,
            mailing,
            matter_export,
            matter_registers,
            menu,
            paper_activities,
            paper_receptions,
            papers,
            people_area,
            report_area,
            studio_area,
            unit_alias,
        )

        menu.register()
        finding.register()
        papers.register()
        paper_receptions.register()
        paper_activities.register()
        figures.register()
        mailing.titles_may_leave("/members/activities/")
        duty_daily.register()
        matter_registers.register()
        activity_setup.register()
        studio_area.register()
        people_area.register()
        report_area.register()
        unit_alias.register()
        activity_export.register()
        audit_export.register()
        matter_export.register()
