"""The demo world of yearly reports 演示年度履职报告: a round under way, one report to be read, one kept, some on paper."""

from datetime import timedelta
from typing import Any

from members.demo.clock import on_day
from members.models import Member, ReportRound
from members.services import reports

GAINS = (
    "当委员最大的体会，是话要说在点子上：跑了几趟库区，才知道群众说的“水不好”是半夜没有水。"
    "不足是调研多、回访少，去年提的事办得怎么样，没有都去看。"
)
PLANS = "明年把去年提过的三件事回访一遍，再就近反映两条社情民意。"
DONE = (
    "{year}年，本人按照政协章程和委员履职办法参加了以下工作，现报告如下。\n"
    "一、会议出席\n参加会议3次，调研视察2次，没有缺席。\n"
    "二、提案和社情民意\n提交提案1件，联名2件；报送社情民意信息2篇，1篇被区级采用。\n"
    "三、联系群众\n在委员工作室接待群众2次，登记民情事项5件，办结3件。"
)


def seed(world: Any) -> None:
    """Ask three weeks ago, hand in and accept since; nothing where there is a round already."""
    asked_on = world.ago(20)
    if ReportRound.objects.filter(year=asked_on.year).exists():
        return
    with on_day(asked_on):
        row = reports.open_round(
            actor=world.liaison, year=asked_on.year, due_on=world.today + timedelta(21),
            note="一千五百字以内，写自己做的事，不写单位的工作。",
        )  # fmt: skip
    for name, days in (("convener", 9), ("member2", 3)):
        actor = world.user(name)
        with on_day(world.ago(days)):
            saved = reports.save(row, actor.member, actor=actor, done=DONE.format(year=row.year), gains=GAINS, plans=PLANS)  # fmt: skip
            saved = reports.submit(saved, actor=actor)
        if name == "convener":
            with on_day(world.ago(5)):
                reports.accept(saved, actor=world.liaison, answer="写得实在，回访的打算很好。")
    for member in Member.objects.filter(pk__in=world.some(5, 11), user=None):
        with on_day(world.ago(4)):
            reports.record_paper(row, member, actor=world.liaison, on=world.ago(5))
