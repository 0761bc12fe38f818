"""Measurements 测速 of opinion reports: list, filtered list, search and item against a bare view in the same run."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from core.measuring import Measure, Page, against_floor, bare
from sentiment.models import OpinionReport

SHOWN = (
    "id", "code", "title", "category", "reporter_name", "source", "status", "next_due", "next_due_label", "issued_on",
    "submitted_on",
)  # fmt: skip
"""What a row of the list shows."""


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: the newest ``rows`` reports, or the report ``item`` with all its columns; ``bytes`` of body."""
    return bare(request, "sentiment/bench_floor.html", OpinionReport.objects.order_by("-id"), SHOWN)


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


def pages(user) -> Iterator[Measure]:
    """List, filtered list, search and item as seen by ``user``."""
    newest = OpinionReport.objects.visible_to(user).order_by("-id").values_list("pk", flat=True)[0]
    listed = [
        Page("reports_list", "/sentiment/"),
        Page("reports_filtered", "/sentiment/?state=forwarded"),
        Page("reports_search", "/sentiment/?q=富硒茶叶"),
        Page("report_item", f"/sentiment/{newest}/", item=newest),
        Page("report_form", "/sentiment/new/"),
    ]
    return against_floor(user, "sentiment.bench", OpinionReport.objects.count(), listed)
