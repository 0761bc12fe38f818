"""One record becomes the draft of another 转出, and a resident can follow it 查办理进度."""

from datetime import date

import pytest

from core import handover, tracking
from core.models import AuditEntry
from tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
BODY = "members.body"


@pytest.fixture
def registries(monkeypatch):
    """The registries as they are, given back afterwards."""
    for name in ("_offers", "_names", "_followers"):
        monkeypatch.setattr(handover, name, dict(getattr(handover, name)))
    monkeypatch.setattr(tracking, "_tellers", {})


def test_source_is_read_only_by_whom_its_app_lets(registries):
    source = BodyFactory()
    handover.offer(BODY, lambda user, obj: handover.Data("来访", "/x/") if user == "host" else None)
    assert handover.read("host", f"{BODY}:{source.pk}") == (source, handover.Data("来访", "/x/"))
    assert handover.read("other", f"{BODY}:{source.pk}") is None
    for forged in ("", "members.body", f"{BODY}:0", f"{BODY}:abc", f"{BODY}:{'9' * 30}", "core.auditentry:1"):
        assert handover.read("host", forged) is None


def test_link_is_kept_once_logged_once_and_told_to_the_source(registries):
    source, target = BodyFactory(), BodyFactory()
    told = []
    handover.follow(BODY, lambda *pair: told.append(pair))
    handover.name_with(BODY, lambda obj: (f"第{obj.pk}号", f"/b/{obj.pk}/"))
    for _ in range(2):
        handover.link(source, target, actor=None)
    assert handover.targets_of(source) == [target]
    assert handover.sources_of(target) == [source]
    assert told == [(source, target)]
    assert AuditEntry.objects.filter(verb="handover.link", summary=f"转出为第{target.pk}号").count() == 1


def test_story_walks_through_what_it_became_and_its_main_case(registries):
    first, second, main = BodyFactory(), BodyFactory(), BodyFactory()
    handover.link(first, second, actor=None)
    handover.link(main, first, actor=None)  # a circle must not hold the walk
    day = date(2026, 5, 11)
    tracking.tell_with(
        BODY,
        lambda obj: [tracking.Step(day, f"{obj.pk}")],
        successor=lambda obj: main if obj == second else None,
    )
    assert [step.text for step in tracking.story(first)] == [str(first.pk), str(second.pk), str(main.pk)]
