"""Assignment pages: one case, a whole meeting, names typed as people write them, errors kept."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import adopt
from members.models import HandlingUnit, RoleGrant, Session, Term, User
from proposals import recommending
from proposals.models import Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    """A signed-in clerk of the proposals office."""
    user = User.objects.create(username="clerk", name="经办人")
    RoleGrant.objects.create(user=user, role="proposal_clerk")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def units():
    """Three units with short names."""
    names = [("汉滨区水利局", "区水利局"), ("汉滨区教育体育局", "区教体局"), ("汉滨区关庙镇人民政府", "关庙镇")]
    return [HandlingUnit.objects.create(name=name, short_name=short, category="政府部门") for name, short in names]


def filed(number: int) -> Proposal:
    """A filed case under a number."""
    today = timezone.localdate()
    term, _ = Term.objects.get_or_create(number=16, defaults={"name": "十六届", "starts": date(2022, 2, 20)})
    session, _ = Session.objects.get_or_create(
        term=term,
        number=5,
        defaults={
            "name": "十六届五次会议",
            "year": today.year,
            "opens": today - timedelta(days=40),
            "closes": today - timedelta(days=36),
            "collects_from": today - timedelta(days=120),
            "cut_off": timezone.now() - timedelta(days=38),
        },
    )
    case = Proposal(
        session=session,
        year=today.year,
        number=number,
        title=f"关于第{number}件事的建议",
        filed_on=today - timedelta(days=3),
    )
    adopt(case, "filed").save()
    return case


def test_assign_finds_units_by_the_names_people_write(client, office, units):
    case = filed(1)
    answer = client.post(
        reverse("proposals:assign", args=[case.pk]),
        {"mode": "lead_support", "lead": "水利局", "supports": "区教体局、关庙镇"},
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.status == "assigned"
    assert case.lead_unit == units[0]
    assert {task.unit.short_name: task.role for task in case.tasks.all()} == {
        "区水利局": "lead", "区教体局": "support", "关庙镇": "support",
    }  # fmt: skip


def test_assign_keeps_what_was_typed_and_says_what_to_write(client, office, units):
    case = filed(1)
    answer = client.post(reverse("proposals:assign", args=[case.pk]), {"mode": "sole", "lead": "火星办事处"})
    page = answer.content.decode()
    assert "没有“火星办事处”这家单位" in page
    assert 'value="火星办事处"' in page
    case.refresh_from_db()
    assert case.status == "filed"


def test_handover_gives_the_filled_rows_and_leaves_the_rest(client, office, units):
    first, second, third = filed(1), filed(2), filed(3)
    today = timezone.localdate().isoformat()
    data = {
        "name": "交办会", "held_on": today,
        f"{first.pk}-lead": "区水利局", f"{first.pk}-supports": "",
        f"{second.pk}-lead": "", f"{second.pk}-supports": "",
        f"{third.pk}-lead": "教体局", f"{third.pk}-supports": "关庙镇",
    }  # fmt: skip
    answer = client.post(reverse("proposals:handover"), data, follow=True)
    assert "已交办2件" in answer.content.decode()
    states = dict(Proposal.objects.values_list("number", "status"))
    assert states == {1: "assigned", 2: "filed", 3: "assigned"}
    first.refresh_from_db()
    assert first.handover.name == "交办会"


def test_handover_with_one_wrong_row_gives_nothing(client, office, units):
    first, second = filed(1), filed(2)
    data = {
        "name": "交办会", "held_on": timezone.localdate().isoformat(),
        f"{first.pk}-lead": "区水利局", f"{second.pk}-lead": "没有这家",
    }  # fmt: skip
    answer = client.post(reverse("proposals:handover"), data)
    assert "没有“没有这家”这家单位" in answer.content.decode()
    assert set(Proposal.objects.values_list("status", flat=True)) == {"filed"}


def test_handover_is_closed_to_members(client):
    user = User.objects.create(username="member", name="委员")
    RoleGrant.objects.create(user=user, role="member")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("proposals:handover")).status_code in (403, 404)


def test_recommended_units_are_shown_and_one_click_away(client, office, units):
    water, school, _ = units
    for number in (11, 12, 13):
        for unit, text in ((water, "水源断流，饮水困难，管网漏损。"), (school, "学生放学无人看管，教师负担重。")):
            case = filed(number * 10 + unit.pk % 7)
            Proposal.objects.filter(pk=case.pk).update(situation=text, assigned_on=timezone.localdate())
            case.tasks.create(unit=unit, role="lead", assigned_on=timezone.localdate(), status="pending")
            Proposal.objects.filter(pk=case.pk).update(status="assigned")
    recommending.learn()
    case = filed(1)
    Proposal.objects.filter(pk=case.pk).update(situation="管网漏损，饮水困难。")
    page = client.get(reverse("proposals:assign", args=[case.pk])).content.decode()
    assert "推荐的单位" in page
    assert f"?lead={water.pk}" in page
    chosen = client.get(reverse("proposals:assign", args=[case.pk]), {"lead": water.pk})
    assert chosen.context["form"]["lead"].value() == "区水利局"
    assert client.get(reverse("proposals:assign", args=[case.pk]), {"lead": "no"}).status_code == 200
    assert "推荐：区水利局" in client.get(reverse("proposals:handover")).content.decode()
