"""Registers the app `portal` (门户) with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """App `portal`: 门户."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Put the columns into the portal's header and its services into the foot."""
        from core import navigation, tracking

        navigation.register_column("首页", "portal:home", order=10)
        navigation.register_column("提案公开", "portal:open_list", order=50)
        navigation.register_column("社情民意", "portal:opinions", order=55)
        navigation.register_column("网络议政", "portal:deliberations", order=58)
        navigation.register_column("委员工作室", "portal:studios", order=60)
        navigation.register_column("网站地图", "portal:site_map", order=90)
        navigation.register_service("查提案答复", "portal:open_list", order=10)
        navigation.register_service("找委员工作室、约接待日", "portal:studios", order=20)
        navigation.register_service("查看、改约、取消预约", "portal:booking_find", order=25)
        navigation.register_service("参加网络议政", "portal:deliberations", order=28)
        navigation.register_service("反映情况", "portal:voice", order=30)
        navigation.register_service("提协商议题", "portal:topics", order=32)
        navigation.register_service("查办理进度", "portal:track", order=40)
        tracking.shown_at("portal:track")
