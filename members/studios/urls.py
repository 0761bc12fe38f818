"""Addresses of studios and their reception days."""

from django.urls import URLPattern, path

from members.views import reception, releasing, studios

urlpatterns: list[URLPattern] = [
    path("studios/", studios.studio_list, name="studios"),
    path("studios/new/", studios.studio_new, name="studio_new"),
    path("studios/export/", studios.studio_export, name="studio_export"),
    path("studios/lay-out/", reception.lay_out_all, name="studios_lay_out"),
    path("studios/<int:pk>/", studios.studio_item, name="studio"),
    path("studios/<int:pk>/edit/", studios.studio_edit, name="studio_edit"),
    path("studios/<int:pk>/requisites/", studios.studio_requisites, name="studio_requisites"),
    path("studios/photos/<uuid:uuid>/", releasing.photo_release, name="photo_release"),
    path("studios/<int:pk>/poster/", studios.studio_poster, name="studio_poster"),
    path("studios/<int:pk>/ledger/", studios.studio_ledger, name="studio_ledger"),
    path("studios/<int:pk>/ledger/new/", studios.record_new, name="studio_record_new"),
    path("studios/records/<int:pk>/", studios.record_item, name="studio_record"),
    path("studios/records/<int:pk>/edit/", studios.record_edit, name="studio_record_edit"),
    path("studios/records/<int:pk>/remove/", studios.record_remove, name="studio_record_remove"),
    path("studios/records/<int:pk>/file/", studios.record_file_remove, name="studio_record_file"),
    path("studios/<int:pk>/rota/", reception.studio_rota, name="studio_rota"),
    path("studios/<int:pk>/rota/print/", reception.rota_print, name="studio_rota_print"),
    path("studios/<int:pk>/rota/export/", reception.rota_export, name="studio_rota_export"),
    path("studios/<int:pk>/rota/rule/", reception.studio_rule, name="studio_rule"),
    path("studios/<int:pk>/rota/lay-out/", reception.studio_lay_out, name="studio_lay_out"),
    path("studios/<int:pk>/rota/announce/", reception.studio_announce, name="studio_announce"),
    path("studios/<int:pk>/rota/new/", reception.day_new, name="reception_day_new"),
    path("reception/<int:pk>/", reception.reception_day, name="reception_day"),
    path("reception/<int:pk>/<slug:verb>/", reception.day_act, name="reception_act"),
    path("reception/bookings/<int:pk>/<slug:verb>/", reception.booking_act, name="booking_act"),
]
