"""The conditions of the report list 筛选, read from the address; a value that means nothing finds nothing."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core import search
from sentiment.forms import ReportFilter
from sentiment.models import Adoption
from sentiment.models.queries import mine_of
from sentiment.selectors import waiting_of


def narrow(rows: QuerySet, form: ReportFilter, user: Any) -> QuerySet:
    """The reports that the conditions leave of ``rows``."""
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["q"]:
        rows = search.match(rows, asked["q"], code_field="code")
    if asked["state"]:
        rows = rows.filter(status__in=form.GROUPS.get(asked["state"], (asked["state"],)))
    for name in ("source", "category", "year"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    if asked["level"]:
        adopted = Adoption.objects.filter(report=OuterRef("pk"), removed_at__isnull=True)
        if asked["level"] != "any":
            adopted = adopted.filter(level=asked["level"])
        rows = rows.filter(Exists(adopted))
    if asked["due"] == "overdue":
        rows = rows.filter(next_due__lt=timezone.localdate())
    elif asked["due"]:
        rows = rows.filter(next_due__isnull=False)
    if asked["mine"]:
        rows = rows.filter(mine_of(user))
    if asked["turn"]:
        rows = rows.filter(waiting_of(user))
    return rows
