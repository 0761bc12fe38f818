"""Registers the app `sentiment` (社情民意) with Django."""

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    """App `sentiment`: 社情民意."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "sentiment"
    label = "sentiment"
    verbose_name = "社情民意"

    def ready(self) -> None:
        """Register tables, rights, values, effects, terms, duty acts, handovers and the menu."""
        from sentiment import (  # noqa: F401
            duty,
            effects,
            figures,
            handovers,
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
        menu.register()
        papers.register()
        figures.register()
