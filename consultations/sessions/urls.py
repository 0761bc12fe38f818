"""Addresses of one session 协商活动, mounted at consultations/<id>/."""

from django.urls import path

from consultations.views import session_answers, session_prepare, session_speaking, sessions

urlpatterns = [
    path("", sessions.session_item, name="item"),
    path("edit/", sessions.session_edit, name="edit"),
    path("invite/", sessions.invite, name="invite"),
    path("record/", sessions.record, name="record"),
    path("act/<str:verb>/", sessions.act, name="act"),
    path("prepare/", session_prepare.prepare, name="prepare"),
    path("prepare/visits/<int:visit_pk>/", session_prepare.visit_edit, name="visit"),
    path("files/", session_prepare.files, name="files"),
    path("answer/", session_answers.answer, name="answer"),
    path("delegate/", session_answers.delegate, name="delegate"),
    path("hand-in/", session_answers.hand_in, name="hand_in"),
    path("calendar.ics", session_answers.calendar, name="calendar"),
    path("speaking/", session_speaking.speaking, name="speaking"),
    path("speeches/<int:speech_pk>/", session_speaking.speech_item, name="speech"),
    path("print/", session_speaking.print_view, name="print"),
    path("agenda.docx", session_speaking.document, {"paper": "agenda"}, name="agenda_docx"),
    path("minutes.docx", session_speaking.document, {"paper": "minutes"}, name="minutes_docx"),
]
