"""Addresses of online deliberation 网络议政, within those of consultations."""

from django.urls import URLPattern, URLResolver, path

from consultations.views import deliberation, deliberation_office, deliberation_summary

urlpatterns: list[URLPattern | URLResolver] = [
    path("", deliberation.deliberations, name="deliberations"),
    path("of/<int:pk>/", deliberation_office.prepare, name="deliberation_prepare"),
    path("<int:pk>/", deliberation.item, name="deliberation"),
    path("<int:pk>/vote/", deliberation.vote, name="deliberation_vote"),
    path("<int:pk>/say/", deliberation.say, name="deliberation_say"),
    path("<int:pk>/mine/", deliberation.mine, name="deliberation_mine"),
    path("<int:pk>/moderate/", deliberation_office.moderate, name="deliberation_moderate"),
    path("<int:pk>/act/<str:verb>/", deliberation_office.act, name="deliberation_act"),
    path("<int:pk>/summary/", deliberation_summary.summary, name="deliberation_summary"),
    path("<int:pk>/summary/compute/", deliberation_summary.compute, name="deliberation_compute"),
    path("<int:pk>/digest.docx", deliberation_summary.digest, name="deliberation_digest"),
]
