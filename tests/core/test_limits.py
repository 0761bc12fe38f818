"""Too much, too often, no database: each says in plain words what happened and when to come again."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from core import errors_views, options, site, throttle
from hanbin_cppcc.cache import TolerantRedisCache
from portal import views as portal_views
from tests.factories import UserFactory


@pytest.fixture
def person(client, db):
    """Somebody signed in."""
    user = UserFactory()
    client.force_login(user)
    return user


def test_upload_beyond_the_limit_is_refused_in_words_before_it_is_read(client, person, settings):
    settings.MAX_BODY_MEGABYTES = 1
    upload = SimpleUploadedFile("大图.jpg", b"\xff\xd8\xff" + b"0" * 1024 * 1024)
    answer = client.post(reverse("frame:notices_read"), {"file": upload})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "文件太大，没有收" in page
    assert "一个文件不超过20兆（MB），一次合计不超过1兆" in page


def test_upload_within_the_limit_goes_through(client, person, settings):
    settings.MAX_BODY_MEGABYTES = 2
    upload = SimpleUploadedFile("大图.jpg", b"\xff\xd8\xff" + b"0" * 1024 * 1024)
    assert client.post(reverse("frame:notices_read"), {"file": upload}).status_code == 302


def checked(client):
    """The same person where the form's token is looked for, in a body that is too much to read."""
    client.get(reverse("frame:notices"))
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize("announced", ["", "no number"])
def test_body_of_unknown_length_is_not_refused(client, person, announced):
    assert client.get(reverse("frame:notices"), CONTENT_LENGTH=announced).status_code == 200


def test_more_text_than_a_form_takes_is_refused_in_words(client, person, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = checked(client).post(reverse("frame:notices_read"), {"text": "长" * 200})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "内容太多，没有收" in page
    assert "请分几次交" in page


def test_more_files_than_one_request_takes_are_refused_in_words(client, person, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    files = [SimpleUploadedFile(f"{name}.jpg", b"\xff\xd8\xff") for name in "ab"]
    answer = checked(client).post(reverse("frame:notices_read"), {"file": files})
    assert answer.status_code == 413
    assert "一次合计不超过210兆、1个" in answer.content.decode()


def test_searching_the_portal_too_often_says_when_to_come_back(client, db, monkeypatch):
    now = 1_800_000_015
    monkeypatch.setattr("core.throttle.time", lambda: now)
    url = reverse("portal:open_list")
    codes = [client.get(url, {"q": "饮水"}).status_code for _ in range(portal_views.SEARCHES_A_MINUTE)]
    assert set(codes) == {200}
    answer = client.get(url, {"q": "饮水"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "45")
    assert "约1分钟以后" in answer.content.decode()
    assert client.get(url).status_code == 200  # reading is not searching
    assert client.get(url, {"q": "饮水"}, REMOTE_ADDR="192.0.2.7").status_code == 200
    now += 45
    assert client.get(url, {"q": "饮水"}).status_code == 200


def test_of_many_tries_at_once_each_counts(monkeypatch):
    if redis := os.environ.get("REDIS_URL"):
        monkeypatch.setattr(throttle, "cache", TolerantRedisCache(redis, {"KEY_PREFIX": "tests"}))
    throttle.forget("tests:rush")
    with ThreadPoolExecutor(16) as pool:
        found = sorted(pool.map(lambda _: throttle.tries("tests:rush", 60), range(200)))
    assert found == list(range(1, 201))
    throttle.forget("tests:rush")
    assert throttle.tries("tests:rush", 60) == 1


def test_without_a_cache_nobody_is_held_up(monkeypatch):
    away = TolerantRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr(throttle, "cache", away)
    assert [throttle.tries("tests:away", 60) for _ in range(3)] == [0, 0, 0]


@pytest.fixture
def without_database(transactional_db, monkeypatch):
    """The database away: the connection is closed, and its address leads nowhere."""
    connection.close()
    before = dict(connection.settings_dict)
    nowhere = "/nowhere/at/all.sqlite3" if connection.vendor == "sqlite" else "hanbin"
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1", NAME=nowhere)
    yield
    connection.close()
    connection.settings_dict.update(before)


def test_page_without_a_database_is_the_maintenance_page(without_database, client):
    client.raise_request_exception = False
    answer = client.get("/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert "正在维护" in page
    assert options.declared("site.organiser").default in page


def test_other_faults_are_no_maintenance(client, db, monkeypatch):
    monkeypatch.setattr(portal_views.selectors, "figures", lambda: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出了错，不怪您" in answer.content.decode()


def test_organiser_is_what_was_read_last_while_the_database_is_away(without_database, monkeypatch):
    known = site.Site(**dict.fromkeys(site.Site.__dataclass_fields__, "") | {"phone": "0915-3210000"})
    monkeypatch.setitem(site._remembered, "last", known)
    options.clear_cache()
    assert site.site().phone == "0915-3210000"
    assert '打<a href="tel:0915-3210000">' in errors_views._bare("500.html")
