"""Addresses of quality evaluation 质量评价, mounted at consultations/evaluations/."""

from django.urls import URLPattern, URLResolver, path

from consultations.views import evaluation, evaluation_indicators, evaluation_results

urlpatterns: list[URLPattern | URLResolver] = [
    path("", evaluation_results.evaluation_list, name="evaluations"),
    path("summary/", evaluation_results.summary, name="evaluation_summary"),
    path("summary/<int:year>/<str:code>/", evaluation_results.indicator, name="evaluation_indicator"),
    path("new/", evaluation.choose, name="evaluation_new"),
    path("new/<int:pk>/", evaluation.begin, name="evaluation_open"),
    path("<int:pk>/", evaluation.item, name="evaluation"),
    path("<int:pk>/mine/", evaluation.mine, name="evaluation_mine"),
    path("<int:pk>/slips/", evaluation.slips, name="evaluation_slips"),
    path("<int:pk>/act/<str:verb>/", evaluation.act, name="evaluation_act"),
    path("indicators/", evaluation_indicators.versions, name="indicators"),
    path("indicators/new/", evaluation_indicators.new, name="indicators_new"),
    path("indicators/<int:pk>/", evaluation_indicators.item, name="indicators_item"),
    path("indicators/<int:pk>/simulate/", evaluation_indicators.simulation, name="indicators_simulation"),
    path("indicators/<int:pk>/force/", evaluation_indicators.force, name="indicators_force"),
    path("indicators/<int:pk>/drop/", evaluation_indicators.drop, name="indicators_drop"),
]
