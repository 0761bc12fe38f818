"""Addresses that belong to the frame of every page, mounted at the root."""

from django.urls import path

from core import frame_views
from core.views import exporting
from core.views.finding import find

app_name = "frame"

urlpatterns = [
    path("elder/", frame_views.elder, name="elder"),
    path("ping/", frame_views.ping, name="ping"),
    path("find/", find, name="find"),
    path("exports/", exporting.export_list, name="exports"),
    path("exports/<int:pk>/", exporting.export_job, name="export"),
    path("exports/<int:pk>/file.xlsx", exporting.export_file, name="export_file"),
    path("exports/<int:pk>/restart/", exporting.export_restart, name="export_restart"),
    path("messages/", frame_views.notices, name="notices"),
    path("messages/read/", frame_views.notices_read, name="notices_read"),
    path("messages/<int:pk>/", frame_views.notice_open, name="notice"),
]
