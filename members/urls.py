"""Addresses of the app `members`, mounted at members/."""

from django.urls import URLPattern, URLResolver, path

from members.views import directory

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", directory.member_list, name="list"),
    path("<int:pk>/", directory.member_item, name="item"),
    path("studios/", directory.studio_list, name="studios"),
    path("studios/<int:pk>/", directory.studio_item, name="studio"),
    path("units/", directory.unit_list, name="units"),
    path("units/<int:pk>/", directory.unit_edit, name="unit"),
]
