"""The demo world of opinion reports 演示来稿: this year's reports, one or more at every stage of their life.

Everything goes through the services, on the day on which it would have happened. Titles are the keys:
a report that exists is left as it stands, so running it again doubles nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from members.demo.clock import on_day, workday_before
from members.demo.people import UNIT, UNIT2
from members.models import Body, HandlingUnit, User
from sentiment.demo_texts import ANSWERS, CLEARED, COMPOSITE, LETTER, NOTE, PARTS, STORIES, Story
from sentiment.models import Bulletin, Forward, Level, OpinionReport
from sentiment.models.queries import OUT
from sentiment.services import aftermath, bulletins, editing, public_voice, writing

WAY = ("submitted", "editing", "edited", "checked", "signed", "issued", "forwarded", "answered", "closed")
OFF_THE_WAY = {"returned": "return", "kept": "keep", "to_proposal": "to_proposal"}
REASONS = {
    "returned": "请写清是哪几个村、各隔几天送一次，建议写明由谁来办。",
    "kept": "内容已另有安排，留作参考。",
    "to_proposal": "涉及行业标准和几个部门，写成提案更合适。",
}
UNITS = {"魔芋种芋价格一年涨三成，小户不敢扩种": UNIT}


class Office:
    """The demo accounts by name, and a clock that stands on the day of an act."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.people = {user.username: user for user in User.objects.all()}

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def at(self, days: int, act: Callable[[], Any]) -> Any:
        """Let ``act`` happen about ``days`` days ago."""
        with on_day(workday_before(self.today, max(days, 0))):
            return act()


def seed(today: date) -> None:
    """Add the demo reports that are missing."""
    office = Office(today)
    if not OpinionReport.objects.filter(title=COMPOSITE).exists():
        _composite(office)
    for story in sorted(STORIES, key=lambda story: -story.days):
        if not OpinionReport.objects.filter(title=story.title).exists():
            _walk(story, office)
    if not OpinionReport.objects.filter(title=LETTER["title"]).exists():
        office.at(1, lambda: public_voice.receive(**LETTER))
    _clear(office)


def _draft(story: Story, office: Office) -> OpinionReport:
    author = office[story.by]
    body = Body.objects.filter(pk__in=author.body_ids).first() if story.by in ("convener", "committee") else None
    text = {name: getattr(story, name) for name in ("title", "situation", "analysis", "suggestions", "category")}
    return office.at(story.days + 1, lambda: writing.create_draft(actor=author, body=body, **text))


def _handed_in(story: Story, office: Office) -> OpinionReport:
    draft = _draft(story, office)
    return office.at(story.days, lambda: writing.submit(draft, actor=office[story.by]))


def _walk(story: Story, office: Office) -> None:
    """Bring one report as far as its story tells, some days between the steps."""
    if story.stage == "draft":
        _draft(story, office)
        return
    report, editor, day = _handed_in(story, office), office["editor"], story.days
    if verb := OFF_THE_WAY.get(story.stage):
        reason = REASONS[story.stage]
        office.at(day - 3, lambda: editing.turn_down(report, verb, actor=editor, reason=reason))
        return
    reached = WAY.index(story.stage)
    if reached >= WAY.index("editing"):
        report = office.at(day - 1, lambda: editing.accept(report, actor=editor))
    if reached >= WAY.index("edited"):
        if story.edited:
            report = office.at(day - 2, lambda: editing.edit_text(report, actor=editor, analysis=story.edited))
        report = office.at(day - 2, lambda: editing.finish_edit(report, actor=editor))
    if reached >= WAY.index("checked"):
        report = office.at(day - 3, lambda: editing.check(report, actor=office["checker"]))
    if reached >= WAY.index("signed"):
        report = office.at(day - 4, lambda: editing.sign(report, actor=office["signer"]))
    if reached >= WAY.index("issued"):
        _issue([report], office, day - 6)
    if reached >= WAY.index("forwarded"):
        _aftermath(report, story, office, day - 9)


def _issue(reports: Sequence[OpinionReport], office: Office, days: int) -> Bulletin:
    bulletin = office.at(days, lambda: bulletins.create(reports, actor=office["editor"]))
    return office.at(days, lambda: bulletins.publish(bulletin, actor=office["editor"]))


def _aftermath(report: OpinionReport, story: Story, office: Office, days: int) -> None:
    """Notes, forwarding, the answer, the author's word, an adoption further up."""
    editor = office["editor"]
    unit = HandlingUnit.objects.get(name=UNITS.get(story.title, UNIT2))
    if unit.name == UNIT:
        office.at(
            days,
            lambda: aftermath.note(
                report, actor=editor, leader="区长", level=Level.DISTRICT, text=NOTE, on=None, for_unit=True
            ),
        )
    row: Forward = office.at(days, lambda: aftermath.forward(report, [unit], actor=editor))[0]
    if story.title not in ANSWERS:
        return
    operator = office["unit" if unit.name == UNIT else "unit2"]
    office.at(days - 14, lambda: aftermath.answer(row, actor=operator, text=ANSWERS[story.title]))
    if story.stage != "closed":
        return
    author = office[story.by]
    office.at(days - 16, lambda: aftermath.judge(row, actor=author, enough=True, comment="孩子上学不摸黑了。"))
    office.at(
        days - 20,
        lambda: aftermath.adopt(
            report, actor=editor, level=Level.CITY, body_name="市政协研究室", on=timezone.localdate()
        ),
    )
    office.at(days - 25, lambda: aftermath.close(OpinionReport.objects.get(pk=report.pk), actor=editor))


def _clear(office: Office) -> None:
    """Clear titles and abstracts for the portal, those that were cleared once stay as they stand."""
    signer = office["signer"]
    for report in OpinionReport.objects.filter(title__in=CLEARED, public_title="", status__in=OUT):
        title, abstract, days = CLEARED[report.title]
        office.at(
            days, lambda row=report, t=title, a=abstract: aftermath.publish(row, actor=signer, title=t, abstract=a)
        )


def _composite(office: Office) -> None:
    """Two reports on one matter, put together and issued as one."""
    editor, parts = office["editor"], []
    for story in PARTS:
        parts.append(_handed_in(story, office))
    day = PARTS[-1].days
    whole = office.at(day - 2, lambda: editing.make_composite(parts, actor=editor, title=COMPOSITE))
    whole = office.at(day - 4, lambda: editing.finish_edit(whole, actor=editor))
    whole = office.at(day - 5, lambda: editing.check(whole, actor=office["checker"]))
    whole = office.at(day - 6, lambda: editing.sign(whole, actor=office["signer"]))
    _issue([whole], office, day - 8)
