"""Registers the app `consultations` (协商议政) with Django."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """App `consultations`: 协商议政."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "consultations"
    label = "consultations"
    verbose_name = "协商议政"
