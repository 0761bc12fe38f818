"""The page of one report 一事一页, the editor's desk, and the small acts done from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import handover, navigation, options, workflow
from core.act_forms import PlainForm
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.selectors import mask_phone
from sentiment.forms import acts as forms
from sentiment.models import (
    Adoption,
    Bulletin,
    Forward,
    ForwardStatus,
    LeaderNote,
    OpinionReport,
    Reporter,
    ReportStatus,
)
from sentiment.models.queries import OUT
from sentiment.selectors import ReportFacts, changes, get_report, report_facts, similar_reports
from sentiment.services import aftermath, bulletins, editing, writing


@dataclass(frozen=True)
class Button:
    """One thing that the person may do now; ``strong`` marks the one that is expected next."""

    label: str
    url: str
    strong: bool = False


@dataclass(frozen=True)
class Act:
    """How one act is done from its own small page."""

    form: Callable[..., Any]
    run: Callable[[OpinionReport, Any, dict[str, Any]], Any]
    done: str
    label: str = ""
    permission: str = ""


def _decline(verb: str) -> Callable[[OpinionReport, Any, dict[str, Any]], Any]:
    return lambda row, who, data: editing.turn_down(row, verb, actor=who, **data)


ACTS: dict[str, Act] = {
    "withdraw": Act(forms.ReasonForm, lambda row, who, data: writing.withdraw(row, actor=who, **data), "已撤回。"),
    "accept": Act(PlainForm, lambda row, who, data: editing.accept(row, actor=who), "已收稿，可以编辑了。"),
    "return": Act(forms.ReasonForm, _decline("return"), "已退回，反映人会收到意见。"),
    "keep": Act(forms.ReasonForm, _decline("keep"), "已留存，反映人会收到通知。"),
    "to_proposal": Act(forms.ReasonForm, _decline("to_proposal"), "已建议写成提案，反映人会收到通知。"),
    "take_out": Act(PlainForm, lambda row, who, data: editing.take_out(row, actor=who), "已退出综合。"),
    "finish_edit": Act(forms.NoteOfEditorForm, lambda row, who, data: editing.finish_edit(row, actor=who, **data), "已送核稿。"),
    "check": Act(PlainForm, lambda row, who, data: editing.check(row, actor=who), "核稿通过，已送签发。"),
    "sign": Act(PlainForm, lambda row, who, data: editing.sign(row, actor=who), "已签发，可以编入刊期。"),
    "send_back": Act(forms.ReasonForm, lambda row, who, data: editing.send_back(row, actor=who, **data), "已退回编辑。"),
    "forward": Act(forms.ForwardForm, lambda row, who, data: aftermath.forward(row, list(data["units"]), actor=who, request=data["request"], days=data["days"]), "已转办，承办单位会收到通知。"),
    "reply_sender": Act(forms.ReplySenderForm, lambda row, who, data: aftermath.reply_sender(row, actor=who, **data), "已答复，来信人凭回执号能看到。"),
    "close": Act(PlainForm, lambda row, who, data: aftermath.close(row, actor=who), "已办结。"),
    "publish": Act(forms.PublishForm, lambda row, who, data: aftermath.publish(row, actor=who, **data), "已公开，门户上能看到了。"),
    "unpublish": Act(forms.ReasonForm, lambda row, who, data: aftermath.unpublish(row, actor=who, **data), "已撤下。"),
    "into_issue": Act(PlainForm, lambda row, who, data: bulletins.take_in(row, actor=who), "已编入正在编排的一期。", "编入刊期", "sentiment.issue"),
    "adopt": Act(forms.AdoptForm, lambda row, who, data: aftermath.adopt(row, actor=who, **data), "已登记采用。", "登记采用", "sentiment.record_aftermath"),
    "write_note": Act(forms.OwnNoteForm, lambda row, who, data: aftermath.write_note(row, actor=who, **data), "批示已登记，信息编辑会收到通知。", "批示", "sentiment.write_note"),
    "note": Act(forms.LeaderNoteForm, lambda row, who, data: aftermath.note(row, actor=who, **data), "已登记批示。", "登记批示", "sentiment.record_aftermath"),
    "delete": Act(PlainForm, lambda row, who, data: writing.delete_draft(row, actor=who), "草稿已删除。", "删除草稿", "sentiment.write"),
}  # fmt: skip
NEXT: dict[str, str] = {
    ReportStatus.SUBMITTED: "accept", ReportStatus.EDITED: "check", ReportStatus.SIGNED: "into_issue",
    ReportStatus.CHECKED: "sign", ReportStatus.ISSUED: "forward", ReportStatus.ANSWERED: "close",
}  # fmt: skip
SEVERAL = 2
"""Wordings beyond which the first is set against the present one before the steps between."""
AFTER = (ReportStatus.KEPT, ReportStatus.COMBINED, *OUT)
SHOWN_IN = {"into_issue": (ReportStatus.SIGNED,), "adopt": AFTER, "note": AFTER, "write_note": OUT}
"""States in which an act beside the machine is to be expected, so that its button stands on the page."""


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The text, where it stands, what is due, who did what, and what this person may do."""
    return _item(request, get_report(request.user, pk))


