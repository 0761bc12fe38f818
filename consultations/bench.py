"""Measurements 测速 of sessions 协商: list, filtered list, search and item against a bare view in the same run."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from consultations.models import Consultation
from core.measuring import Measure, Page, against_floor, bare

SHOWN = ("id", "on", "title", "place", "form", "organizer__name", "suggestions_count", "status")
"""What a row of the list shows."""


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: the latest ``rows`` sessions, or the session ``item`` with all its columns; ``bytes`` of body."""
    return bare(request, "consultations/bench_floor.html", Consultation.objects.order_by("-on", "-id"), SHOWN)


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


def pages(user) -> Iterator[Measure]:
    """List, filtered list, search and item as seen by ``user``."""
    newest = Consultation.objects.visible_to(user).filter(status="closed").order_by("-id").values_list("pk", flat=True)
    listed = [
        Page("sessions_list", "/consultations/"),
        Page("sessions_filtered", "/consultations/?form=sector"),
        Page("sessions_search", "/consultations/?q=富硒茶叶"),
        Page("session_item", f"/consultations/{newest[0]}/", item=newest[0]),
    ]
    return against_floor(user, "consultations.bench", Consultation.objects.count(), listed)
