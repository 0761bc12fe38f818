"""An online deliberation: the office opens it, members and residents vote on phones, it is moderated, closed, told."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from consultations.deliberation import jobs as deliberation_jobs
from consultations.models import Deliberation, Opinion, Participant, Vote
from consultations.services import deliberation, sessions
from core.models import Job
from members.models import SpecialCommittee
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "怎样让老旧小区停车不难？"
OPINIONS = (
    "机关车位夜间向附近居民开放。", "先把消防通道划出来。", "把没人管的绿地改成车位。", "绿地一寸也不能减。",
    "第二辆车多收费。", "每户第一辆车不收费。", "停车收入每季度公示。", "院子里不许停车。",
)  # fmt: skip
NAMING = "村民王大山天天把车停在消防通道上。"


@pytest.fixture
def session(town):
    """A session of the form 网络议政 that is being prepared."""
    return sessions.plan(
        actor=town["liaison"], title="老旧小区停车难", form="network", on=timezone.localdate(),
        organizer=SpecialCommittee.objects.filter(kind="committee").first(),
    )  # fmt: skip


def many_vote(row: Deliberation) -> None:
    """Two camps of eight people each, who differ on four of the opinions."""
    chance = random.Random(3)
    opinions = list(Opinion.objects.filter(deliberation=row, status="published").order_by("pk"))
    for person in range(16):
        for place, opinion in enumerate(opinions):
            divided = place in (2, 3, 4, 5, 7)
            agrees = (person < 8) == (place in (2, 5)) if divided else True
            value = (1 if agrees else -1) if chance.random() > 0.05 else 0
            deliberation.vote(row, opinion.pk, value, key=f"person-{person}")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_deliberation_from_the_window_to_the_digest(people, session, tmp_path):
    office = people["liaison"]
    office.go(session.get_absolute_url())
    office.press("设置网络议政")
    office.fill(question=QUESTION, audience="public")
    office.press("存下")
    office.confirm("开放")
    office.sees("已开放，委员会收到消息")
    for text in OPINIONS:
        office.page.locator("main #seed-text").fill(text)
        office.press("放进去")
    row = Deliberation.objects.get()
    assert row.opinions.filter(status="published").count() == len(OPINIONS)
    people.deliver()

    member = people["member"]
    member.message(f"网络议政《{session.title}》开放了")
    member.sees(QUESTION, "已表态0条，共8条")
    for count in range(1, len(OPINIONS) + 1):
        member.press("同意")
        if count < len(OPINIONS):
            member.sees(f"已表态{count}条，共8条")
    member.sees("现在公开的意见，您都表过态了")
    member.sees("结束以前，谁也看不到各条有多少人同意")
    member.sees_not("%", "16人")
    member.fill(text=NAMING)
    member.press("提这条意见")
    member.press("我的意见和表态")
    member.sees("待审核", "里面像是有人名")
    member.page.locator("ul.mine li", has_text=OPINIONS[0]).get_by_role("button", name="不同意").click()
    member.page.wait_for_load_state("load")
    assert Vote.objects.get(opinion__text=OPINIONS[0]).value == -1
    assert Vote.objects.count() == len(OPINIONS)

    resident = people.visitor("resident")
    resident.go(f"/deliberations/{row.pk}/")
    resident.page.locator("main [name=consent]").check()
    resident.press("开始")
    resident.press("说不准")
    resident.sees("已表态1条，共8条")
    assert Participant.objects.filter(is_member=False).count() == 1
    resident.sees_not(NAMING)

    office.todo(session.title, "审核意见")
    office.sees(NAMING, "疑似人名")
    office.page.locator("main tbody [name=pick]").check()
    office.fill(reason="写了个人的姓名、电话、证件号、车牌或住址")
    office.press("不公开")
    office.sees("不公开1条", "这一种现在没有")
    member.message("您的一条议政意见没有公开")
    member.sees("没有公开", "写了个人的姓名")

    many_vote(row)
    office.go(row.get_absolute_url())
    office.confirm("结束并汇编")
    office.sees("已结束，正在归纳大家的意见")
    people.deliver()
    deliberation_jobs.compute_now(Deliberation.objects.get(pk=row.pk))
    Job.objects.filter(kind=deliberation_jobs.KIND).update(state=Job.State.DONE)

    member.message(f"网络议政《{session.title}》结束了")
    member.sees("几乎都同意", "分歧在这里", "看法分成2组", "每条意见", "停车收入每季度公示。")
    member.sees_not(NAMING)
    with member.page.expect_download() as given:
        member.control("意见建议汇编（Word）").click()
    file = tmp_path / "digest.docx"
    given.value.save_as(file)
    words = "\n".join(line.text for line in Document(str(file)).paragraphs)
    assert "普遍认同的意见" in words
    assert "分歧较大的意见" in words
    assert NAMING not in words

    resident.go(f"/deliberations/{row.pk}/")
    resident.sees("几乎都同意", "看法分成2组")
    member.go(f"/consultations/deliberations/{row.pk}/mine/")
    member.sees("谁表了什么态已经查不回来")


def test_a_window_that_is_over_takes_no_vote_and_says_so(people, session, town):
    now = timezone.now()
    row = deliberation.prepare(
        session, actor=town["liaison"], question=QUESTION, opens_at=now - timedelta(hours=2),
        closes_at=now + timedelta(hours=1), audience="public",
    )  # fmt: skip
    row = deliberation.open_window(row, actor=town["liaison"])
    deliberation.say(row, text=OPINIONS[0], actor=town["liaison"])
    member = people["member"]
    member.go(row.get_absolute_url())
    Deliberation.objects.filter(pk=row.pk).update(closes_at=now - timedelta(minutes=1))
    member.press("同意")
    member.sees("网络议政已经截止，这一次没有记下。")
    assert not Vote.objects.exists()
