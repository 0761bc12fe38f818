"""Makes activities 履职活动 known to the rest of the system: acts, messages, what waits, calendars, the member's page."""

import members.activity_workflow  # noqa: F401 (its tables register themselves)
from core import calendar_feed
from members import activity_acts, activity_effects, activity_feed, activity_section, activity_todos, sections


def register() -> None:
    """Everything once, when the app is ready."""
    activity_acts.register()
    activity_effects.register()
    activity_todos.register()
    calendar_feed.provide(activity_feed.events)
    sections.register(activity_section.activities_of)
