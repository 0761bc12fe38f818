"""Addresses of duty files 履职档案, yearly reports 履职报告, appeals 申诉, scores 积分 and their rules."""

from django.urls import URLPattern, path

from members.scores.ledger import STUDIO
from members.views import duty, reports, score_rules, scores

urlpatterns: list[URLPattern] = [
    path("duty/", duty.my_duty, name="my_duty"),
    path("<int:pk>/duty/", duty.duty, name="duty"),
    path("<int:pk>/duty/print/", duty.duty_print, name="duty_print"),
    path("<int:pk>/duty/word/", duty.duty_docx, name="duty_docx"),
    path("<int:pk>/duty/report/", duty.duty_report_docx, name="duty_report"),
    path("<int:pk>/duty/ledger/", duty.duty_ledger, name="duty_ledger"),
    path("<int:pk>/duty/appeal/", duty.appeal_new, name="appeal_new"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/mine/", reports.my_report, name="my_report"),
    path("reports/mine/<int:year>/save/", reports.autosave, name="report_autosave"),
    path("reports/rounds/new/", reports.round_form, name="report_round_new"),
    path("reports/rounds/<int:pk>/", reports.round_form, name="report_round"),
    path("reports/rounds/<int:pk>/batch/", reports.batch, name="reports_batch"),
    path("reports/rounds/<int:pk>/<slug:verb>/", reports.round_act, name="report_round_act"),
    path("reports/rounds/<int:pk>/paper/<int:member_pk>/", reports.paper, name="report_paper"),
    path("reports/<int:pk>/", reports.item, name="yearly_report"),
    path("reports/<int:pk>/act/<slug:verb>/", reports.act, name="report_act"),
    path("appeals/", duty.appeal_list, name="appeals"),
    path("appeals/<int:pk>/", duty.appeal, name="appeal"),
    path("appeals/<int:pk>/withdraw/", duty.appeal_withdraw, name="appeal_withdraw"),
    path("studios/<int:pk>/score/", duty.studio_score, name="studio_score"),
    path("scores/", scores.score_list, name="scores"),
    path("scores/studios/", scores.score_list, {"target": STUDIO}, name="studio_scores"),
    path("scores/compute/", scores.scores_compute, name="scores_compute"),
    path("scores/jobs/<int:pk>/", scores.score_job, name="score_job"),
    path("scores/years/<int:pk>/close/", scores.score_close, name="score_close"),
    path("scores/years/<int:pk>/verify/", scores.score_verify, name="score_verify"),
    path("scores/rules/", score_rules.rules_list, name="score_rules"),
    path("scores/rules/new/", score_rules.rules_new, name="score_rules_new"),
    path("scores/rules/<int:pk>/", score_rules.rules_item, name="score_rules_item"),
    path("scores/rules/<int:pk>/simulate/", score_rules.rules_simulation, name="score_rules_simulation"),
    path("scores/rules/<int:pk>/force/", score_rules.rules_force, name="score_rules_force"),
    path("scores/rules/<int:pk>/drop/", score_rules.rules_drop, name="score_rules_drop"),
]
