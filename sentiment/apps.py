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
        from sentiment import duty, effects, handovers, menu, options, reminding, rules, workflow  # noqa: F401

        duty.register()
        reminding.register()
        handovers.register()
        menu.register()
