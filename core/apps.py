"""Registers the app `core` (基础) with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """App `core`: 基础."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Watch the cached tables for changes, and put a person's messages into the menu."""
        from core import navigation, options, workdays  # noqa: F401 (they connect their signals)

        navigation.register(
            "我的工作", "消息", "frame:notices", order=90, icon="bell", phone_label="消息", phone_order=4
        )
