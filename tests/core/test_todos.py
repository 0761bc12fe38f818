"""What waits for a person 待办 is asked of every app."""

from datetime import date

from core import todos

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
