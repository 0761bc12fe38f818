"""Addresses of the app `portal`, mounted at the root."""

from django.urls import URLPattern, URLResolver, path

from portal import photo_views, track_views, views, voice_views

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("open/proposals/", views.open_list, name="open_list"),
    path("open/proposals/<int:pk>/", views.open_item, name="open_item"),
    path("search/", views.search, name="search"),
    path("studios/", views.studios, name="studios"),
    path("voice/", voice_views.write, name="voice"),
    path("voice/sent/", voice_views.sent, name="voice_sent"),
    path("open/opinions/", voice_views.opinions, name="opinions"),
    path("track/", track_views.track, name="track"),
    path("open/photos/<int:pk>/", photo_views.photo, name="photo"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("site-map/", views.site_map, name="site_map"),
]
