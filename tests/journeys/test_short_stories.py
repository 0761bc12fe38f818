"""Shorter stories: many at once, an expired session, a browser without scripts, spreadsheets that are imported."""

import pytest
from django.contrib.sessions.models import Session

from members.models import HandlingUnit, Member
from proposals.models import Proposal
from tests.conftest import SIZES
from tests.core.papers import books
from tests.journeys import steps
from tests.journeys.people import PASSWORD
from tests.journeys.steps import SUGGESTIONS, TITLE

pytestmark = pytest.mark.django_db(transaction=True)

ROLL = [
    ("委员名册", None, None, None),
    ("委员编号", "姓名", "界别", "工作单位及职务"),
    ("HB16901", "曹良清", "医药卫生", "区第一医院 副院长"),
    ("ＨＢ１６９０２", "侯妤", "特邀人士", "区老科协 会员"),
    (None, None, None, None),
]
UNITS = [
    ("序号", "单位名称", "简称", "类别"),
    (1, "汉滨区交通运输局 ", "区交通局", "政府部门"),
    (2, None, "区无名局", "政府部门"),
]


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_the_office_reviews_and_hands_over_many_at_once(people, town):
    titles = [f"关于第{number}件小事的建议" for number in "一二三"]
    for title in titles:
        steps.walked(town, "submitted", title=title)
    clerk, chief = people["proposal-clerk"], people["proposal-chief"]
    clerk.go("/proposals/?state=submitted")
    for box in clerk.page.locator("main input[name=pick]").all():
        box.check()
    clerk.press("成批初审")
    clerk.sees(*titles)
    clerk.press("提出初审意见3件")
    clerk.sees("提出初审意见3件。")
    chief.go("/proposals/?state=reviewing")
    for box in chief.page.locator("main input[name=pick]").all():
        box.check()
    chief.press("成批复审")
    chief.sees("第1号", "第2号", "第3号")
    chief.confirm("准予立案3件")
    assert sorted(Proposal.objects.values_list("number", flat=True)) == [1, 2, 3]
    inspection = people["inspection"]
    inspection.go("/proposals/handover/")
    inspection.sees(*titles)


def test_the_same_officer_cannot_review_twice(people, town):
    steps.walked(town, "submitted")
    clerk = people["proposal-clerk"]
    steps.first_review(clerk)
    clerk.go("/proposals/?state=reviewing")
    clerk.page.locator("main input[name=pick]").first.check()
    clerk.press("成批复审")
    clerk.sees("初审是您提的，请另一位同事复审。")
    assert Proposal.objects.get().status == "reviewing"


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_what_was_typed_outlives_the_session(people):
    member = people["member"]
    steps.write(member)
    member.press("上一屏")
    Session.objects.all().delete()
    with member.excused():
        member.page.locator("main [name=situation]").fill("离开以前写的最后一段话，一个字也不能丢。")
        member.page.locator("[data-saved]", has_text="还没有存上").wait_for()
    member.press("下一屏：联名与联系")
    member.sees_anywhere("刚才写的还留着")
    member.page.locator("input[name=username]").fill("member")
    member.page.locator("input[name=password]").fill(PASSWORD)
    member.press("登录")
    member.sees("您刚才写的还在", "离开以前写的最后一段话，一个字也不能丢。")
    member.press("接着交上去")
    assert Proposal.objects.get().situation == "离开以前写的最后一段话，一个字也不能丢。"


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_proposal_is_written_and_handed_in_without_scripts(people):
    member = people.visitor("member", java_script_enabled=False)
    member.sign_in("member")
    steps.write(member)
    steps.finish(member)
    case = Proposal.objects.get()
    assert (case.title, case.status) == (TITLE, "submitted")
    assert tuple(case.suggestions.values_list("text", flat=True)) == SUGGESTIONS
    member.go("/home/")
    member.sees(TITLE, "待审查")


def test_a_unit_signs_without_scripts(people, town):
    case = steps.walked(town, "assigned")
    unit = people.visitor("unit", java_script_enabled=False)
    unit.sign_in("unit")
    unit.todo(TITLE, "签收")
    steps.sign_receipt(unit)
    case.refresh_from_db()
    assert case.status == "handling"


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_the_clerk_imports_two_spreadsheets(people, celery_worker, tmp_path):
    roll = books.save(tmp_path / "members.xlsx", ROLL)
    units = books.save(tmp_path / "units.xlsx", UNITS)
    clerk = people["proposal-clerk"]
    clerk.go("/settings/imports/")
    clerk.page.locator("main input[type=file]").set_input_files([roll, units])
    clerk.press("试读")
    written = clerk.page.get_by_role("button", name="写入3条")
    written.wait_for(timeout=30_000)
    clerk.look()
    clerk.sees("members.xlsx", "units.xlsx", "没有收")
    assert not Member.objects.filter(code="HB16901").exists()
    clerk.press(written)
    clerk.page.get_by_text("新建3条").wait_for(timeout=30_000)
    clerk.look()
    assert set(Member.objects.filter(code__startswith="HB169").values_list("code", "name")) == {
        ("HB16901", "曹良清"), ("HB16902", "侯妤"),
    }  # fmt: skip
    assert HandlingUnit.objects.filter(name="汉滨区交通运输局").exists()
    clerk.go("/settings/imports/")
    clerk.sees("写入3条")
