"""Addresses of matters 民情事项."""

from django.urls import URLPattern, path

from members.views import matter_recording, matters

urlpatterns: list[URLPattern] = [
    path("matters/", matters.matter_list, name="matters"),
    path("matters/new/", matter_recording.matter_new, name="matter_new"),
    path("matters/sync/", matter_recording.matter_sync, name="matter_sync"),
    path("matters/token/", matter_recording.matter_token, name="matter_token"),
    path("matters/worker.js", matter_recording.matter_worker, name="matter_worker"),
    path("matters/<int:pk>/", matters.matter_item, name="matter"),
    path("matters/<int:pk>/phone/", matters.matter_phone, name="matter_phone"),
    path("matters/<int:pk>/correct/", matters.matter_correct, name="matter_correct"),
    path("matters/<int:pk>/receipt/", matter_recording.matter_receipt, name="matter_receipt"),
    path("matters/<int:pk>/<slug:verb>/", matters.matter_act, name="matter_act"),
]
