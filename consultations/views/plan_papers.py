"""The plan as a document: a page to read and print, and a Word file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from consultations.plans import paper as plan_paper
from consultations.views.plans import get_plan, items_of
from core import audit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def plan_print(request: HttpRequest, year: int) -> HttpResponse:
    """The plan set like paper."""
    plan = get_plan(request, year)
    context = {
        "plan": plan, "paper": plan_paper.paper(plan, items_of(plan)), "heads": plan_paper.HEADS,
        "amended": plan_paper.amended(plan),
    }  # fmt: skip
    return render(request, "consultations/plan_paper.html", context)


@require_safe
def plan_docx(request: HttpRequest, year: int) -> HttpResponse:
    """The same as a Word file; the log keeps who took it."""
    plan = get_plan(request, year)
    data = plan_paper.as_document(plan_paper.paper(plan, items_of(plan)))
    audit.record(verb="annualplan.word", summary="下载计划的Word文件", actor=request.user, subject=plan)
    name = plan_paper.file_name(plan)
    return HttpResponse(
        data, content_type=DOCX, headers={"Content-Disposition": content_disposition_header(True, name) or ""}
    )
