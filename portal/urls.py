"""Addresses of the app `portal`, mounted at the root."""

from django.urls import URLPattern, URLResolver, include, path

from portal import (
    booking_views,
    evaluation_views,
    photo_views,
    search_views,
    studio_views,
    topic_views,
    track_views,
    views,
    voice_views,
)

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("open/proposals/", views.open_list, name="open_list"),
    path("open/proposals/<int:pk>/", views.open_item, name="open_item"),
    path("search/", search_views.search, name="search"),
    path("studios/", studio_views.studio_list, name="studios"),
    path("studios/<int:pk>/", studio_views.studio_item, name="studio"),
    path("studios/<int:pk>/matters/", studio_views.studio_matters, name="studio_matters"),
    path("studios/<int:pk>/rota/", studio_views.studio_rota, name="studio_rota"),
    path("studios/<int:pk>/calendar.ics", studio_views.studio_calendar, name="studio_calendar"),
    path("studios/<int:pk>/code.svg", studio_views.studio_code, name="studio_code"),
    path("studios/<int:pk>/book/", booking_views.book, name="book"),
    path("studios/booking/", booking_views.find, name="booking_find"),
    path("studios/booking/<str:code>/<str:secret>/", booking_views.receipt, name="booking"),
    path("voice/", voice_views.write, name="voice"),
    path("voice/sent/", voice_views.sent, name="voice_sent"),
    path("topics/", topic_views.write, name="topics"),
    path("topics/sent/", topic_views.sent, name="topics_sent"),
    path("open/opinions/", voice_views.opinions, name="opinions"),
    path("evaluate/", evaluation_views.code_entry, name="evaluate_code"),
    path("evaluate/thanks/", evaluation_views.thanks, name="evaluated"),
    path("evaluate/<str:code>/", evaluation_views.evaluate, name="evaluate"),
    path("deliberations/", include("portal.urls_deliberation")),
    path("track/", track_views.track, name="track"),
    path("open/photos/<int:pk>/", photo_views.photo, name="photo"),
    path("open/studio-photos/<int:pk>/", photo_views.studio_photo, name="studio_photo"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("site-map/", views.site_map, name="site_map"),
]
