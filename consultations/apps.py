"""Registers the app `consultations` (协商议政) with Django."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """App `consultations`: 协商议政."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "consultations"
    label = "consultations"
    verbose_name = "协商议政"

    def ready(self) -> None:
        """Register tables, rights, values, effects, terms, papers, figures, duty acts and the menu."""
        from consultations import (  # noqa: F401
            deliberation_setup,
            duty,
            effects,
            evaluation_setup,
            exports,
            figures,
            finding,
            handovers,
            menu,
            options,
            outcome_demo,
            papers,
            plan_options,
            plan_setup,
            reminding,
            rules,
            session_access,
            session_calendar,
            session_todos,
            workflow,
        )
        from members import demo_parts

        duty.register()
        reminding.register()
        papers.register()
        exports.register()
        figures.register()
        menu.register()
        finding.register()
        plan_setup.register()
        handovers.register()
        session_access.register()
        session_calendar.register()
        session_todos.register()
        evaluation_setup.register()
        deliberation_setup.register()
        demo_parts.add("outcomes", outcome_demo.seed)
