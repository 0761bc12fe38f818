"""What waits for a person 待办 is asked of every app."""

from datetime import date

import pytest
from django.db.models.functions import TruncDate
from django.utils import timezone

from core import todos
from core.models import Notice
from tests.factories import UserFactory

TODAY = date(2026, 5, 11)


def test_nearest_day_comes_first_and_the_undated_last(monkeypatch):
    monkeypatch.setattr(todos, "_providers", [])
    late = todos.Todo("a", "后办", "", "/2/", "办", due=date(2026, 6, 1))
    soon = todos.Todo("a", "先办", "", "/1/", "办", due=date(2026, 5, 12))
    undated = todos.Todo("b", "没有期限", "", "/3/", "看", since=date(2026, 1, 1))
    todos.provide(lambda user, today: [undated, late])
    todos.provide(lambda user, today: [soon] if user == "clerk" else [])
    assert [todo.title for todo in todos.collect("clerk", TODAY)] == ["先办", "后办", "没有期限"]
    assert [todo.title for todo in todos.collect("member", TODAY, limit=1)] == ["后办"]


def test_tidying_stands_behind_work_that_people_wait_for(monkeypatch):
    monkeypatch.setattr(todos, "_providers", [])
    archive = todos.Todo("a", "归档", "", "/1/", "归档", since=date(2022, 4, 1), tidying=True)
    review = todos.Todo("b", "初审", "", "/2/", "初审", since=date(2026, 5, 10))
    todos.provide(lambda user, today: [archive, review])
    assert [todo.title for todo in todos.collect("clerk", TODAY)] == ["初审", "归档"]


def test_same_provider_is_asked_once(monkeypatch):
    monkeypatch.setattr(todos, "_providers", [])
    asked = []

    def provider(user, today):
        asked.append(user)
        return []

    todos.provide(provider)
    todos.provide(provider)
    todos.collect("clerk", TODAY)
    assert asked == ["clerk"]


@pytest.mark.django_db
def test_rows_of_all_apps_are_read_in_one_query(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(todos, "_providers", [])
    user = UserFactory()

    def told(row):
        return todos.Todo("消息", row.title, row.name, f"/{row.pk}/", "看", since=row.day)

    def provider(prefix, most):
        columns = {"pk": "pk", "title": "title", "name": "recipient__name", "day": TruncDate("created_at")}
        rows = Notice.objects.filter(recipient=user, title__startswith=prefix).order_by("-pk")
        return lambda user, today: [todos.Rows(rows, columns, told, days=("day",), most=most)]

    for title in ("甲一", "甲二", "甲三", "乙一"):
        Notice.objects.create(recipient=user, key=title, title=title)
    todos.provide(provider("甲", 2))
    todos.provide(provider("乙", 50))
    todos.provide(lambda user, today: [todos.Todo("c", "现成的", "", "/0/", "看")])
    with django_assert_num_queries(1):
        found = todos.collect(user, TODAY)
    assert {todo.title for todo in found} == {"甲三", "甲二", "乙一", "现成的"}
    assert {todo.sub for todo in found if todo.since} == {user.name}
    assert {todo.since for todo in found} == {timezone.localdate(), None}
