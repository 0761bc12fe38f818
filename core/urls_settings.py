"""Addresses of the settings pages, mounted at settings/."""

import datetime as dt

from django.urls import path, register_converter

from core.views import calendar, imports, options

app_name = "settings"


class DateConverter:
    """A date in an address: 2026-05-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """The date; ``ValueError`` (so: no such page) where the calendar has none."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """The date as written in the address."""
        return value.isoformat()


register_converter(DateConverter, "date")

urlpatterns = [
    path("options/", options.option_list, name="options"),
    path("options/reset/", options.option_reset, name="option_reset"),
    path("calendar/", calendar.calendar_year, name="calendar"),
    path("calendar/new/", calendar.calendar_day, name="calendar_new"),
    path("calendar/import/", calendar.calendar_import, name="calendar_import"),
    path("calendar/recompute/", calendar.calendar_recompute, name="calendar_recompute"),
    path("calendar/<date:date>/", calendar.calendar_day, name="calendar_day"),
    path("calendar/<date:date>/delete/", calendar.calendar_delete, name="calendar_delete"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/history/", imports.import_history, name="import_history"),
    path("imports/<int:pk>/", imports.import_job, name="import_job"),
    path("imports/<int:pk>/write/", imports.import_write, name="import_write"),
    path("imports/<int:pk>/look/", imports.import_look, name="import_look"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/restart/", imports.import_restart, name="import_restart"),
    path("imports/<int:pk>/again/", imports.import_again, name="import_again"),
    path("imports/<int:pk>/problems.xlsx", imports.import_problems, name="import_problems"),
    path("imports/<int:pk>/marked.xlsx", imports.import_marked, name="import_marked"),
]
