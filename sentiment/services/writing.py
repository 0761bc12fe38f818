"""From draft to the office 起草与报送: text saved as one types, reporters, hand-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, deadlines, search, similar, workflow
from core.acts import fresh, require
from core.errors import Refusal
from core.numbering import next_number
from members.models import Body, Member, Role
from sentiment import terms
from sentiment.models import OpinionReport, Reporter, ReportStatus, ReportVersion

EDITABLE = (ReportStatus.DRAFT, ReportStatus.RETURNED)
MOST_REPORTERS = 10
SOURCES: dict[str, str] = {
    Body.Kind.STUDIO: OpinionReport.Source.STUDIO,
    Body.Kind.COMMITTEE: OpinionReport.Source.COMMITTEE,
    Body.Kind.SECTOR: OpinionReport.Source.SECTOR,
    Body.Kind.PARTY: OpinionReport.Source.PARTY,
    Body.Kind.ORGANIZATION: OpinionReport.Source.PARTY,
    Body.Kind.GROUP: OpinionReport.Source.TOWNSHIP,
    Body.Kind.OFFICE: OpinionReport.Source.COMMITTEE,
}
"""What a body that reports counts as; a group 委员小组 reports for its township."""


@dataclass(frozen=True)
class Person:
    """One reporter before he is stored: a member, or a name from outside with an identity."""

    member: Member | None = None
    name: str = ""
    identity: str = Reporter.Identity.OTHER
    post: str = ""
    phone: str = ""


@transaction.atomic
def create_draft(*, actor: Any, body: Body | None = None, people: Sequence[Person] = (), **text: Any) -> OpinionReport:
    """A new draft: of a body that the actor acts for, else of the actor himself (or of ``people`` whom the
    office enters from paper)."""
    require(actor, "sentiment.add_report", act="报送社情民意")
    if body is not None and body.pk not in actor.body_ids and not actor.has_role(Role.INFO_EDITOR):
        raise Refusal("您不是这个单位的联络人，不能以它的名义报送。", field="body")
    report = workflow.begin(
        OpinionReport(
            year=timezone.localdate().year,
            title=(text.get("title") or "").strip(),
            body=body,
            source=_source(actor, body, people),
            created_by=actor,
            saved_by=actor,
        ),
        ReportStatus.DRAFT,
    )
    report.save()
    set_reporters(report, _reporters(actor, body, people), actor=actor)
    audit.record(verb="opinionreport.create", summary="起草社情民意", actor=actor, subject=report)
    return save_draft(report, actor=actor, **text) if text else fresh(report)


def _source(actor: Any, body: Body | None, people: Sequence[Person]) -> str:
    if body is not None:
        return SOURCES[body.kind]
    if actor.member_id or any(person.member for person in people):
        return OpinionReport.Source.MEMBER
    return OpinionReport.Source.INFORMANT


def _reporters(actor: Any, body: Body | None, people: Sequence[Person]) -> list[Reporter]:
    """The first reporter (body, or the actor himself), then whoever is named besides."""
    found: list[Reporter] = []
    if body is not None:
        found.append(Reporter(body=body, name=str(body), identity=Reporter.Identity.OTHER))
    elif not people:
        member = Member.objects.filter(pk=actor.member_id).first() if actor.member_id else None
        found.append(_of_member(member) if member else _outsider(actor))
    found += [_of_member(row.member) if row.member else _named(row) for row in people]
    return found


def _of_member(member: Member) -> Reporter:
    return Reporter(
        member=member, name=member.name, identity=Reporter.Identity.DISTRICT, post=member.post, phone=member.phone
    )


def _outsider(actor: Any) -> Reporter:
    return Reporter(user=actor, name=str(actor), identity=Reporter.Identity.INFORMANT, phone=actor.phone)


def _named(person: Person) -> Reporter:
    return Reporter(name=person.name.strip(), identity=person.identity, post=person.post, phone=person.phone)


@transaction.atomic
def set_reporters(report: OpinionReport, reporters: Sequence[Reporter], *, actor: Any) -> None:
    """Replace the reporters of a draft, in order; the same member is named once."""
    if len(reporters) > MOST_REPORTERS:
        raise Refusal(f"反映人最多{MOST_REPORTERS}位。", field="people")
    kept: list[Reporter] = []
    for row in reporters:
        if not row.name:
            raise Refusal("请填写反映人姓名。", field="people")
        if row.member_id and row.member_id in {other.member_id for other in kept}:
            continue
        kept.append(row)
    report.reporters.all().delete()
    for order, row in enumerate(kept):
        row.pk, row.report, row.order = None, report, order
    Reporter.objects.bulk_create(kept)
    report.reporter_name = kept[0].name if kept else ""
    report.save(update_fields=["reporter_name"])


@transaction.atomic
def add_people(report: OpinionReport, people: Sequence[Person], *, actor: Any) -> None:
    """Name those who report besides the first, in place of the ones named so far."""
    current = _own_draft(report, actor)
    first = list(current.reporters.filter(order=0))
    set_reporters(current, first + [_of_member(p.member) if p.member else _named(p) for p in people], actor=actor)


@transaction.atomic
def enter_for(report: OpinionReport, *, actor: Any, body: Body | None, people: Sequence[Person]) -> None:
    """Whose report it is that the office enters from paper 代录: a body's or a person's, with whoever reports besides."""
    if not actor.has_role(Role.INFO_EDITOR):
        raise Refusal("只有信息编辑能代别人录入来稿。")
    current = _own_draft(report, actor)
    current.body, current.source = body, _source_entered(body, people)
    current.save(update_fields=["body", "source"])
    first = [Reporter(body=body, name=str(body), identity=Reporter.Identity.OTHER)] if body else []
    named = [_of_member(person.member) if person.member else _named(person) for person in people]
    set_reporters(current, first + named, actor=actor)


def _source_entered(body: Body | None, people: Sequence[Person]) -> str:
    """What a report entered from paper counts as, by whoever reports first."""
    if body is not None:
        return SOURCES[body.kind]
    first = people[0] if people else None
    if first is None or first.identity in (Reporter.Identity.INFORMANT, Reporter.Identity.OTHER) and not first.member:
        return OpinionReport.Source.INFORMANT
    return OpinionReport.Source.PARTY if first.identity == Reporter.Identity.PARTY else OpinionReport.Source.MEMBER


@transaction.atomic
def save_draft(
    report: OpinionReport, *, actor: Any, version: int | None = None, publish_consent: bool | None = None, **text: Any
) -> OpinionReport:
    """Store what was typed; parts that are not given stay. Nothing need be complete before hand-in.

    ``text`` are title, situation, analysis, suggestions, category. ``version`` is the one that the page
    was made from: if somebody saved since, refuses with field "version".
    """
    current = _own_draft(report, actor)
    check_version(current, version)
    changed = _typed(current, text)
    if publish_consent is not None and publish_consent != current.publish_consent:
        current.publish_consent = publish_consent
        changed.append("publish_consent")
    return store(current, changed, actor=actor)


def check_version(current: OpinionReport, version: int | None) -> None:
    """Refuse a page that was made before somebody else saved."""
    if version is not None and version != current.version:
        who = current.saved_by or "另一个页面"
        at = f"{timezone.localtime(current.saved_at):%H:%M}"
        raise Refusal(f"{who}在{at}改过这一篇。您写的还在页面上，请对照以后再存。", field="version")


def _typed(current: OpinionReport, text: dict[str, Any]) -> list[str]:
    """Set the parts that differ; returns their names."""
    changed = []
    for name, typed in text.items():
        if name not in (*OpinionReport.PARTS, "category"):
            raise ValueError(name)
        value = (typed or "").replace("\r\n", "\n").strip()
        limit = OpinionReport._meta.get_field(name).max_length or 20000
        if len(value) > limit:
            label = OpinionReport._meta.get_field(name).verbose_name
            raise Refusal(f"{label}最多{limit}字，现在{len(value)}字。没有存这一次的改动，请压缩后再存。", field=name)
        if value != getattr(current, name):
            setattr(current, name, value)
            changed.append(name)
    return changed


def store(current: OpinionReport, changed: list[str], *, actor: Any) -> OpinionReport:
    """Save the changed columns of a locked row under a new version number."""
    if changed:
        current.version += 1
        current.saved_at, current.saved_by = timezone.now(), actor
        current.save(update_fields=[*changed, "version", "saved_at", "saved_by"])
    return current


@transaction.atomic
def submit(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Hand the report in: it gets its number once, and the author's wording is kept as version one."""
    current = lock(report)
    today = timezone.localdate()
    changes: dict[str, Any] = {"submitted_on": today}
    if current.code is None:
        changes |= {"code": next_code(today.year), "year": today.year}
    current = workflow.perform(current, "submit", actor=actor, changes=changes)
    keep_version(current, ReportVersion.Stage.AUTHOR, actor=actor)
    terms.open_accept(current, start=today)
    reindex(current)
    return current


