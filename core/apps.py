"""Registers the app `core` (基础) with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """App `core`: 基础."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "core"
    label = "core"
    verbose_name = "基础"
