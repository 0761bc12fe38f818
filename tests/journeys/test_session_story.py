"""A 专题协商 from the plan's item to what was sent up: prepared, told, moved, answered on a phone, held, reported."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Consultation
from consultations.services import plans
from core.models import Notice
from members.models import DutyEntry
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "高坪河流域综合治理"


@pytest.fixture
def item(town):
    """The topic in this year's plan."""
    plan = plans.begin_plan(timezone.localdate().year, actor=town["liaison"])
    return plans.set_item(plan, actor=town["liaison"], topic=TITLE, form="topical", month=6)


def prepared(office, item, unit) -> Consultation:
    """The office enters it from the plan, writes how it is prepared, who goes out, what is to do."""
    office.go("/consultations/")
    office.press("登记协商")
    day = timezone.localdate() + timedelta(days=40)
    office.fill(
        title=TITLE, form="topical", plan_item=str(item.pk), on=day.isoformat(), starts_at="09:00", place="三楼会议室",
        background="两次不达标", work_plan="沿河走访五个镇办", agenda="通报情况\n委员发言\n部门回应",
    )  # fmt: skip
    office.page.locator("main label", has_text=unit).first.click()
    office.press("存下")
    office.sees("已登记", "会前准备", "发会议通知", "交齐发言材料", "列入")
    office.press("会前准备")
    office.fill(**{"team-leader": "张玉茹", "team-names": "刘玥"})
    office.press("定下来")
    office.sees("调研组定了", "组长")
    office.fill(**{"visit-place": "大河镇清沟河口", "visit-findings": "三处直排"})
    office.press("登记调研")
    office.fill(**{"task-text": "订会议室"})
    office.press("记下")
    office.press("办好了")
    office.sees("办好了。", "三处直排")
    return Consultation.objects.get()


def told(office, row) -> None:
    """Members are invited and everybody is told; pressing twice tells nobody twice."""
    office.go(row.get_absolute_url())
    office.press("请委员")
    office.fill(names="刘玥、张玉茹\n叶铮")
    office.press("加到名单")
    office.press("发通知")
    office.confirm("确定")
    office.sees("已发通知")


def moved(office, row) -> None:
    """The day moves."""
    office.press("修改、改期")
    office.fill(on=timezone.localdate().isoformat(), place="二楼大会议室")
    office.press("存下")
    office.sees("各收到一条更正通知", "二楼大会议室")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_session_from_the_plan_to_what_was_sent_up(people, item, town):
    office, member, leaves, unit = people["liaison"], people["member"], people["member2"], people["unit"]
    row = prepared(office, item, unit="农业农村局")
    told(office, row)

    member.message(f"请您参加：专题协商：{TITLE}")
    member.sees("两次不达标", "通报情况")
    member.sees_not("沿河走访五个镇办")
    member.press("参加")
    member.sees("已回复：参加")
    member.press("交发言材料")
    member.fill(title="治河先治源", text="先把三处直排口接进管网。")
    member.page.locator("main [name=asks_to_speak]").check()
    member.press("交上去")
    member.sees("材料交上去了", "治河先治源")
    unit.todo(TITLE, "回复派谁参加")
    unit.fill(people="李明（副局长）")
    unit.press("回复派这些人")
    unit.sees("已回复：派李明（副局长）参加")

    office.go(row.get_absolute_url())
    office.press("排发言")
    office.press("列入会上发言")
    office.fill(member="区水利局王局长", title="情况通报", minutes="10")
    office.page.locator("main [name=is_guest]").check()
    office.press("登记发言")
    office.press(office.page.locator("button[value^='up:']:not([disabled])"))
    office.page.keyboard.press("Tab")
    office.look()
    assert [one.speaker for one in row.speeches.on_the_list()] == ["区水利局王局长", "刘玥"]

    office.go(row.get_absolute_url())
    moved(office, row)
    member.message("时间或地点改了")
    member.sees("您原来的回复还在，请再确认一次", "二楼大会议室")
    member.press("改了日子，我仍然参加")
    member.sees("已回复：参加")
    member.sees_not("请再确认一次")
    leaves.message("时间或地点改了")
    leaves.page.locator("main summary", has_text="请假").click()
    leaves.press("因公外出")
    leaves.sees("请假待批")
    unit.message("时间或地点改了")
    unit.press("回复派这些人")
    for desk in (member, leaves, unit):
        notices = Notice.objects.filter(recipient=town[desk.name], title__contains="时间或地点改了")
        assert notices.count() == 1

    office.go(row.get_absolute_url())
    office.press("1人，去批")
    office.press("准假")
    office.press("开始签到")
    office.press("开始签到")
    member.go(row.get_absolute_url())
    member.press("打开我的签到码")
    office.fill(code=member.page.locator(".signin-digits").inner_text())
    office.press("签到")
    office.sees("刘玥，签到了。")

    office.go(row.get_absolute_url())
    office.press("登记举行")
    office.sees("会上发了言的")
    office.fill(minutes="通报后委员发言。", consensus="三处直排口年内接入管网。", suggestions_count="6")
    office.press("确定")
    office.sees("已登记举行", "三处直排口年内接入管网", "到会", "报送成果")
    with office.page.expect_download() as saved:
        office.page.get_by_role("link", name="会议纪要（Word）").click()
    assert saved.value.suggested_filename == f"会议纪要_{TITLE}.docx"
    people.deliver()
    acts = set(DutyEntry.objects.filter(member__name="刘玥").values_list("act", flat=True))
    assert acts == {"activity.meeting", "consultation.spoken"}

    office.press("写成果")
    office.fill(kind="brief", title=f"关于{TITLE}的协商专报", text="河道治理的情况。", suggestions="年内接管\n逐月销号")
    office.press("存下")
    office.press("报送")
    office.fill(sent_to="区委、区政府")
    office.press("报送")
    office.press(office.page.locator("main .dialog form button.btn-primary"))
    office.sees("已报送")
    row.refresh_from_db()
    assert row.status == "reported"


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_studio_writes_down_a_micro_consultation_on_the_phone(people, size):
    convener = people["convener"]
    convener.go("/consultations/micro/")
    convener.fill(title="巷口垃圾桶挪到哪里", parties="社区、居民代表", consensus="挪到巷子北头。")
    convener.press("登记微协商")
    convener.sees("已登记", "挪到巷子北头")
    assert Consultation.objects.get().form == "micro"
