"""Years of scores 年度积分: the ranking, its computation, closing 封存 and verification."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import jobs, paging
from core.acting import ask_first, attempt
from core.models import Job
from core.spreadsheets import CONTENT_TYPE
from members.models import ScoreYear
from members.scores import lists as score_lists
from members.scores.forms import ScoreFilter
from members.scores.ledger import MEMBER, STUDIO
from members.services import scores

HIGHEST = (paging.Key("points", True), paging.Key("id"))


@require_safe
def score_list(request: HttpRequest, target: str = MEMBER) -> HttpResponse:
    """The results of a year, the highest first, for those entitled to rankings."""
    _entitled(request)
    years = list(ScoreYear.objects.filter(target=target).select_related("rules", "closed_by").order_by("-year"))
    row = _chosen(request, years)
    manages = request.user.has_perm("members.manage_scores")
    context: dict[str, Any] = {
        "target": target, "is_member": target == MEMBER, "years": years, "year": row, "manages": manages,
        "this_year": timezone.localdate().year, "rows": [], "job": _latest_job() if manages else None,
        "words": scores.WORDS[target],
    }  # fmt: skip
    if row is None:
        return render(request, "members/score_list.html", context)
    form = ScoreFilter(request.GET, target=target, bands=[band["label"] for band in row.rules.bands])
    chosen = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    found = score_lists.results(row, **chosen)
    if request.GET.get("format") == "xlsx":
        file, name = score_lists.export(row, found, actor=request.user, query=request.GET.urlencode())
        return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    page = paging.turn(found, request.GET, HIGHEST, size=50)
    columns = score_lists.headings(row)
    for result in page.rows:
        result.by_heading = score_lists.by_heading(result, columns)
    context |= {
        "rows": page.rows, "page": page, "filters": form, "columns": columns,
        "shares": score_lists.distribution(row), "band_url": paging.without(request.GET, "band", "q", "sector"),
        "export_url": paging.without(request.GET, "format") + "&format=xlsx", "unit_word": "人" if target == MEMBER else "家",
        "may_close": manages and row.closed_at is None and row.year < context["this_year"],
    }  # fmt: skip
    return render(request, "members/score_list.html", context)


@require_POST
def scores_compute(request: HttpRequest) -> HttpResponse:
    """Compute all open years in a job."""
    _manages(request)
    job = scores.start_computing(actor=request.user)
    return redirect("members:score_job", pk=job.pk)


@never_cache
@require_safe
def score_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One computation: its progress while it runs, then what it did."""
    _manages(request)
    job = get_object_or_404(jobs.of_kinds(scores.JOB), pk=pk)
    under_way = job.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {"job": job, "under_way": under_way, "failed": job.state == Job.State.FAILED}
    return render(request, "members/score_job.html", context)


@require_POST
def score_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a year for ever, after asking."""
    _manages(request)
    row = get_object_or_404(ScoreYear, pk=pk)
    if page := ask_first(
        request,
        question=f"封存{row.year}年的{scores.WORDS[row.target]}？",
        consequence="封存以后得分、名次和等次不再改变：以后的更正只记进台账，新的计分办法也不影响这一年。不能撤销。",
        label="封存",
        back_url=_address(row),
    ):
        return page
    attempt(
        request,
        lambda: scores.close_year(row.target, row.year, actor=request.user),
        f"{row.year}年的{scores.WORDS[row.target]}已封存。",
    )
    return redirect(_address(row))


@require_POST
def score_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute a year again and say whether the digest is the stored one."""
    _entitled(request)
    row = get_object_or_404(ScoreYear.objects.select_related("rules"), pk=pk)
    found = scores.verify(row)
    if found.equal:
        messages.success(request, f"核对相符：重算的校验值与存下的一样，{found.stored[:12]}。")
    else:
        messages.error(
            request,
            f"核对不符：存下的是{found.stored[:12]}，重算出来是{found.computed[:12]}。请告诉系统管理员和审计管理员。",
        )
    return redirect(_address(row))


def _entitled(request: HttpRequest) -> None:
    if not request.user.has_perm("members.see_rankings"):
        raise Http404


def _manages(request: HttpRequest) -> None:
    if not request.user.has_perm("members.manage_scores"):
        raise Http404


def _chosen(request: HttpRequest, years: list[ScoreYear]) -> ScoreYear | None:
    asked = request.GET.get("year", "")
    return next((row for row in years if str(row.year) == asked), years[0] if years else None)


def _latest_job() -> Job | None:
    return jobs.of_kinds(scores.JOB).filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


def _address(row: ScoreYear) -> str:
    name = "members:studio_scores" if row.target == STUDIO else "members:scores"
    return f"{reverse(name)}?year={row.year}"
