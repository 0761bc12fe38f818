"""Addresses of the app `consultations`, mounted at consultations/."""

from django.urls import URLPattern, URLResolver, include, path

from consultations.views import outcomes, sessions

app_name = "consultations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sessions.session_list, name="list"),
    path("new/", sessions.session_new, name="new"),
    path("micro/", sessions.micro, name="micro"),
    path("<int:pk>/", sessions.session_item, name="item"),
    path("<int:pk>/edit/", sessions.session_edit, name="edit"),
    path("<int:pk>/invite/", sessions.invite, name="invite"),
    path("<int:pk>/record/", sessions.record, name="record"),
    path("<int:pk>/speech/", sessions.speech, name="speech"),
    path("<int:pk>/files/", sessions.files, name="files"),
    path("<int:pk>/act/<str:verb>/", sessions.act, name="act"),
    path("<int:pk>/outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("outcomes/<int:pk>/<str:verb>/", outcomes.outcome_act, name="outcome_act"),
    path("uptakes/", outcomes.uptake_list, name="uptakes"),
    path("uptakes/<int:pk>/", outcomes.uptake_item, name="uptake"),
    path("evaluations/", include("consultations.urls_evaluation")),
    path("deliberations/", include("consultations.urls_deliberation")),
    path("", include("consultations.urls_plans")),
]
