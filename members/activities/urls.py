"""Addresses of activities 履职活动, sign-in and research topics, within members/."""

from django.urls import URLPattern, URLResolver, path

from members.views import activities, attendance, signin, topics

urlpatterns: list[URLPattern | URLResolver] = [
    path("activities/", activities.activity_list, name="activities"),
    path("activities/batch/", activities.batch, name="activities_batch"),
    path("activities/new/", activities.new, name="activity_new"),
    path("activities/report/", activities.report, name="activity_report"),
    path("activities/<int:pk>/", activities.item, name="activity"),
    path("activities/<int:pk>/edit/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/act/<slug:verb>/", activities.act, name="activity_act"),
    path("activities/<int:pk>/files/", activities.add_files, name="activity_files"),
    path("activities/<int:pk>/print/", activities.print_view, name="activity_print"),
    path("activities/<int:pk>/invite/", attendance.invite, name="activity_invite"),
    path("activities/<int:pk>/answer/", attendance.answer, name="activity_answer"),
    path("activities/<int:pk>/leave/", attendance.leave, name="activity_leave"),
    path("activities/<int:pk>/people/", attendance.people, name="activity_people"),
    path("activities/<int:pk>/mark/", attendance.mark, name="activity_mark"),
    path("activities/<int:pk>/correct/", attendance.correct, name="activity_correct"),
    path("activities/<int:pk>/paper/", attendance.paper, name="activity_paper"),
    path("activities/<int:pk>/code/", signin.code, name="signin_code"),
    path("activities/<int:pk>/signin/", signin.host, name="signin_host"),
    path("activities/<int:pk>/check/", signin.check, name="signin_check"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/new/", topics.new, name="topic_new"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/edit/", topics.edit, name="topic_edit"),
    path("topics/<int:pk>/act/<slug:verb>/", topics.act, name="topic_act"),
    path("topics/<int:pk>/files/", topics.add_files, name="topic_files"),
]
