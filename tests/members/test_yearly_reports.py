"""Yearly duty reports: asked for, drafted from the ledger, handed in, returned, accepted, urged, counted."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from core import attachments, outbox, reminders, todos, workflow
from core.errors import Refusal
from core.models import Deadline
from members.duty import due as duty_due
from members.models import DutyEntry, DutyReport, Member, Membership, ReportRound, Role
from members.reports import area as report_area
from members.reports import lists as report_lists
from members.services import duty, reports
from tests import factories as make
from tests.factories_duty import DutyEntryFactory, ScoreRulesFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year
DUE = TODAY + timedelta(20)
TEXT = {"done": "参加会议三次。", "gains": "调研多，回访少。", "plans": "多回访。"}


@pytest.fixture
def liaison():
    return make.UserFactory(roles=[Role.LIAISON], name="温守恒")


@pytest.fixture
def member():
    return make.MemberFactory(name="刘玥", user=make.UserFactory(roles=[Role.MEMBER]))


@pytest.fixture
def opened(liaison) -> ReportRound:
    return reports.open_round(actor=liaison, year=YEAR, due_on=DUE, note="写自己做的事。")


def deliver() -> None:
    while outbox.run_pending():
        pass


def handed_in(row, member) -> DutyReport:
    return reports.submit(reports.save(row, member, actor=member.user, **TEXT), actor=member.user)


def mine(row=None) -> str:
    return reverse("members:my_report") + (f"?year={row.year}" if row else "")


# --- The round --------------------------------------------------------------------------------------


def test_round_tells_every_member_in_office_once_and_opens_the_deadline(member, liaison, opened):
    gone = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]), is_active=False)
    deliver()
    deliver()
    notice = member.user.notices.get()
    assert notice.title == f"请写{YEAR}年度履职报告，{DUE:%-m月%-d日}前交"
    assert "写自己做的事。" in notice.body
    assert not gone.user.notices.exists()
    assert not liaison.notices.exists()
    assert Deadline.objects.of(opened).get().due == DUE


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEADER, Role.COMMITTEE, Role.PROPOSAL_CHIEF])
def test_only_the_liaison_office_asks(role):
    with pytest.raises(Refusal, match="委员联络室"):
        reports.open_round(actor=make.UserFactory(roles=[role]), year=YEAR, due_on=DUE)


@pytest.mark.parametrize(
    ("year", "due_on", "words"),
    [
        (YEAR, DUE, "已经布置过"),
        (YEAR + 1, DUE, "只能布置"),
        (YEAR - 1, TODAY - timedelta(1), "已经过了"),
        (YEAR - 1, date(YEAR + 1, 1, 1), "太远"),
    ],
)
def test_unsound_round_is_refused(liaison, opened, year, due_on, words):
    with pytest.raises(Refusal, match=words):
        reports.open_round(actor=liaison, year=year, due_on=due_on)
    assert ReportRound.objects.count() == 1


def test_another_day_moves_the_deadline_and_tells_who_still_owes(member, liaison, opened):
    other = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    handed_in(opened, other)
    deliver()
    later = DUE + timedelta(5)
    reports.change_round(opened, actor=liaison, due_on=later)
    deliver()
    assert Deadline.objects.of(opened).open().get().due == later
    assert member.user.notices.filter(title__contains=f"改到{later:%-m月%-d日}").count() == 1
    assert not other.user.notices.filter(title__contains="改到").exists()


def test_who_came_in_after_the_day_owes_nothing(opened):
    term = make.TermFactory()
    late, early = make.MemberFactory(), make.MemberFactory()
    Membership.objects.create(member=late, term=term, starts=DUE + timedelta(1))
    Membership.objects.create(member=early, term=term, starts=date(YEAR, 1, 1))
    assert set(reports.asked(opened).filter(pk__in=[late.pk, early.pk])) == {early}


def test_closed_round_keeps_its_counts_and_takes_nothing_more(member, liaison, opened):
    make.MemberFactory.create_batch(2)
    report = handed_in(opened, member)
    with pytest.raises(Refusal, match="1份待阅"):
        reports.close_round(opened, actor=liaison)
    reports.accept(report, actor=liaison)
    row = reports.close_round(opened, actor=liaison)
    assert (row.asked, row.received) == (Member.objects.filter(is_active=True).count(), 1)
    assert not Deadline.objects.of(row).open().exists()
    other = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    with pytest.raises(Refusal, match="已经结束"):
        reports.save(row, other, actor=other.user, **TEXT)
    with pytest.raises(Refusal, match="已经结束"):
        reports.send_back(report, actor=liaison, reason="再写")
    row = reports.reopen_round(row, actor=liaison)
    assert (row.asked, row.closed_at) == (None, None)
    assert handed_in(row, other).status == "submitted"


def test_office_is_reminded_to_ask_once_a_year(liaison):
    report_area.remind_to_ask(date(YEAR, 10, 31))
    assert not liaison.notices.exists()
    report_area.remind_to_ask(date(YEAR, 11, 1))
    report_area.remind_to_ask(date(YEAR, 11, 2))
    assert liaison.notices.get().title == f"{YEAR}年度履职报告还没有布置"


# --- Writing and handing in --------------------------------------------------------------------------


def test_page_begins_with_what_the_ledger_proves_and_writes_nothing(client, member, opened):
    ScoreRulesFactory(headings=[{
        "code": "meetings", "label": "会议出席", "cap": "60", "bonus": "0", "floor": "0",
        "items": [{"act": "activity.meeting", "label": "参加会议", "points": "5", "most": "", "share": "", "bonus": False}],
    }])  # fmt: skip
    DutyEntryFactory(member=member, act="activity.meeting", on=TODAY, summary="四季度常委会议")
    client.force_login(member.user)
    page = client.get(mine())
    assert "一、会议出席" in page.context["form"].initial["done"]
    assert "四季度常委会议" in page.content.decode()
    assert not DutyReport.objects.exists()


def test_autosave_keeps_the_draft_and_a_stale_page_does_not_overwrite_it(client, member, opened):
    client.force_login(member.user)
    address = reverse("members:report_autosave", args=[YEAR])
    first = client.post(address, {**TEXT, "version": "0"}).json()
    assert DutyReport.objects.get().gains == TEXT["gains"]
    again = client.post(address, {**TEXT, "gains": "改了", "version": first["version"]})
    assert again.status_code == 200
    stale = client.post(address, {**TEXT, "gains": "旧页面", "version": first["version"]})
    assert (stale.status_code, DutyReport.objects.get().gains) == (409, "改了")
    assert "还在这个页面上" in stale.json()["error"]
    typed = client.post(mine(opened), {**TEXT, "gains": "旧页面", "version": first["version"], "submit": "1"})
    assert (typed.status_code, DutyReport.objects.get().status) == (422, "draft")
    assert "旧页面" in typed.content.decode()


def test_empty_report_is_not_handed_in_and_keeps_what_was_typed(client, member, opened):
    client.force_login(member.user)
    answer = client.post(mine(opened), {"done": "参加会议", "gains": " ", "plans": "", "version": "0", "submit": "1"})
    assert answer.status_code == 422
    assert "请写体会和不足。" in answer.content.decode()
    assert "参加会议" in answer.content.decode()
    report = reports.save(opened, member, actor=member.user, done="参加会议")
    with pytest.raises(Refusal, match="还没有写体会和不足"):
        reports.submit(report, actor=member.user)


def test_too_long_text_names_its_length(member, opened):
    with pytest.raises(Refusal, match="体会和不足最多2000字，现在2001字"):
        reports.save(opened, member, actor=member.user, gains="长" * 2001)
    assert not DutyReport.objects.exclude(gains="").exists()


def test_handed_in_leaves_the_todo_and_can_be_taken_back_until_it_is_kept(client, member, liaison, opened):
    assert [todo.title for todo in todos.collect(member.user, TODAY)] == [f"写{YEAR}年度履职报告"]
    assert [due.until for due in duty_due.of(member)] == [DUE]
    client.force_login(member.user)
    answer = client.post(mine(opened), {**TEXT, "version": "0", "submit": "1"}, follow=True)
    report = DutyReport.objects.get()
    assert (report.status, report.handed_in_on, answer.status_code) == ("submitted", TODAY, 200)
    assert todos.collect(member.user, TODAY) == []
    assert duty_due.of(member) == []
    assert [(todo.title, todo.url) for todo in todos.collect(liaison, TODAY)] == [
        (f"1份{YEAR}年度履职报告待阅", f"/members/reports/?year={YEAR}&state=submitted")
    ]
    client.post(reverse("members:report_act", args=[report.pk, "take_back"]))
    assert DutyReport.objects.get().status == "draft"
    assert client.get(reverse("members:yearly_report", args=[report.pk])).headers["Location"] == mine(opened)
    reports.accept(reports.submit(DutyReport.objects.get(), actor=member.user), actor=liaison)
    assert [step.verb for step in workflow.allowed(DutyReport.objects.select_related("round").get(), member.user)] == []


def test_script_in_a_report_is_text(client, member, liaison, opened):
    bad = "<script>alert(1)</script>"
    report = reports.submit(reports.save(opened, member, actor=member.user, done=bad, gains=bad), actor=member.user)
    client.force_login(liaison)
    page = client.get(report.get_absolute_url()).content.decode()
    assert bad not in page
    assert "&lt;script&gt;alert(1)" in page


def test_late_is_who_came_after_the_day_even_when_it_went_back(member, liaison, opened):
    ReportRound.objects.update(due_on=TODAY - timedelta(1))
    opened.refresh_from_db()
    report = handed_in(opened, member)
    assert report.is_late
    ReportRound.objects.update(due_on=TODAY)
    reports.send_back(DutyReport.objects.get(), actor=liaison, reason="再写")
    DutyReport.objects.update(handed_in_on=TODAY - timedelta(3))
    again = reports.submit(DutyReport.objects.select_related("round").get(), actor=member.user)
    assert (again.handed_in_on, again.is_late) == (TODAY - timedelta(3), False)


# --- Reading, keeping, returning -----------------------------------------------------------------------


def test_accepted_report_is_an_act_of_its_year_and_a_return_takes_it_back(member, liaison, opened):
    deliver()
    report = reports.accept(handed_in(opened, member), actor=liaison, answer="写得实在。")
    entry = DutyEntry.objects.get()
    assert (entry.act, entry.year, entry.subject) == (reports.ACT, YEAR, report)
    reports.send_back(report, actor=liaison, reason="补上调研")
    assert DutyEntry.objects.get(reverses=entry).quantity == -1
    reports.accept(reports.submit(report, actor=member.user), actor=liaison)
    assert DutyEntry.objects.filter(reversed_by=None, reverses=None).count() == 1
    assert duty.catch_up() == 0
    deliver()
    told = list(member.user.notices.order_by("id").values_list("title", "body"))
    assert told[1:] == [
        (f"您的{YEAR}年度履职报告已收", "写得实在。"),
        (f"您的{YEAR}年度履职报告退回修改", "补上调研"),
        (f"您的{YEAR}年度履职报告已收", ""),
    ]


def test_report_of_last_year_handed_in_this_year_counts_for_last_year(member, liaison):
    row = reports.open_round(actor=liaison, year=YEAR - 1, due_on=date(YEAR, 6, 30) if date(YEAR, 6, 30) > TODAY else TODAY) if date(YEAR, 6, 30) > TODAY else ReportRound.objects.create(year=YEAR - 1, due_on=TODAY, opened_by=liaison)  # fmt: skip
    reports.accept(handed_in(row, member), actor=liaison)
    entry = DutyEntry.objects.get()
    assert (entry.year, entry.on) == (YEAR - 1, date(YEAR - 1, 12, 31))
    assert entry.summary == f"{YEAR - 1}年度履职报告，{TODAY:%Y年%-m月%-d日}交"


def test_return_says_what_to_better_and_the_office_reads_on(client, member, liaison, opened):
    second = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    first, after = handed_in(opened, member), handed_in(opened, second)
    client.force_login(liaison)
    address = reverse("members:report_act", args=[first.pk, "return"])
    assert client.post(address, {"answer": " "}).status_code == 422
    assert DutyReport.objects.get(pk=first.pk).status == "submitted"
    answer = client.post(address, {"answer": "补上调研的事"})
    assert answer.headers["Location"] == after.get_absolute_url()
    client.force_login(member.user)
    assert "补上调研的事" in client.get(mine(opened)).content.decode()
    assert todos.collect(member.user, TODAY)[0].sub == "退回修改"


def test_nobody_keeps_his_own_report(opened):
    both = make.UserFactory(roles=[Role.LIAISON, Role.MEMBER])
    report = handed_in(opened, make.MemberFactory(user=both))
    with pytest.raises(Refusal, match="您自己的报告"):
        reports.accept(report, actor=both)


def test_draft_is_the_members_alone_and_others_never_see_a_report(client, member, liaison, opened):
    report = reports.save(opened, member, actor=member.user, **TEXT)
    leader = make.UserFactory(roles=[Role.LEADER])
    colleague = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    address = reverse("members:yearly_report", args=[report.pk])
    for user in (liaison, leader, colleague.user):
        client.force_login(user)
        assert client.get(address).status_code == 404
    word = client.get(reverse("members:duty_report", args=[member.pk]) + f"?year={YEAR}")
    assert word.status_code == 404
    reports.submit(report, actor=member.user)
    for user, status in ((liaison, 200), (leader, 200), (colleague.user, 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
    with pytest.raises(Refusal, match="自己的报告"):
        reports.save(opened, member, actor=colleague.user, **TEXT)
    client.force_login(leader)
    assert client.post(reverse("members:report_act", args=[report.pk, "accept"])).status_code == 404


def test_word_holds_what_the_member_wrote(client, member, opened):
    handed_in(opened, member)
    client.force_login(member.user)
    answer = client.get(reverse("members:duty_report", args=[member.pk]) + f"?year={YEAR}")
    words = "\n".join(line.text for line in Document(BytesIO(answer.content)).paragraphs)
    for text in TEXT.values():
        assert text in words
    assert f"{TODAY:%Y年%-m月%-d日}" in words
    assert "（请写" not in words


def test_paper_report_is_entered_with_its_scan(client, member, liaison, opened):
    client.force_login(liaison)
    address = reverse("members:report_paper", args=[opened.pk, member.pk])
    future = client.post(address, {"on": TODAY + timedelta(1)})
    assert future.status_code == 422
    assert not DutyReport.objects.exists()
    bad = client.post(address, {"on": TODAY, "files": SimpleUploadedFile("a.exe", b"MZ")})
    assert bad.status_code == 422
    assert not DutyReport.objects.exists()
    client.post(address, {"on": TODAY, "files": SimpleUploadedFile("报告.pdf", b"%PDF-1.4\n%%EOF\n")})
    report = DutyReport.objects.get()
    assert (report.status, report.on_paper) == ("accepted", True)
    file = attachments.files_of(report).get()
    assert attachments.may_read(member.user, file)
    assert not attachments.may_read(make.UserFactory(roles=[Role.COMMITTEE]), file)
    with pytest.raises(Refusal, match="当面说"):
        reports.send_back(report, actor=liaison, reason="再写")


# --- The list ------------------------------------------------------------------------------------------


def test_list_counts_and_its_filters_show_just_those(client, member, liaison, opened):
    people = [make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER])) for _ in range(3)]
    handed_in(opened, member)
    reports.accept(handed_in(opened, people[0]), actor=liaison)
    reports.send_back(handed_in(opened, people[1]), actor=liaison, reason="再写")
    reports.save(opened, people[2], actor=people[2].user, **TEXT)
    client.force_login(liaison)
    for figure in report_lists.figures(opened):
        page = client.get(f"/members/reports/?year={YEAR}&state={figure.state}")
        assert page.context["page"].total == figure.count
    shown = client.get(f"/members/reports/?year={YEAR}&state=missing")
    assert [row.pk for row in shown.context["rows"]] == [people[2].pk]
    book = load_workbook(BytesIO(b"".join(client.get(f"/members/reports/?year={YEAR}&state=missing&format=xlsx"))))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [people[2].code]


def test_urging_reaches_only_who_owes_and_once_a_day(client, member, liaison, opened):
    kept = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    without_account = make.MemberFactory(user=None)
    handed_in(opened, kept)
    client.force_login(liaison)
    pick = {"verb": "urge", "pick": [member.pk, kept.pk, without_account.pk, 999999, "x"]}
    for _ in range(2):
        client.post(f"/members/reports/rounds/{opened.pk}/batch/", pick)
    assert member.user.notices.filter(title=f"请交{YEAR}年度履职报告").count() == 1
    assert not kept.user.notices.filter(title__startswith="请交").exists()


def test_batch_keeps_only_what_waits(client, member, liaison, opened):
    other = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    handed_in(opened, member)
    reports.save(opened, other, actor=other.user, **TEXT)
    client.force_login(liaison)
    client.post(f"/members/reports/rounds/{opened.pk}/batch/", {"verb": "accept", "pick": [member.pk, other.pk]})
    assert dict(DutyReport.objects.values_list("member", "status")) == {member.pk: "accepted", other.pk: "draft"}


def test_reminder_reaches_who_owes_and_after_the_day_the_office(member, liaison, opened):
    done = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))
    handed_in(opened, done)
    line = reports.told([Deadline.objects.of(opened).get()])[Deadline.objects.of(opened).get().pk]
    assert line.people == {1: [member.user_id], 2: [liaison.pk], 3: [liaison.pk]}
    reminders.run(DUE + timedelta(1))
    for ids in reminders.undelivered_chunks():
        reminders.deliver(ids)
    assert member.user.notices.filter(title__contains="已超期1天").exists()
    assert liaison.notices.filter(title__contains="已超期1天").exists()
    assert not done.user.notices.filter(title__contains="超期").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_make_one_report(member, opened):
    outcomes = at_once(
        lambda: reports.save(opened, member, actor=member.user, version=0, **TEXT),
        lambda: reports.save(opened, member, actor=member.user, version=0, **{**TEXT, "gains": "另一页"}),
    )
    assert DutyReport.objects.count() == 1
    assert sum(isinstance(one, Refusal) for one in outcomes) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_report_kept_while_it_is_taken_back_is_one_of_both(member, liaison, opened):
    report = handed_in(opened, member)
    first, second = (DutyReport.objects.select_related("round", "member").get() for _ in range(2))
    outcomes = at_once(
        lambda: reports.accept(first, actor=liaison), lambda: reports.take_back(second, actor=member.user)
    )
    assert sum(isinstance(one, Refusal) for one in outcomes) == 1
    report.refresh_from_db()
    assert (report.status == "accepted") == DutyEntry.objects.filter(act=reports.ACT).exists()