@transaction.atomic
def withdraw(report: OpinionReport, *, actor: Any, reason: str) -> OpinionReport:
    """Take a report back before the office works on it."""
    current = workflow.perform(report, "withdraw", actor=actor, reason=reason)
    deadlines.void_case(current)
    return current


@transaction.atomic
def delete_draft(report: OpinionReport, *, actor: Any) -> None:
    """Throw a draft away that was never handed in."""
    current = _own_draft(report, actor)
    if current.code is not None:
        raise Refusal("已经报送过的来稿不能删除，可以撤回。")
    audit.record(verb="opinionreport.delete", summary=f"删除草稿《{current.title}》", actor=actor, subject=current)
    current.delete()


def lock(report: OpinionReport) -> OpinionReport:
    """The report, locked and read anew."""
    return OpinionReport.objects.select_for_update().get(pk=report.pk)


def _own_draft(report: OpinionReport, actor: Any) -> OpinionReport:
    current = lock(report)
    require(actor, "sentiment.write", current, act="修改")
    if current.status not in EDITABLE:
        raise Refusal(f"现在是“{current.get_status_display()}”，来稿不能再改。")
    return current


def next_code(year: int) -> str:
    """The next number of a year's reports, such as 2026-001; only inside a transaction."""
    return f"{year}-{next_number(code_scope(year)):03d}"


def code_scope(year: int) -> str:
    """The counter of a year's report numbers."""
    return f"sentiment.report:{year}"


def keep_version(report: OpinionReport, stage: str, *, actor: Any) -> ReportVersion | None:
    """Keep the present wording unless it is the last kept one."""
    last = report.versions.order_by("-number").first()
    wording = {name: getattr(report, name) for name in OpinionReport.PARTS}
    if last and wording == {name: getattr(last, name) for name in OpinionReport.PARTS}:
        return None
    number = last.number + 1 if last else 1
    return ReportVersion.objects.create(
        report=report, number=number, stage=stage, made_by=actor, made_at=timezone.now(), **wording
    )


def reindex(report: OpinionReport) -> None:
    """What the search 检索 and the similar reports 相似来稿 may find of a report; never by who reports,
    which not everybody who reads it may learn (``filters`` finds names for the office alone)."""
    search.index(report, report.code or "", report.title, report.text)
    similar.index(report, report.title, report.text)
