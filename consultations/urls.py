"""Addresses of the app `consultations`, mounted at consultations/."""

from django.urls import URLPattern, URLResolver, include, path

from consultations.views import outcomes, session_micro, sessions, uptake

app_name = "consultations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sessions.session_list, name="list"),
    path("new/", sessions.session_new, name="new"),
    path("micro/", session_micro.micro, name="micro"),
    path("<int:pk>/", include("consultations.sessions.urls")),
    path("<int:pk>/outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("outcomes/", outcomes.outcome_list, name="outcomes"),
    path("outcomes/<int:pk>/", outcomes.outcome_item, name="outcome"),
    path("outcomes/<int:pk>/paper.docx", outcomes.paper, name="outcome_paper"),
    path("outcomes/<int:pk>/<str:verb>/", outcomes.outcome_act, name="outcome_act"),
    path("notes/<int:pk>/remove/", outcomes.note_remove, name="note_remove"),
    path("conversions/<int:pk>/remove/", outcomes.conversion_remove, name="conversion_remove"),
    path("uptakes/", uptake.uptake_list, name="uptakes"),
    path("uptakes/<int:pk>/", uptake.uptake_item, name="uptake"),
    path("uptakes/<int:pk>/back/", uptake.send_back, name="uptake_back"),
    path("uptakes/<int:pk>/convert/", uptake.convert, name="uptake_convert"),
    path("evaluations/", include("consultations.evaluation.urls")),
    path("deliberations/", include("consultations.deliberation.urls")),
    path("", include("consultations.plans.urls")),
]
