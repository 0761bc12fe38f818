"""Addresses of assignment 交办, taken into proposals.urls."""

from django.urls import path

from proposals.views import assignment

urlpatterns = [
    path("handover/", assignment.handover, name="handover"),
    path("<int:pk>/assign/", assignment.assign, name="assign"),
]
