"""Registers the app `members` (委员与组织) with Django."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """App `members`: 委员与组织."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "members"
    label = "members"
    verbose_name = "委员与组织"
