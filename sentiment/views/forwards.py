"""What was forwarded 转办: the unit's list and answer, and what the author says of it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core import paging, workflow
from core.acting import ask_first, attempt
from members.models import Role
from sentiment.forms import AnswerForm, JudgeForm
from sentiment.models import Forward, ForwardStatus, OpinionReport
from sentiment.selectors import forwarded_to, get_report, report_facts
from sentiment.services import aftermath

NEWEST = (paging.Key("id", True),)


@require_safe
def forward_list(request: HttpRequest) -> HttpResponse:
    """What was sent to the person's units; what waits can be shown alone."""
    user = request.user
    if not (user.unit_ids() or user.has_role(Role.INSPECTION)):
        raise PermissionDenied
    rows = forwarded_to(user)
    waiting = request.GET.get("state") == "sent"
    if waiting:
        rows = rows.filter(status=ForwardStatus.SENT)
    page = paging.turn(rows, request.GET, NEWEST, size=30)
    context = {
        "rows": page.rows, "page": page, "unit_word": "篇", "waiting": waiting,
        "empty_title": "没有转来的社情民意", "empty_text": "区政协转来请您单位答复的会列在这里。",
    }  # fmt: skip
    return render(request, "sentiment/forward_list.html", context)


def _get(request: HttpRequest, pk: int) -> Forward:
    rows = Forward.objects.filter(report__in=OpinionReport.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("unit", "report"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def forward_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a unit reads what was sent and answers."""
    row = _get(request, pk)
    if not (request.user.has_perm("sentiment.answer", row) or request.user.has_role(Role.INSPECTION)):
        raise Http404
    report = get_report(request.user, row.report_id)
    facts = report_facts(report, request.user)
    problem = workflow.refusal(row, "answer", request.user)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if page := ask_first(
            request, question=f"答复《{report.title}》？", consequence=workflow.process_of(row)["answer"].confirm,
            label="送出答复", back_url=row.get_absolute_url(),
        ):  # fmt: skip
            return page
        text = form.cleaned_data["text"]
        if attempt(request, lambda: aftermath.answer(row, actor=request.user, text=text), "答复已送出。", form):
            return redirect(reverse("sentiment:forwards"))
    context = {
        "row": row, "report": report, "facts": facts, "form": None if problem else form, "problem": problem,
        "deadlines": [d for d in facts.deadlines if d.subject_id == row.pk and d.kind == "answer"],
    }  # fmt: skip
    return render(request, "sentiment/forward_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """The author says whether the answer is enough, or asks again."""
    row = _get(request, pk)
    problem = workflow.refusal(row, "accept", request.user)
    if not request.user.has_perm("sentiment.judge_answer", row):
        raise Http404
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and not problem and form.is_valid():
        enough = form.cleaned_data["enough"] == "1"
        if attempt(
            request,
            lambda: aftermath.judge(row, actor=request.user, enough=enough, comment=form.cleaned_data["comment"]),
            "谢谢，已记下。" if enough else "已请承办单位再办理，会有新的期限。",
            form,
        ):
            return redirect("sentiment:item", row.report_id)
    return render(request, "sentiment/forward_judge.html", {"row": row, "form": form, "problem": problem})
