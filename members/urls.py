"""Addresses of the app `members`, mounted at members/."""

from django.urls import URLPattern, URLResolver, path

from members.activities import urls as urls_activities
from members.duty import urls as urls_duty
from members.matters import urls as urls_matters
from members.people import urls as urls_people
from members.studios import urls as urls_studios
from members.views import directory, unit_alias

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = [
    path("units/", directory.unit_list, name="units"),
    path("units/alias/", unit_alias.unit_alias, name="unit_alias"),
    path("units/<int:pk>/", directory.unit_edit, name="unit"),
    *urls_matters.urlpatterns,
    *urls_people.urlpatterns,
    *urls_activities.urlpatterns,
    *urls_duty.urlpatterns,
    *urls_studios.urlpatterns,
]
