"""Yearly duty reports 年度履职报告: asked for in a round, written, handed in, returned or accepted, urged.

Accepting writes the act into the duty ledger; returning an accepted report takes it back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import attachments, audit, deadlines, notices, outbox, workflow
from core.errors import Refusal
from core.models import AuditEntry, Deadline
from core.reminders import Line
from members.models import DutyReport, Member, Membership, ReportRound, ReportStatus
from members.services import appeals, duty
from members.services.duty import Act

KIND, ROOT = "duty_report", "members.reportround"
ACT = "report.yearly"
DONE = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)
"""States in which nothing is left for the member to do."""
MOST_FILES = 5


def who_owe(due_on: Any) -> QuerySet[Member]:
    """Members who owe a report that is due on a day (or an expression): in office, and not come in after it."""
    mine = Membership.objects.filter(member=OuterRef("pk"))
    came_before = mine.filter(Q(starts__isnull=True) | Q(starts__lte=due_on))
    return Member.objects.filter(~Exists(mine) | Exists(came_before), is_active=True)


def asked(row: ReportRound) -> QuerySet[Member]:
    """Members who owe the report of a round."""
    return who_owe(row.due_on)


def owing(row: ReportRound) -> QuerySet[Member]:
    """Those of them from whom nothing has come, or to whom it went back."""
    return asked(row).exclude(pk__in=DutyReport.objects.filter(round=row, status__in=DONE).values("member"))


@transaction.atomic
def open_round(*, actor: Any, year: int, due_on: date, note: str = "") -> ReportRound:
    """Ask all members for the report of a year; each is told, and reminded before the day."""
    _keeps(actor)
    today = timezone.localdate()
    if not today.year - 1 <= year <= today.year:
        raise Refusal(f"只能布置{today.year - 1}年或{today.year}年的报告。", field="year")
    _sound(year, due_on)
    try:
        with transaction.atomic():
            row = ReportRound.objects.create(year=year, due_on=due_on, note=note.strip()[:500], opened_by=actor)
    except IntegrityError:
        raise Refusal(f"{year}年度的报告已经布置过了。可以改截止日期，不用再布置。", field="year") from None
    audit.record(
        verb="dutyreport.ask", summary=f"布置{row}，{due_on:%-m月%-d日}前交", actor=actor, subject=row, root=row
    )
    _set_deadline(row)
    outbox.add("members.yearly_report_asked", key=f"members.report_asked:{row.pk}", payload={"id": row.pk})
    return row


@transaction.atomic
def change_round(row: ReportRound, *, actor: Any, due_on: date, note: str = "") -> ReportRound:
    """Name another day or other wishes; those who owe it are told of a new day."""
    current = _open_round(row, actor)
    _sound(current.year, due_on)
    moved, current.due_on, current.note = current.due_on != due_on, due_on, note.strip()[:500]
    current.save(update_fields=["due_on", "note"])
    audit.record(
        verb="dutyreport.reschedule", summary=f"{current}改到{due_on:%-m月%-d日}前交" if moved else f"改{current}的要求",
        actor=actor, subject=current, root=current,
    )  # fmt: skip
    if moved:
        _set_deadline(current)
        outbox.add(
            "members.yearly_report_asked",
            key=f"members.yearly_report_asked:{current.pk}:{due_on}",
            payload={"id": current.pk, "moved": True},
        )
    return current


@transaction.atomic
def close_round(row: ReportRound, *, actor: Any) -> ReportRound:
    """End the round: what has come is kept with its count, nothing more is handed in."""
    current = _open_round(row, actor)
    waiting = current.reports.filter(status=ReportStatus.SUBMITTED).count()
    if waiting:
        raise Refusal(f"还有{waiting}份待阅。收下或退回以后再结束。")
    current.closed_by, current.closed_at = actor, timezone.now()
    current.asked = asked(current).count()
    current.received = current.reports.filter(status=ReportStatus.ACCEPTED).count()
    current.save(update_fields=["closed_by", "closed_at", "asked", "received"])
    deadlines.meet(current, KIND, on=timezone.localdate())
    said = f"结束{current}的收交：应交{current.asked}份，收到{current.received}份"
    audit.record(verb="dutyreport.end", summary=said, actor=actor, subject=current, root=current)
    return current


@transaction.atomic
def reopen_round(row: ReportRound, *, actor: Any) -> ReportRound:
    """Take reports in again."""
    _keeps(actor)
    current = ReportRound.objects.select_for_update().get(pk=row.pk)
    if current.closed_at is None:
        raise Refusal("这一年的收交没有结束，不用重开。")
    current.closed_by = current.closed_at = current.asked = current.received = None
    current.save(update_fields=["closed_by", "closed_at", "asked", "received"])
    _set_deadline(current)
    audit.record(verb="dutyreport.resume", summary=f"重开{current}的收交", actor=actor, subject=current, root=current)
    return current


@transaction.atomic
def save(row: ReportRound, member: Member, *, actor: Any, version: int | None = None, **text: str) -> DutyReport:
    """Keep what the member typed; the report is made at the first save.

    ``text`` are done, gains, plans. ``version`` is the one that the page was made from (0 for none):
    where somebody saved since, refuses with field "version".
    """
    if member.user_id != actor.pk:
        raise Refusal("只能写自己的报告。")
    if row.closed_at is not None:
        raise Refusal(f"{row}的收交已经结束。要补交，请与委员联络室联系。")
    made, created = DutyReport.objects.get_or_create(round=row, member=member)
    current = DutyReport.objects.select_for_update(of=("self",)).select_related("round").get(pk=made.pk)
    if current.status not in (ReportStatus.DRAFT, ReportStatus.RETURNED):
        raise Refusal("报告已经交了。要改，先点“撤回再改”。")
    if version is not None and not created and version != current.version:
        at = f"{timezone.localtime(current.saved_at):%H:%M}"
        raise Refusal(f"另一个页面在{at}改过。您写的还在这个页面上，请对照以后再存。", field="version")
    changed = [name for name, value in _typed(text).items() if _set(current, name, value)]
    if changed:
        current.version += 1
        current.saved_at = timezone.now()
        current.save(update_fields=[*changed, "version", "saved_at"])
    return current


@transaction.atomic
def submit(report: DutyReport, *, actor: Any) -> DutyReport:
    """Hand the report in; the first day counts."""
    changes = {"handed_in_on": report.handed_in_on or timezone.localdate(), "submitted_at": timezone.now()}
    return workflow.perform(report, "submit", actor=actor, changes=changes)


@transaction.atomic
def take_back(report: DutyReport, *, actor: Any) -> DutyReport:
    """The member takes it back to go on writing, while nobody has accepted it."""
    return workflow.perform(report, "take_back", actor=actor)


@transaction.atomic
def accept(report: DutyReport, *, actor: Any, answer: str = "") -> DutyReport:
    """The office keeps the report, with a word to the member if it likes."""
    changes = {**_decision(actor, answer), "times_kept": report.times_kept + 1}
    current = workflow.perform(report, "accept", actor=actor, changes=changes, reason=answer)
    duty.record_duty(_act(current), actor=actor)
    return current


@transaction.atomic
def send_back(report: DutyReport, *, actor: Any, reason: str) -> DutyReport:
    """Give it back with what is to be bettered; an accepted one leaves the ledger."""
    was_kept = DutyReport.objects.filter(pk=report.pk, status=ReportStatus.ACCEPTED).exists()
    current = workflow.perform(report, "return", actor=actor, changes=_decision(actor, reason), reason=reason)
    if was_kept:
        duty.take_back(_act(current).key, actor=actor, reason="年度履职报告退回修改")
    return current


@transaction.atomic
def record_paper(
    row: ReportRound, member: Member, *, actor: Any, on: date, files: Sequence[Any] = (), answer: str = ""
) -> DutyReport:
    """The office enters a report that came on paper, with its scan; it counts from the day it came."""
    current = _open_round(row, actor)
    today = timezone.localdate()
    if not date(current.year, 1, 1) <= on <= today:
        raise Refusal(f"交来的日期应在{current.year}年1月1日到今天之间。", field="on")
    made, _ = DutyReport.objects.get_or_create(round=current, member=member)
    changes = {
        **_decision(actor, answer), "handed_in_on": made.handed_in_on or on, "submitted_at": timezone.now(),
        "on_paper": True, "times_kept": made.times_kept + 1,
    }  # fmt: skip
    report = workflow.perform(made, "paper", actor=actor, changes=changes, reason=answer, on=on)
    for file in files:
        attachments.add(report, file, actor=actor, kind="scan", most=MOST_FILES)
    duty.record_duty(_act(report), actor=actor)
    return report


@transaction.atomic
def urge(row: ReportRound, ids: Iterable[int], *, actor: Any) -> int:
    """Remind those of ``ids`` who still owe it, each at most once a day; how many have an account to be told."""
    current = _open_round(row, actor)
    found = owing(current).filter(pk__in=list(ids), user__isnull=False).values_list("user_id", flat=True)
    people, today = sorted(found), timezone.localdate()
    if people:
        notices.notify(
            people, key=f"members:report-urged:{current.pk}:{today}", title=f"请交{current}",
            body=f"{current.due_on:%-m月%-d日}{'前交' if current.due_on >= today else '已到期，请尽快交'}。初稿已按履职台账拟好，改一改就能交。",
            url=_mine(), urgent=current.due_on < today,
        )  # fmt: skip
        audit.record(verb="dutyreport.urge", summary=f"催交{current}{len(people)}人", actor=actor, subject=current, root=current)  # fmt: skip
    return len(people)


def told(rows: list[Deadline]) -> dict[int, Line]:
    """Whom a reminder of a round reaches: who still owes the report, and after the day also the office."""
    liaisons = appeals.liaison_accounts()
    rounds = ReportRound.objects.in_bulk({row.subject_id for row in rows})
    found = {}
    for row in rows:
        if (one := rounds.get(row.subject_id)) is None:
            continue
        people = owing(one).filter(user__isnull=False).values_list("user_id", flat=True)
        found[row.pk] = Line(str(one), _mine(), {1: sorted(people), 2: liaisons, 3: liaisons})
    return found


def acts() -> Iterator[Act]:
    """Every accepted report as an act, with the keys under which it was recorded live."""
    rows = DutyReport.objects.filter(status=ReportStatus.ACCEPTED).select_related("member", "round")
    for report in rows.defer(*DutyReport.PARTS).order_by("pk").iterator(chunk_size=1000):
        yield _act(report)


@outbox.effect("members.yearly_report_asked")
def tell_members(payload: dict) -> None:
    """Everybody who owes the report learns the day and what is wished."""
    row = ReportRound.objects.filter(pk=payload["id"], closed_at__isnull=True).first()
    if row is None:
        return
    people = owing(row).filter(user__isnull=False).values_list("user_id", flat=True)
    day, moved = f"{row.due_on:%-m月%-d日}", payload.get("moved")
    notices.notify(
        people,
        key=f"members:report-asked:{row.pk}:{row.due_on}",
        title=f"{row}改到{day}前交" if moved else f"请写{row}，{day}前交",
        body=f"初稿已按履职台账拟好，改一改就能交。{row.note}",
        url=_mine(),
    )


@outbox.effect("members.yearly_report_decided")
def tell_member(payload: dict) -> None:
    """The member learns that the report was accepted, or why it came back."""
    report = DutyReport.objects.select_related("member", "round").filter(pk=payload["id"]).first()
    if report is None or report.member.user_id is None:
        return
    said = AuditEntry.objects.get(seq=payload["entry"]).reason
    back = payload["verb"] == "return"
    notices.notify(
        [report.member.user_id],
        key=f"members:report-decided:{payload['entry']}",
        title=f"您的{report.round}{'退回修改' if back else '已收'}",
        body=said,
        url=report.get_absolute_url(),
        urgent=back,
    )


def _act(report: DutyReport) -> Act:
    """The act of handing the report in, in its own year however late it came."""
    day = report.handed_in_on or report.round.due_on
    words = str(report.round) + (f"，{day:%Y年%-m月%-d日}交" if day.year != report.round.year else "")
    on = min(day, date(report.round.year, 12, 31))
    return Act(report.member, ACT, on, report, f"{ACT}:{report.pk}:{report.times_kept}", words)


def _decision(actor: Any, answer: str) -> dict[str, Any]:
    if len(answer.strip()) > 500:
        raise Refusal(f"意见最多500字，现在{len(answer.strip())}字。", field="answer")
    return {"answer": answer.strip(), "decided_by": actor, "decided_at": timezone.now()}


def _typed(text: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, typed in text.items():
        if name not in DutyReport.PARTS:
            raise ValueError(name)
        field = DutyReport._meta.get_field(name)
        value = (typed or "").replace("\r\n", "\n").strip()
        if len(value) > field.max_length:
            raise Refusal(
                f"{field.verbose_name}最多{field.max_length}字，现在{len(value)}字。没有存这一次的改动，请压缩后再存。",
                field=name,
            )
        found[name] = value
    return found


def _set(report: DutyReport, name: str, value: str) -> bool:
    differs = getattr(report, name) != value
    setattr(report, name, value)
    return differs


def _set_deadline(row: ReportRound) -> None:
    deadlines.set_date(
        row, KIND, root=row, label="交年度履职报告", start=timezone.localdate(), due=row.due_on,
        rule=f"委员联络室布置{row.year}年度履职报告时定的",
    )  # fmt: skip


def _sound(year: int, due_on: date) -> None:
    if due_on < timezone.localdate():
        raise Refusal("截止日期已经过了，请填今天或以后的日子。", field="due_on")
    if due_on > date(year + 1, 6, 30):
        raise Refusal(f"截止日期太远：{year}年度的报告最晚到{year + 1}年6月30日。", field="due_on")


def _keeps(actor: Any) -> None:
    if not actor.has_perm("members.keep_yearly_reports"):
        raise Refusal("年度履职报告由委员联络室布置和收阅。")


def _open_round(row: ReportRound, actor: Any) -> ReportRound:
    _keeps(actor)
    current = ReportRound.objects.select_for_update().get(pk=row.pk)
    if current.closed_at is not None:
        raise Refusal(f"{current}的收交已经结束。要再收，先点“重开”。")
    return current


def _mine() -> str:
    return reverse("members:my_report")
