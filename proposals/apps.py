"""Registers the app `proposals` (提案) with Django."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """App `proposals`: 提案."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "proposals"
    label = "proposals"
    verbose_name = "提案"

    def ready(self) -> None:
        """Register tables, rights, effects, terms, papers and the list on a member's page."""
        from members import mailing
        from members.people import sections
        from proposals import (  # noqa: F401
            choices,
            duty,
            effects,
            exports,
            figures,
            file_access,
            finding,
            matters,
            menu,
            menu_unit,
            onward,
            options,
            reminding,
            rules,
            todos,
            workflow,
        )
        from proposals.member_section import proposals_of
        from proposals.papers import register as papers

        sections.register(proposals_of)
        mailing.titles_may_leave("/proposals/")

        papers.register()
        exports.register()
        figures.register()
        menu.register()
        finding.register()
        menu_unit.register()
        file_access.register()
        reminding.register()
        todos.register()
        duty.register()
        matters.register()
        onward.register()
