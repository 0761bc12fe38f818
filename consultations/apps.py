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
            duty,
            effects,
            exports,
            figures,
            finding,
            handovers,
            menu,
            options,
            papers,
            reminding,
            rules,
            workflow,
        )
        from consultations.deliberation import setup as deliberation_setup
        from consultations.evaluation import setup as evaluation_setup
        from consultations.outcomes import demo as outcome_demo
        from consultations.plans import options as plan_options  # noqa: F401
        from consultations.plans import setup as plan_setup
        from consultations.sessions import access as session_access
        from consultations.sessions import calendar as session_calendar
        from consultations.sessions import todos as session_todos
        from members.demo import parts as demo_parts

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
