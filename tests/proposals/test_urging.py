"""Urging: only what is late, once a day, operator and leader told, each by itself in a batch."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refusal
from core.models import AuditEntry, Deadline, Notice
from proposals.models import UnitTask
from proposals.services import urging
from tests import handled

pytestmark = pytest.mark.django_db
URL = "/proposals/inspection/urge/"


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def late(world, title: str = "关于迟到的建议", days: int = 4) -> UnitTask:
    """A task whose contact is overdue."""
    task = world.signed(title=title)
    rows = Deadline.objects.filter(subject_type="proposals.unittask", subject_id=task.pk, kind="contact")
    rows.update(due=timezone.localdate() - timedelta(days=days))
    return task


def told(user) -> list[str]:
    """Titles of the urgings that a person got."""
    return list(
        Notice.objects.filter(recipient=user, key__startswith="proposals:urge:").values_list("title", flat=True)
    )


def test_operator_and_leader_are_told_what_is_late(world):
    task = urging.urge(late(world), actor=world["inspection"], note="请本周内办。")
    assert (task.urged_on, task.urged_times) == (timezone.localdate(), 1)
    for name in ("unit", "unit-head"):
        assert told(world[name]) == [f"催办：《关于迟到的建议》（{task.proposal.case_no}）"]
    body = Notice.objects.filter(recipient=world["unit"], urgent=True).latest("pk").body
    assert "面商" in body
    assert "请本周内办。" in body
    assert told(world["unit2"]) == told(world["member"]) == []
    entry = AuditEntry.objects.get(verb="unittask.urge")
    assert (entry.root_id, entry.reason) == (task.proposal_id, "请本周内办。")


def test_once_a_day_however_often_the_button_is_pressed(world):
    task = late(world)
    urging.urge(task, actor=world["inspection"])
    with pytest.raises(Refusal, match="今天已经催过"):
        urging.urge(task, actor=world["proposal-clerk"])
    UnitTask.objects.filter(pk=task.pk).update(urged_on=timezone.localdate() - timedelta(days=1))
    urging.urge(task, actor=world["inspection"])
    assert told(world["unit"])[-1].startswith("第2次催办") or told(world["unit"])[0].startswith("第2次催办")


def test_what_is_in_time_is_not_urged(world):
    with pytest.raises(Refusal, match="没有超期"):
        urging.urge(world.signed(), actor=world["inspection"])


@pytest.mark.parametrize("name", ["unit", "unit-head", "member", "leader", "committee", "sysadmin"])
def test_others_urge_nobody(client, world, name):
    task = late(world)
    with pytest.raises(Refusal):
        urging.urge(task, actor=world[name])
    client.force_login(world[name])
    assert client.post(URL, {"pick": [str(task.pk)]}).status_code == 404
    assert UnitTask.objects.get(pk=task.pk).urged_times == 0


def test_several_are_urged_from_the_list_and_the_rest_is_explained(client, world):
    one, two = late(world, "关于甲的建议"), world.signed(title="关于乙的建议")
    client.force_login(world["inspection"])
    assert URL in client.get(reverse("proposals:inspection")).content.decode()
    page = client.get(URL, {"pick": [str(one.pk), str(two.pk), "x", "9" * 30]}).content.decode()
    assert "关于甲的建议" in page
    page = client.post(URL, {"pick": [str(one.pk), str(two.pk)], "note": "请办"}, follow=True).content.decode()
    assert "已催办1件" in page
    assert "没有超期的，不用催" in page
    assert "催过1次" in page


def test_nothing_picked_says_how_to_begin(client, world):
    client.force_login(world["inspection"])
    assert "还没有选要催的" in client.get(URL).content.decode()
