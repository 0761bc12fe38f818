"""Addresses of the app `sentiment`, mounted at sentiment/."""

from django.urls import URLPattern, URLResolver, path

from sentiment.views import board, bulletins, forwards, item, listing, writing

app_name = "sentiment"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.report_list, name="list"),
    path("board/", board.board, name="board"),
    path("batch/", listing.batch, name="batch"),
    path("composite/", listing.composite, name="composite"),
    path("keep/", listing.keep, name="keep"),
    path("new/", writing.new, name="new"),
    path("new/autosave/", writing.autosave, name="autosave_new"),
    path("<int:pk>/", item.item, name="item"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/autosave/", writing.autosave, name="autosave"),
    path("<int:pk>/work/", item.work, name="work"),
    path("<int:pk>/phones/", item.phones, name="phones"),
    path("<int:pk>/unrecord/<str:kind>/<int:row>/", item.unrecord, name="unrecord"),
    path("<int:pk>/act/<str:verb>/", item.act, name="act"),
    path("issues/", bulletins.bulletin_list, name="bulletins"),
    path("issues/<int:pk>/", bulletins.bulletin_item, name="bulletin"),
    path("issues/<int:pk>/arrange/", bulletins.arrange, name="bulletin_arrange"),
    path("issues/<int:pk>/publish/", bulletins.publish, name="bulletin_publish"),
    path("issues/<int:pk>/withdraw/", bulletins.withdraw, name="bulletin_withdraw"),
    path("issues/<int:pk>/distribute/", bulletins.distribute, name="bulletin_distribute"),
    path("issues/<int:pk>/distribute/<int:row>/remove/", bulletins.undistribute, name="bulletin_undistribute"),
    path("issues/<int:pk>/word/", bulletins.word, name="bulletin_word"),
    path("forwarded/", forwards.forward_list, name="forwards"),
    path("forwarded/<int:pk>/", forwards.forward_item, name="forward"),
    path("forwarded/<int:pk>/judge/", forwards.judge, name="forward_judge"),
]
