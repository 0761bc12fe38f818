"""Writing a report 写社情民意: one screen made for the phone, saved as one types, handed in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import attachments, handover, options
from core.acting import ask_first
from core.draft_pages import DraftPages
from core.errors import Refusal
from sentiment.forms.writing import TextForm
from sentiment.models import OpinionReport
from sentiment.selectors import get_report, similar_reports
from sentiment.services import writing

pages = DraftPages("sentiment_pages")
MOST_FILES = 5


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A report that is not stored yet; ``?from=`` begins it from another record."""
    if not request.user.has_perm("sentiment.add_report"):
        raise PermissionDenied
    if request.method == "POST" and (known := pages.known(request).get("pk")):
        return edit(request, known)  # saved by itself meanwhile: the same draft, not a second one
    return _screen(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, or a report that came back to be changed."""
    return _screen(request, _own(request, pk))


def _own(request: HttpRequest, pk: int) -> OpinionReport:
    report = get_report(request.user, pk)
    if not request.user.has_perm("sentiment.write", report):
        raise Http404
    return report


def _screen(request: HttpRequest, report: OpinionReport | None) -> HttpResponse:
    if report is not None and report.status not in writing.EDITABLE:
        messages.info(request, f"现在是“{report.get_status_display()}”，文字不能再改。")
        return redirect(report)
    if request.method != "POST":
        form = TextForm(user=request.user, report=report)
        source = handover.read(request.user, request.GET.get("from", "")) if report is None else None
        if source:
            form.initial |= {name: _words(value) for name, value in source[1].values.items() if name in form.fields}
        return _show(request, form, report, source)
    complete = not ({"later", "drop_file"} & set(request.POST))
    form = TextForm(request.POST, user=request.user, report=report, complete=complete)
    if form.is_valid():
        try:
            saved = _save(request, report, form)
            _take_files(request, saved)
            if "drop_file" in request.POST:
                _drop_file(request, saved)
                return redirect("sentiment:edit", saved.pk)
            if "later" in request.POST:
                messages.success(request, f"草稿已存，{timezone.localtime():%H:%M}。")
                return redirect("sentiment:edit", saved.pk)
            return _submit(request, saved)
        except Refusal as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            report = report or OpinionReport.objects.filter(pk=pages.known(request).get("pk")).first()
    return _show(request, form, report, None)


def _words(value: object) -> object:
    """A value for the draft: of several suggestions one a line."""
    return "\n".join(value) if isinstance(value, list) else value


def _submit(request: HttpRequest, report: OpinionReport) -> HttpResponse:
    page = ask_first(
        request,
        question=f"报送《{report.title}》？",
        consequence="报送后由编辑处理，退回以前不能再改。",
        label="报送",
        back_url=reverse("sentiment:edit", args=[report.pk]),
    )
    if page:
        return page
    saved = writing.submit(report, actor=request.user)
    messages.success(request, f"已报送，来稿编号{saved.code}。怎么处理会告诉您。")
    return redirect(saved)


@transaction.atomic
def _save(request: HttpRequest, report: OpinionReport | None, form: TextForm) -> OpinionReport:
    """Store what could be read; the draft is made at the first save and linked to what it came from."""
    people = form.cleaned_data.get("people")
    if report is None:
        saved = writing.create_draft(actor=request.user, body=form.cleaned_data.get("body"), **form.text())
        source = handover.read(request.user, request.POST.get("from", ""))
        if source:
            handover.link(source[0], saved, actor=request.user)
    else:
        saved = writing.save_draft(report, actor=request.user, version=pages.version(request), **form.text())
    if form.enters:
        writing.enter_for(saved, actor=request.user, body=form.cleaned_data.get("body"), people=form.entered())
    elif people is not None and (people or saved.reporters.filter(order__gt=0).exists()):
        writing.add_people(saved, people, actor=request.user)
    pages.remember(request, saved)
    return saved


def _take_files(request: HttpRequest, report: OpinionReport) -> None:
    """Store every uploaded file that may be stored; the refused ones are named, the rest stays."""
    for upload in request.FILES.getlist("files"):
        try:
            attachments.add(report, upload, actor=request.user, most=MOST_FILES)
        except Refusal as problem:
            messages.error(request, f"{problem}其他内容都在。")


def _drop_file(request: HttpRequest, report: OpinionReport) -> None:
    """Take one file off the draft; what was typed is stored already."""
    asked = request.POST["drop_file"]
    row = attachments.files_of(report).filter(pk=asked).first() if asked.isdecimal() else None
    if row is not None:
        attachments.remove(row, actor=request.user)
        messages.success(request, f"已删去“{row.name}”，别的都存好了。")


@require_POST
def autosave(request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """Store what is on the screen now; answers with the time, or why it could not be stored."""
    pk = pk or pages.known(request).get("pk")
    report = _own(request, pk) if pk else None
    if report is None and not request.user.has_perm("sentiment.add_report"):
        raise PermissionDenied
    form = TextForm(request.POST, user=request.user, report=report, complete=False)
    form.is_valid()  # what cannot be read yet is left as it is stored
    try:
        saved = _save(request, report, form)
    except Refusal as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    near = similar_reports(request.user, saved.title, saved.text, without=saved.pk) if saved.title else []
    return JsonResponse(
        {
            "saved_at": f"{timezone.localtime():%H:%M}",
            "url": reverse("sentiment:autosave", args=[saved.pk]),
            "beside": render_to_string("sentiment/_near.html", {"near": near}),
        }
    )


def _show(request: HttpRequest, form: TextForm, report: OpinionReport | None, source: Any) -> HttpResponse:
    title, text = (report.title, report.text) if report else (form.initial.get("title", ""), "")
    context = {
        "form": form,
        "report": report,
        "source": source[1] if source else None,
        "source_key": request.POST.get("from") or (request.GET.get("from", "") if source else ""),
        "near": similar_reports(request.user, title, text, without=report and report.pk) if title else [],
        "limit": options.value("sentiment.text_limit"),
        "files": list(attachments.files_of(report)) if report else [],
        "accept": attachments.ACCEPT,
        "file_words": attachments.WORDS,
        "file_limit": options.value("files.max_megabytes"),
        "most_files": MOST_FILES,
        "autosave_url": reverse("sentiment:autosave", args=[report.pk])
        if report
        else reverse("sentiment:autosave_new"),
        **pages.tokens(request, report),
    }
    return render(request, "sentiment/report_form.html", context)
