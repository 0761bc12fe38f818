"""Addresses of members and their changes, of party building, terms and sessions, mounted at members/."""

from django.urls import URLPattern, URLResolver, path

from members.views import corrections, member_template, membership, party, people, terms

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.member_list, name="list"),
    path("batch/", people.batch, name="batch"),
    path("export/", people.export, name="export"),
    path("print/", people.print_list, name="print"),
    path("template.xlsx", member_template.template, name="template"),
    path("new/", membership.co_opt, name="co_opt"),
    path("place/<slug:kind>/", membership.place, name="place"),
    path("<int:pk>/", people.member_item, name="item"),
    path("<int:pk>/phone/", people.phone, name="phone"),
    path("<int:pk>/photo/", people.photo, name="photo"),
    path("<int:pk>/change/<slug:verb>/", membership.change, name="change"),
    path("<int:pk>/history/", membership.history, name="history"),
    path("<int:pk>/undo/", membership.undo, name="undo"),
    path("<int:pk>/correct/", corrections.correct, name="correct"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("party/", party.coverage, name="party"),
    path("party/new/", party.branch_edit, name="branch_new"),
    path("party/<int:pk>/", party.branch, name="branch"),
    path("party/<int:pk>/edit/", party.branch_edit, name="branch_edit"),
    path("terms/", terms.term_list, name="terms"),
    path("terms/new/", terms.term_new, name="term_new"),
    path("terms/session/", terms.session_new, name="session_new"),
    path("terms/session/<int:pk>/", terms.session_edit, name="session"),
    path("terms/session/<int:pk>/current/", terms.session_current, name="session_current"),
]
