"""Registers the app `sentiment` (社情民意) with Django."""

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    """App `sentiment`: 社情民意."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "sentiment"
    label = "sentiment"
    verbose_name = "社情民意"

    def ready(self) -> None:
        """Register tables, rights, values, effects, terms, duty acts, handovers, the menu, the demo reports."""
        from members.demo import parts as demo_parts
        from sentiment import (  # noqa: F401
            demo,
            duty,
            effects,
            exports,
            figures,
            file_access,
            finding,
            handovers,
            matters,
            menu,
            options,
            papers,
            reminding,
            rules,
            workflow,
        )

        duty.register()
        reminding.register()
        handovers.register()
        matters.register()
        menu.register()
        finding.register()
        papers.register()
        exports.register()
        file_access.register()
        figures.register()
        demo_parts.add(self.label, demo.seed)