@require_POST
def phones(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the telephones of those who report in full; the look is recorded."""
    report = get_report(request.user, pk)
    try:
        aftermath.see_phones(report, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    response = _item(request, report, full_phones=True)
    response["Cache-Control"] = "no-store"
    return response


def _item(request: HttpRequest, report: OpinionReport, *, full_phones: bool = False) -> HttpResponse:
    facts = report_facts(report, request.user)
    linked = report.has_links and facts.shows_reporters
    pairs = list(zip(facts.versions, facts.versions[1:], strict=False))
    context = {
        "report": report,
        "facts": facts,
        "timeline": facts.timeline,
        "deadlines": facts.deadlines,
        "steps": facts.steps,
        "buttons": buttons(report, request.user, facts.forwards),
        "contacts": _contacts(facts, request.user, full=full_phones),
        "full_phones": full_phones,
        "may_correct": request.user.has_perm("sentiment.record_aftermath", report),
        "whole": changes(facts.versions[0], report) if len(facts.versions) > SEVERAL else [],
        "versions": [(later, changes(earlier, later)) for earlier, later in pairs],
        "came_from": handover.seen_by(request.user, handover.sources_of(report)) if linked else [],
        "went_to": handover.seen_by(request.user, handover.targets_of(report)) if linked else [],
    }
    return render(request, "sentiment/report_item.html", context)


def _contacts(facts: ReportFacts, user: Any, *, full: bool) -> list[tuple[Reporter, str]]:
    """Who reports with the number at which he is reached, for whoever must reach him; masked unless ``full``."""
    if not user.has_perm("sentiment.see_contacts", facts.report):
        return []
    return [(row, row.phone if full else mask_phone(row.phone)) for row in facts.reporters if row.phone]


def buttons(report: OpinionReport, user: Any, forwards: Sequence[Forward] = ()) -> list[Button]:
    """What ``user`` may do now, the expected act first."""
    allowed = {row.verb: row for row in workflow.allowed(report, user)}
    if report.published_on:
        allowed.pop("publish", None)
    else:
        allowed.pop("unpublish", None)
    found = []
    if report.status in writing.EDITABLE and user.has_perm("sentiment.write", report):
        label = "按意见修改" if report.status == ReportStatus.RETURNED else "接着写"
        found.append(Button(label, reverse("sentiment:edit", args=[report.pk]), strong=True))
    if "edit_text" in allowed:
        now = report.status == ReportStatus.EDITING
        found.append(Button("编辑文稿", reverse("sentiment:work", args=[report.pk]), strong=now))
    expected = NEXT.get(report.status, "")
    for verb, act in ACTS.items():
        if act.permission:
            shown = report.status in SHOWN_IN.get(verb, ()) and user.has_perm(act.permission, report)
        else:
            shown = verb in allowed
        if shown:
            label = act.label or allowed[verb].label
            found.append(Button(label, reverse("sentiment:act", args=[report.pk, verb]), strong=verb == expected))
    if report.status == ReportStatus.TO_PROPOSAL and user.has_perm("sentiment.write", report):
        found.append(
            Button(
                "写成提案",
                navigation.address("proposals:new", f"from=sentiment.opinionreport:{report.pk}"),
                strong=True,
            )
        )
    for row in forwards:
        if row.status == ForwardStatus.ANSWERED and user.has_perm("sentiment.write", report):
            label = f"对{row.unit}的答复说说满意不满意"
            found.append(Button(label, reverse("sentiment:forward_judge", args=[row.pk]), strong=True))
    strong = next((button for button in found if button.strong), None)
    return [Button(row.label, row.url, row is strong) for row in sorted(found, key=lambda row: row is not strong)]


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act on its own page: say what follows from it, ask what it needs, do it."""
    report = get_report(request.user, pk)
    known = ACTS.get(verb)
    if known is None:
        raise Http404
    label, consequence, problem = _says(report, verb, known, request.user)
    if problem:
        messages.error(request, problem)
        return redirect(report)
    form = known.form(request.POST or None, request.FILES or None, record=report)
    if request.method == "POST" and form.is_valid():
        if consequence and (page := ask_first(
            request, question=f"{label}：{report.title}？", consequence=consequence, label=label,
            back_url=report.get_absolute_url(),
        )):  # fmt: skip
            return page
        made: list[Any] = []
        if attempt(request, lambda: made.append(known.run(report, request.user, form.values())), known.done, form):
            if isinstance(made[0], Bulletin):
                return redirect(made[0])
            return redirect("sentiment:list") if verb == "delete" else redirect("sentiment:item", pk)
    context = {
        "report": report, "form": form, "label": label, "consequence": consequence, "many_checks": verb == "forward",
    }  # fmt: skip
    return render(request, "sentiment/report_act.html", context)


def _says(report: OpinionReport, verb: str, known: Act, user: Any) -> tuple[str, str, str | None]:
    """Label, consequence, and why it may not be done now."""
    if known.permission:
        may = user.has_perm(known.permission, report)
        return (
            known.label,
            "删除后不能恢复。" if verb == "delete" else "",
            None if may else f"您没有“{known.label}”的权限。",
        )
    row = workflow.process_of(report)[verb]
    return row.label, row.confirm, workflow.refusal(report, verb, user)


@require_http_methods(["GET", "HEAD", "POST"])
def unrecord(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Take a wrongly recorded adoption or note off, with a reason."""
    report = get_report(request.user, pk)
    model = {"adoption": Adoption, "note": LeaderNote}.get(kind)
    if model is None or not request.user.has_perm("sentiment.record_aftermath", report):
        raise Http404
    record = get_object_or_404(model, pk=row, report=report, removed_at__isnull=True)
    form = forms.CorrectionForm(request.POST or None, record=report)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            request, lambda: aftermath.remove_record(record, actor=request.user, reason=reason), "已删去。", form
        ):
            return redirect(report)
    what = f"{record.get_level_display()}级{record._meta.verbose_name}"
    name = record.body_name if isinstance(record, Adoption) else record.leader
    context = {
        "report": report, "form": form, "label": "删去登记", "what": f"{what}：{name}",
        "consequence": "删去以后不再计分、不再显示；操作记录里仍查得到。",
    }  # fmt: skip
    return render(request, "sentiment/report_act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor's desk: the wording to change, the author's beside it, similar reports, what to do next."""
    report = get_report(request.user, pk)
    if problem := workflow.refusal(report, "edit_text", request.user):
        messages.error(request, problem)
        return redirect(report)
    form = forms.WorkForm(request.POST or None, report=report)
    version = request.POST.get("version") or report.version
    if request.method == "POST" and form.is_valid():
        given = request.POST.get("version", "")
        try:
            saved = editing.edit_text(
                report, actor=request.user, version=int(given) if given.isdecimal() else None, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            report.refresh_from_db()
            version = report.version  # what stands there now is shown beside; saving again is meant
        else:
            messages.success(request, f"文稿已存，第{saved.versions.count()}稿。")
            return redirect("sentiment:act" if "next" in request.POST else "sentiment:work", *_where(request, pk))
    first = report.versions.first()
    context = {
        "report": report,
        "form": form,
        "version": version,
        "theirs": changes(report, _Typed(form)) if form.errors else [],
        "since_author": changes(first, report) if first else [],
        "near": similar_reports(request.user, report.title, report.text, without=report.pk),
        "limit": options.value("sentiment.text_limit"),
        "parts": list(report.parts_combined.all()),
        "may_finish": workflow.refusal(report, "finish_edit", request.user) is None,
    }
    return render(request, "sentiment/report_work.html", context)


def _where(request: HttpRequest, pk: int) -> tuple[Any, ...]:
    return (pk, "finish_edit") if "next" in request.POST else (pk,)


class _Typed:
    """What an editor typed, as a wording that can be compared with the stored one."""

    def __init__(self, form: forms.WorkForm):
        for name in OpinionReport.PARTS:
            setattr(self, name, (form.data.get(name) or "").replace("\r\n", "\n").strip())
