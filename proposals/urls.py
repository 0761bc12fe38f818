"""Addresses of the app `proposals`, mounted at proposals/."""

from django.urls import path

from proposals.urls_assign import urlpatterns as assign_urls
from proposals.urls_unit import urlpatterns as unit_urls
from proposals.views import drafting, item, listing, printing

app_name = "proposals"

urlpatterns = [
    path("", listing.proposal_list, name="list"),
    path("batch/", listing.batch, name="batch"),
    path("new/", drafting.new, name="new"),
    path("autosave/", drafting.autosave, name="autosave_new"),
    path("<int:pk>/", item.item, name="item"),
    path("<int:pk>/print/", printing.print_view, name="print"),
    path("<int:pk>/edit/", drafting.edit, name="edit"),
    path("<int:pk>/autosave/", drafting.autosave, name="autosave"),
    path("<int:pk>/finish/", drafting.finish, name="finish"),
    path("<int:pk>/finish/autosave/", drafting.autosave_finish, name="autosave_finish"),
    path("<int:pk>/cosign/", drafting.cosign, name="cosign"),
    path("<int:pk>/act/<slug:verb>/", item.act, name="act"),
    *assign_urls,
    *unit_urls,
]
