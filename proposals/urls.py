"""Addresses of the app `proposals`, mounted at proposals/."""

from django.urls import include, path

from proposals.views import assignment, drafting, item, listing, printing, review

app_name = "proposals"

urlpatterns = [
    path("", listing.proposal_list, name="list"),
    path("batch/", listing.batch, name="batch"),
    path("new/", drafting.new, name="new"),
    path("autosave/", drafting.autosave, name="autosave_new"),
    path("review/", review.queue, name="review"),
    path("review/batch/", review.review_batch, name="review_batch"),
    path("review/<int:pk>/", review.review_item, name="review_item"),
    path("assign/", assignment.assign_list, name="assign_list"),
    path("handover/", assignment.handover, name="handover"),
    path("<int:pk>/", item.item, name="item"),
    path("<int:pk>/print/", printing.print_view, name="print"),
    path("<int:pk>/act/<slug:verb>/", item.act, name="act"),
    path("<int:pk>/edit/", drafting.edit, name="edit"),
    path("<int:pk>/finish/", drafting.finish, name="finish"),
    path("<int:pk>/autosave/", drafting.autosave, name="autosave"),
    path("<int:pk>/finish/autosave/", drafting.autosave_finish, name="autosave_finish"),
    path("<int:pk>/cosign/", drafting.cosign, name="cosign"),
    path("<int:pk>/assign/", assignment.assign, name="assign"),
    path("", include("proposals.urls_unit")),
]
