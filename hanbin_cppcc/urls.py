"""Every address of the site; each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from core import health
from core.views import calendar_feed

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("members.urls_accounts")),
    path("members/", include("members.urls")),
    path("proposals/", include("proposals.urls")),
    path("consultations/", include("consultations.urls")),
    path("sentiment/", include("sentiment.urls")),
    path("oversight/", include("oversight.urls")),
    path("dashboards/", include("dashboards.urls")),
    path("home/", include("dashboards.urls_home")),
    path("files/", include("core.urls")),
    path("settings/audit/", include("members.urls_settings")),
    path("settings/", include("core.urls_settings")),
    path("calendar/<str:token>.ics", calendar_feed.feed, name="calendar_feed"),
    path("", include("core.frame_urls")),
    path("", include("portal.urls")),
]

handler400 = "core.errors_views.bad_request"
handler403 = "core.errors_views.permission_denied"
handler404 = "core.errors_views.not_found"
handler500 = "core.errors_views.server_error"
