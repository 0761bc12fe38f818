"""Reasons against a move of a report, an issue or a forwarding, in words."""

from core import options
from sentiment.models import Forward, ForwardStatus, OpinionReport, ReportStatus


def _missing(report: OpinionReport) -> list[str]:
    parts = {"标题": report.title, "情况反映": report.situation, "对策建议": report.suggestions}
    return [label for label, text in parts.items() if not text.strip()]


def text_is_complete(report: OpinionReport, actor) -> str | None:
    """A report needs title, situation and suggestions within the limit, and who reports."""
    missing = _missing(report)
    if not report.reporters.exists():
        missing.append("反映人")
    if missing:
        return f"还缺{'、'.join(missing)}，补上以后再报送。"
    limit = options.value("sentiment.text_limit")
    length = len(report.situation) + len(report.analysis) + len(report.suggestions)
    return f"正文{length}字，最多{limit}字，请压缩以后再报送。" if length > limit else None


def edited_text_is_complete(report: OpinionReport, actor) -> str | None:
    """What goes to the check has a title and a text; a composite has its parts."""
    missing = _missing(report)
    if missing:
        return f"还缺{'、'.join(missing)}，补上以后再送核稿。"
    if report.is_composite and not report.parts_combined.exists():
        return "综合里还没有编入来稿。"
    return None


def not_composite(report: OpinionReport, actor) -> str | None:
    """A composite has no author to go back to."""
    return "综合稿不能这样处理，请把编入的来稿逐篇退出。" if report.is_composite else None


def has_author_to_ask(report: OpinionReport, actor) -> str | None:
    """A composite and a resident's letter have nobody with an account who could go on writing."""
    if report.source == OpinionReport.Source.PUBLIC:
        return "群众来信不能退回或请来信人改写；可以编辑采用，或者留存并答复来信人。"
    return not_composite(report, actor)


def came_from_resident(report: OpinionReport, actor) -> str | None:
    """Only a resident's letter is answered by its receipt code."""
    return None if report.receipt_code else "只有群众来信才用回执号答复。"


def composite_is_open(report: OpinionReport, actor) -> str | None:
    """A part may leave while the composite is still being edited."""
    whole = report.combined_into
    return "综合稿已送核稿，现在不能退出。" if whole and whole.status != ReportStatus.EDITING else None


def checker_is_another(report: OpinionReport, actor) -> str | None:
    """Who edited does not check (domain rules §2, three persons)."""
    if actor is not None and report.editor_id == actor.pk:
        return "编辑和核稿不能是同一个人，请另一位同事核稿。"
    return None


def signer_is_another(report: OpinionReport, actor) -> str | None:
    """Who edited or checked does not sign."""
    if actor is not None and actor.pk in (report.editor_id, report.checker_id):
        return "签发人不能同时是这一篇的编辑或核稿人。"
    return None


def not_in_issue(report: OpinionReport, actor) -> str | None:
    """A report that stands in an open issue is taken out of it first."""
    entry = report.entries.filter(bulletin__status="draft").first()
    return "这一篇已编入正在编排的一期，请先从那一期里拿出来。" if entry else None


def nothing_waits(report: OpinionReport, actor) -> str | None:
    """Every unit has answered."""
    waiting = Forward.objects.filter(report=report, status=ForwardStatus.SENT).count()
    return f"还有{waiting}家单位没有答复。" if waiting else None


def author_consents(report: OpinionReport, actor) -> str | None:
    """Nothing is published against its author's wish."""
    return None if report.publish_consent else "反映人不同意公开。"


def issue_is_complete(bulletin, actor) -> str | None:
    """An issue has signed reports only, and somebody to report to."""
    entries = list(bulletin.entries.select_related("report"))
    if not entries:
        return "这一期还没有篇目。"
    unsigned = [row.report.title for row in entries if row.report.status != ReportStatus.SIGNED]
    if unsigned:
        return f"《{unsigned[0]}》还没有签发，不能刊发。"
    return None if bulletin.report_to.strip() else "请填写报送哪些领导（报）。"


def issue_has_no_answer(bulletin, actor) -> str | None:
    """What was forwarded or answered cannot be unsaid."""
    gone = bulletin.entries.exclude(report__status=ReportStatus.ISSUED).select_related("report").first()
    return f"《{gone.report.title}》已经转办，这一期不能再撤回。" if gone else None
