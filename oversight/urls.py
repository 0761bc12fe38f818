"""Addresses of the app `oversight`, mounted at oversight/."""

from django.urls import path

from oversight import views

app_name = "oversight"

urlpatterns = [
    path("", views.unit_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.unit_form, name="new"),
    path("<int:pk>/", views.unit_item, name="item"),
    path("<int:pk>/edit/", views.unit_form, name="edit"),
    path("<int:pk>/dispatch/", views.dispatch, name="dispatch"),
    path("supervisors/<int:pk>/recall/", views.recall, name="recall"),
]
