"""The office's work on a report 编辑、核稿、签发: three persons, every wording kept."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, workflow
from core.errors import Refusal
from sentiment import terms
from sentiment.models import OpinionReport, ReportStatus, ReportVersion
from sentiment.services.writing import check_version, keep_version, lock, next_code, reindex

JOINABLE = (ReportStatus.SUBMITTED, ReportStatus.EDITING, ReportStatus.KEPT)


@transaction.atomic
def accept(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Take a report in hand as its editor."""
    current = _decided(workflow.perform(report, "accept", actor=actor, changes={"editor": actor}))
    terms.open_stage(current, "edit", start=timezone.localdate())
    return current


@transaction.atomic
def turn_down(report: OpinionReport, verb: str, *, actor: Any, reason: str) -> OpinionReport:
    """Return to the author, keep 留存, or hand over to a proposal; the reason is told to the author."""
    if verb not in ("return", "keep", "to_proposal"):
        raise ValueError(verb)
    changes = {"editor_note": reason.strip()[:500]}
    return _decided(workflow.perform(report, verb, actor=actor, changes=changes, reason=reason))


def _decided(report: OpinionReport) -> OpinionReport:
    """The office has said what becomes of it: its terms are met."""
    terms.met_accept(report, on=timezone.localdate())
    terms.met_stages(report, on=timezone.localdate())
    return report


@transaction.atomic
def edit_text(report: OpinionReport, *, actor: Any, version: int | None = None, **text: str) -> OpinionReport:
    """Change the wording; each saved wording that differs is kept as a version.

    ``version`` is the one that the page was made from; of two editors the second is refused with
    field "version" and has lost nothing.
    """
    current = lock(report)
    check_version(current, version)
    changes = {name: value.replace("\r\n", "\n").strip() for name, value in text.items()}
    changes = {name: value for name, value in changes.items() if value != getattr(current, name)}
    if not changes:
        return current
    stage = ReportVersion.Stage.CHECK if current.status == ReportStatus.EDITED else ReportVersion.Stage.EDIT
    current = workflow.perform(current, "edit_text", actor=actor, changes=changes)
    current.version += 1
    current.saved_at, current.saved_by = timezone.now(), actor
    current.save(update_fields=["version", "saved_at", "saved_by"])
    keep_version(current, stage, actor=actor)
    reindex(current)
    return current


@transaction.atomic
def finish_edit(report: OpinionReport, *, actor: Any, note: str = "") -> OpinionReport:
    """Send the edited text to the check; whoever sends it is its editor."""
    changes = {"editor": actor, "editor_note": note[:500]}
    current = workflow.perform(report, "finish_edit", actor=actor, changes=changes)
    terms.open_stage(current, "check", start=timezone.localdate())
    return current


@transaction.atomic
def check(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Pass the check 核稿; never by the editor himself."""
    current = workflow.perform(report, "check", actor=actor, changes={"checker": actor})
    terms.open_stage(current, "sign", start=timezone.localdate())
    return current


@transaction.atomic
def sign(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Sign 签发; never by editor or checker."""
    current = workflow.perform(report, "sign", actor=actor, changes={"signer": actor})
    terms.met_stages(current, on=timezone.localdate())
    return current


@transaction.atomic
def send_back(report: OpinionReport, *, actor: Any, reason: str) -> OpinionReport:
    """Back to the editor with a reason; check and signature are given anew."""
    changes = {"checker": None, "signer": None}
    current = workflow.perform(report, "send_back", actor=actor, changes=changes, reason=reason)
    terms.open_stage(current, "edit", start=timezone.localdate())
    return current


@transaction.atomic
def make_composite(reports: Sequence[OpinionReport], *, actor: Any, title: str) -> OpinionReport:
    """Put several reports together as one 综合: it begins with their texts, each keeps its credit."""
    if len({report.pk for report in reports}) < 2:
        raise Refusal("请至少选两篇来稿编成综合。")
    title = title.strip()
    if not title:
        raise Refusal("请填写综合的标题。", field="title")
    rows = list(OpinionReport.objects.select_for_update().filter(pk__in=[row.pk for row in reports]).order_by("pk"))
    today = timezone.localdate()
    whole = workflow.begin(
        OpinionReport(
            year=today.year,
            code=next_code(today.year),
            source=OpinionReport.Source.COMPOSITE,
            title=title,
            category=rows[0].category,
            situation="\n\n".join(row.situation for row in rows if row.situation),
            analysis="\n\n".join(row.analysis for row in rows if row.analysis),
            suggestions="\n\n".join(row.suggestions for row in rows if row.suggestions),
            reporter_name="、".join(dict.fromkeys(row.reporter_name for row in rows))[:80],
            submitted_on=today,
            editor=actor,
            created_by=actor,
            saved_by=actor,
            publish_consent=all(row.publish_consent for row in rows),
        ),
        ReportStatus.EDITING,
    )
    whole.save()
    audit.record(
        verb="opinionreport.composite", summary=f"由{len(rows)}篇来稿编成综合", actor=actor, subject=whole,
        detail={"parts": [row.pk for row in rows]},
    )  # fmt: skip
    for row in rows:
        combine(row, whole, actor=actor)
    keep_version(whole, ReportVersion.Stage.EDIT, actor=actor)
    terms.open_stage(whole, "edit", start=today)
    reindex(whole)
    return whole


@transaction.atomic
def join_composite(reports: Sequence[OpinionReport], whole: OpinionReport, *, actor: Any) -> OpinionReport:
    """Put more reports into a composite that is still being edited: their texts stand behind what is there."""
    if not reports:
        raise Refusal("请至少选一篇来稿。")
    whole = lock(whole)
    rows = list(OpinionReport.objects.select_for_update().filter(pk__in=[row.pk for row in reports]).order_by("pk"))
    for row in rows:
        combine(row, whole, actor=actor)
    text: dict[str, Any] = {
        name: "\n\n".join(part for part in (getattr(whole, name), *(getattr(row, name) for row in rows)) if part)
        for name in ("situation", "analysis", "suggestions")
    }
    whole = edit_text(whole, actor=actor, **text)
    names = [*whole.reporter_name.split("、"), *(row.reporter_name for row in rows)]
    whole.reporter_name = "、".join(dict.fromkeys(name for name in names if name))[:80]
    whole.publish_consent = whole.publish_consent and all(row.publish_consent for row in rows)
    whole.save(update_fields=["reporter_name", "publish_consent"])
    return whole


@transaction.atomic
def combine(report: OpinionReport, whole: OpinionReport, *, actor: Any) -> OpinionReport:
    """Put one more report into a composite that is still being edited."""
    whole = lock(whole)
    if not whole.is_composite or whole.status != ReportStatus.EDITING:
        raise Refusal("只能编入正在编辑的综合稿。")
    return _decided(workflow.perform(report, "combine", actor=actor, changes={"combined_into": whole}))


@transaction.atomic
def take_out(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Take a report out of its composite; it is edited on its own again."""
    current = workflow.perform(report, "take_out", actor=actor, changes={"combined_into": None, "editor": actor})
    terms.open_stage(current, "edit", start=timezone.localdate())
    return current
