"""Addresses of online deliberation 网络议政 for residents, within those of the portal."""

from django.urls import URLPattern, URLResolver, path

from portal import deliberation_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", deliberation_views.deliberation_list, name="deliberations"),
    path("<int:pk>/", deliberation_views.item, name="deliberation"),
    path("<int:pk>/vote/", deliberation_views.vote, name="deliberation_vote"),
    path("<int:pk>/say/", deliberation_views.say, name="deliberation_say"),
    path("<int:pk>/mine/", deliberation_views.mine, name="deliberation_mine"),
]
