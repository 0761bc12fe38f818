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
        from members import audit_export, figures, finding, mailing, menu, unit_alias
        from members.activities import export as activity_export
        from members.activities import setup as activity_setup
        from members.duty import daily as duty_daily
        from members.matters import export as matter_export
        from members.matters import registers as matter_registers
        from members.papers import activities as paper_activities
        from members.papers import receptions as paper_receptions
        from members.papers import rolls as papers
        from members.people import area as people_area
        from members.reports import area as report_area
        from members.studios import area as studio_area

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
