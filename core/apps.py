"""Registers the app `core` (基础) with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """App `core`: 基础."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Watch the cached tables, put a person's messages into the menu, plain words into forms."""
        from core import navigation, options, recomputing, wording, workdays  # noqa: F401 (signals, jobs)
        from core.papers import uploads  # noqa: F401 (its jobs)

        wording.apply()
        navigation.register(
            "我的工作",
            "消息",
            "frame:notices",
            order=90,
            icon="bell",
            phone_label="消息",
            phone_order=4,
        )
        for label, page, order in (("参数设置", "options", 10), ("工作日历", "calendar", 20)):
            navigation.register("系统", label, f"settings:{page}", order=order, show=_may_change_options)
        navigation.register("系统", "导入", "settings:imports", order=30, show=_may_import)


def _may_change_options(user) -> bool:
    return user.has_perm("core.change_option")


def _may_import(user) -> bool:
    from core.papers import registry

    return bool(registry.kinds_for(user))
