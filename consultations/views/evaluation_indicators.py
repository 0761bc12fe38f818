"""Versions of the indicators 评价指标: the list, the sheet, the simulation, putting into force 施行."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.evaluation import indicator_sheet
from consultations.evaluation import summary as summaries
from consultations.models import IndicatorSet
from consultations.services import indicators as services
from core.acting import ask_first, attempt
from core.errors import Refusal
from core.rule_sheets import Fault
from members.scores.forms import ForceForm


def _manages(request: HttpRequest) -> None:
    if not request.user.has_perm(services.RIGHT):
        raise Http404


def _found(request: HttpRequest, pk: int) -> IndicatorSet:
    _manages(request)
    return get_object_or_404(IndicatorSet, pk=pk)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, the newest first."""
    _manages(request)
    rows = list(IndicatorSet.objects.select_related("made_by").defer("parts", "levels", "bands"))
    context = {"rows": rows, "draft": next((row for row in rows if row.in_force_at is None), None)}
    return render(request, "consultations/evaluation_versions.html", context)


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin the next version from the one in force."""
    _manages(request)
    return redirect("consultations:indicators_item", services.draft(actor=request.user).pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: a draft as a sheet to change, one in force to read."""
    row = _found(request, pk)
    if row.in_force_at is not None:
        if request.method == "POST":
            messages.error(request, "施行了的指标不能再改，请另起草一版。")
            return redirect("consultations:indicators_item", pk)
        return render(request, "consultations/evaluation_version.html", {"row": row, "reading": services.reading(row)})
    if request.method != "POST":
        return _sheet(request, row, indicator_sheet.Typed(row.title, row.parts, row.levels, row.bands))
    typed = indicator_sheet.read(request.POST, services.codes_ever_used())
    try:
        services.save(
            row, actor=request.user, title=typed.title, parts=typed.parts, levels=typed.levels, bands=typed.bands
        )
    except services.Unsound as unsound:
        return _sheet(request, row, typed, unsound.faults)
    except Refusal as refusal:
        return _sheet(request, row, typed, [Fault(refusal.field or "", str(refusal))])
    messages.success(request, "草稿已保存。请先试算，看哪些协商的等次会变，再施行。")
    name = "consultations:indicators_simulation" if "simulate" in request.POST else "consultations:indicators_item"
    return redirect(name, pk)


def _sheet(
    request: HttpRequest, row: IndicatorSet, typed: indicator_sheet.Typed, faults: list[Fault] | None = None
) -> HttpResponse:
    context = {"row": row, "title": typed.title, "sheet": indicator_sheet.lay_out(typed, faults or [])}
    return render(request, "consultations/evaluation_sheet.html", context, status=422 if faults else 200)


@require_safe
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would do to a year's evaluations: whose grade changes, before it takes force."""
    row = _found(request, pk)
    years = sorted({*summaries.years(), timezone.localdate().year}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    context = {
        "row": row, "found": services.simulate(row, year), "years": years, "year": year,
        "form": ForceForm() if row.in_force_at is None else None,
    }  # fmt: skip
    return render(request, "consultations/evaluation_simulation.html", context)


@require_POST
def force(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into force from a year, after asking."""
    row = _found(request, pk)
    form = ForceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写从哪年起施行，如2026。")
        return redirect("consultations:indicators_simulation", pk)
    year = form.cleaned_data["from_year"]
    if page := ask_first(
        request, question=f"{row}从{year}年起施行？", label="施行",
        consequence="以后开始的评价按它办；已经开始和结束的评价仍用原来的一版。施行后不能再改，只能另起草一版。",
        back_url=request.path.replace("force", "simulate"),
    ):  # fmt: skip
        return page
    done = attempt(
        request,
        lambda: services.put_in_force(row, actor=request.user, from_year=year),
        f"已施行，{year}年起的协商按第{row.number}版评价。",
    )
    return redirect("consultations:indicators_item" if done else "consultations:indicators_simulation", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after asking."""
    row = _found(request, pk)
    if page := ask_first(
        request, question=f"删去草稿{row}？", consequence="删去后不能恢复；施行中的指标不受影响。", label="删去草稿",
        back_url=request.path.removesuffix("drop/"),
    ):  # fmt: skip
        return page
    attempt(request, lambda: services.drop(row, actor=request.user), "草稿已删去。")
    return redirect("consultations:indicators")
