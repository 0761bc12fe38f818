"""Activities that are shown elsewhere 所属页面: an app above, such as consultations, gives its own page for them.

Messages, calendars and what waits then lead to that page. The app registers one function that knows
its activities; an activity that no app claims has its own page.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from members.models.activities import Activity


@dataclass(frozen=True)
class Elsewhere:
    """The activities of one app: the ids of all of them as a query, and the addresses of some, in one query."""

    ids: Callable[[], QuerySet]
    pages: Callable[[Collection[int]], dict[int, str]]


_providers: list[Elsewhere] = []


def lead_with(provider: Elsewhere) -> None:
    """Register an app's activities; registering again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def unclaimed(activities: QuerySet) -> QuerySet:
    """Those of ``activities`` that no app shows elsewhere; costs no query of its own."""
    for provider in _providers:
        activities = activities.exclude(pk__in=provider.ids())
    return activities


def claimed(activity_ids: Collection[int]) -> dict[int, str]:
    """The addresses of those that another app shows; one query an app, none for no ids."""
    found: dict[int, str] = {}
    if activity_ids:
        for provider in _providers:
            found |= provider.pages(activity_ids)
    return found


def page_of(activity: Activity) -> str:
    """Where an activity is shown: the page of what it belongs to, else its own."""
    return claimed([activity.pk]).get(activity.pk) or activity.get_absolute_url()
