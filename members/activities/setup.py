"""Makes activities 履职活动 known to the rest of the system: acts, messages, what waits, calendars, the member's page."""

import members.activities.workflow  # noqa: F401 (its tables register themselves)
from core import calendar_feed
from members.activities import acts as activity_acts
from members.activities import effects as activity_effects
from members.activities import feed as activity_feed
from members.activities import section as activity_section
from members.activities import todos as activity_todos
from members.people import sections


def register() -> None:
    """Everything once, when the app is ready."""
    activity_acts.register()
    activity_effects.register()
    activity_todos.register()
    calendar_feed.provide(activity_feed.events)
    sections.register(activity_section.activities_of)
