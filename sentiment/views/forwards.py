"""What was forwarded 转办: the unit's list and answer, and what the author says of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core import attachments, paging, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from core.templatetags.frame import cn_date
from members.models import Role
from sentiment.forms.handling import MOST_ANSWER_FILES, AnswerForm, JudgeForm
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
    """The page on which a unit reads what was sent, answers, and learns what the author says."""
    row = _get(request, pk)
    answers = request.user.has_perm("sentiment.answer", row)
    if not (answers or request.user.has_role(Role.INSPECTION)):
        raise Http404
    report = get_report(request.user, row.report_id)
    problem = workflow.refusal(row, "answer", request.user)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if problem:
            messages.error(request, problem)
            return redirect(row)
        if "drop_file" in request.POST:
            _drop_file(request, row)
        elif form.is_valid() and _take_files(request, row, form):
            if page := ask_first(
                request, question=f"答复《{report.title}》？", consequence=workflow.process_of(row)["answer"].confirm,
                label="送出答复", back_url=row.get_absolute_url(),
            ):  # fmt: skip
                return page
            text = form.cleaned_data["text"]
            if attempt(request, lambda: aftermath.answer(row, actor=request.user, text=text), "答复已送出。", form):
                return redirect(reverse("sentiment:forwards"))
    facts = report_facts(report, request.user)
    others = [other for other in facts.forwards if other.unit_id == row.unit_id and other.pk != row.pk]
    own = next((other for other in facts.forwards if other.pk == row.pk), row)
    context = {
        "row": row, "report": report, "facts": facts, "form": None if problem else form, "problem": problem,
        "answers": answers, "now": _now(row, answers), "steps": _steps(row),
        "others": others, "files": own.files if own.answered_on else list(attachments.files_of(row)),
        "deadlines": [d for d in facts.deadlines if d.subject_id == row.pk and d.kind == "answer"],
        "consequence": workflow.process_of(row)["answer"].confirm,
    }  # fmt: skip
    return render(request, "sentiment/forward_item.html", context)


def _take_files(request: HttpRequest, row: Forward, form: AnswerForm) -> bool:
    """Store what goes with the answer before anything is asked; a file that is refused is named at its field."""
    for upload in form.cleaned_data["files"]:
        try:
            attachments.add(row, upload, actor=request.user, kind="answer", most=MOST_ANSWER_FILES)
        except Refusal as problem:
            form.add_error("files", f"{problem}答复还在页面上，没有送出。")
    return not form.errors


def _drop_file(request: HttpRequest, row: Forward) -> None:
    asked = request.POST["drop_file"]
    file = attachments.files_of(row).filter(pk=asked).first() if asked.isdecimal() else None
    if file is not None:
        attachments.remove(file, actor=request.user)
        messages.success(request, f"已删去“{file.name}”。")


def _now(row: Forward, answers: bool) -> tuple[str, str]:
    """What this moment asks of the reader, in a heading and a sentence."""
    if row.status == ForwardStatus.SENT:
        if answers:
            return "现在请您做：调查、答复", "看完来稿，写清调查的情况、已经办的、什么时候办完；送出后不能修改。"
        return f"等{row.unit}答复", "答复送出后，反映人和区政协都会收到。"
    if row.status == ForwardStatus.ANSWERED:
        return "已答复，等反映人反馈", "反映人满意就完了；请再办理的，会再转来，并有新的期限。"
    if row.status == ForwardStatus.ACCEPTED:
        return "办完了", "反映人对答复满意，现在不用再办什么。"
    return "反映人请再办理", "已经再转一次，请在新的一轮里答复。"


def _steps(row: Forward) -> list[dict[str, str]]:
    """Sent, answered, what the author says."""
    answered = row.status != ForwardStatus.SENT
    judged = row.status in (ForwardStatus.ACCEPTED, ForwardStatus.ASKED_AGAIN)
    return [
        {"label": "转来", "note": cn_date(row.sent_on), "state": "done"},
        {"label": "答复", "note": cn_date(row.answered_on), "state": "done" if answered else "current"},
        {
            "label": "反映人反馈",
            "note": row.get_status_display() if judged else "",
            "state": "done" if judged else ("current" if answered else ""),
        },
    ]


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
    context = {"row": row, "form": form, "problem": problem, "files": list(attachments.files_of(row))}
    return render(request, "sentiment/forward_judge.html", context)
