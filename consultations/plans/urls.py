"""Addresses of the yearly plan, the topics put in for it, and the board; included by consultations/urls.py."""

from django.urls import path

from consultations.views import board, plan_items, plan_papers, plans, topics

urlpatterns = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/items/", plan_items.item_list, name="plan_items"),
    path("plans/items/<int:pk>/arrange/", plan_items.arrange, name="arrange"),
    path("plans/<int:year>/", plans.plan_item, name="plan"),
    path("plans/<int:year>/print/", plan_papers.plan_print, name="plan_print"),
    path("plans/<int:year>/plan.docx", plan_papers.plan_docx, name="plan_docx"),
    path("plans/<int:year>/begin/", plans.plan_begin, name="plan_begin"),
    path("plans/<int:year>/topics/new/", plan_items.topic, name="topic_new"),
    path("plans/<int:year>/topics/<int:pk>/", plan_items.topic, name="topic"),
    path("plans/<int:year>/topics/<int:pk>/drop/", plan_items.topic_drop, name="topic_drop"),
    path("plans/<int:year>/topics/<int:pk>/<str:way>/", plan_items.topic_order, name="topic_order"),
    path("plans/<int:year>/act/<str:verb>/", plans.plan_act, name="plan_act"),
    path("suggestions/", topics.suggestion_list, name="suggestions"),
    path("suggestions/new/", topics.suggest, name="suggest"),
    path("suggestions/batch/", topics.batch, name="suggestions_batch"),
    path("suggestions/<int:pk>/", topics.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/contact/", topics.contact, name="suggestion_contact"),
    path("suggestions/<int:pk>/act/<str:verb>/", topics.suggestion_act, name="suggestion_act"),
    path("board/", board.board, name="board"),
]
