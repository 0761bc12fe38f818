"""Registers the app `proposals` (提案) with Django."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """App `proposals`: 提案."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "proposals"
    label = "proposals"
    verbose_name = "提案"
