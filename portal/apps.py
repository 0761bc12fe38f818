"""Registers the app `portal` (门户) with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """App `portal`: 门户."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "portal"
    label = "portal"
    verbose_name = "门户"
