"""Versions of the scoring rules 计分办法: the list, the sheet, the simulation, putting into force 施行."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.acting import ask_first, attempt
from core.errors import Refusal
from core.rule_sheets import Fault
from members.models import DutyEntry, ScoreRules
from members.scores import sheet as score_sheet
from members.scores.forms import ForceForm
from members.scores.ledger import MEMBER, STUDIO
from members.scores.scoring import SHARES
from members.services import score_rules
from members.services.scores import WORDS, read


@require_safe
def rules_list(request: HttpRequest) -> HttpResponse:
    """All versions for members or for studios, the newest first."""
    _manages(request)
    target = STUDIO if request.GET.get("target") == STUDIO else MEMBER
    rows = list(ScoreRules.objects.filter(target=target).select_related("made_by").defer("headings", "bands"))
    context = {
        "target": target, "is_member": target == MEMBER, "rows": rows, "words": WORDS[target],
        "draft": next((row for row in rows if row.in_force_at is None), None),
    }  # fmt: skip
    return render(request, "members/score_rules_list.html", context)


@require_POST
def rules_new(request: HttpRequest) -> HttpResponse:
    """Begin the next version from the one in force."""
    _manages(request)
    target = STUDIO if request.POST.get("target") == STUDIO else MEMBER
    return redirect("members:score_rules_item", pk=score_rules.draft_rules(target, actor=request.user).pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rules_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: a draft as a sheet to change, one in force to read."""
    row = _rules(request, pk)
    if row.in_force_at is not None:
        if request.method == "POST":
            messages.error(request, "施行了的办法不能再改，请另起草一版。")
            return redirect("members:score_rules_item", pk=pk)
        context = {"rules": row, "reading": read(row), "shares": SHARES, "words": WORDS[row.target]}
        return render(request, "members/score_rules_view.html", context)
    if request.method != "POST":
        return _sheet(request, row, score_sheet.Typed(row.title, row.headings, row.bands))
    typed = score_sheet.read(request.POST)
    try:
        score_rules.save_rules(row, actor=request.user, title=typed.title, headings=typed.headings, bands=typed.bands)
    except score_rules.Unsound as unsound:
        return _sheet(request, row, typed, unsound.faults)
    except Refusal as refusal:
        return _sheet(request, row, typed, [Fault(refusal.field or "", str(refusal))])
    messages.success(request, "草稿已保存。请先试算，看谁的等次会变，再施行。")
    name = "members:score_rules_simulation" if "simulate" in request.POST else "members:score_rules_item"
    return redirect(name, pk=pk)


@require_safe
def rules_simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would do to a year: who changes band, before it takes force."""
    row = _rules(request, pk)
    this_year = timezone.localdate().year
    rows = DutyEntry.objects.filter(**{f"{row.target}__isnull": False}).order_by()
    years = sorted({*rows.values_list("year", flat=True).distinct(), this_year}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else this_year
    found = score_rules.simulate(row, year)
    context = {
        "rules": row, "found": found, "years": years, "year": year, "is_member": row.target == MEMBER,
        "widest": max((max(before, after) for _, before, after in found.distribution), default=0),
        "form": ForceForm() if row.in_force_at is None else None, "words": WORDS[row.target],
        "unit_word": "名委员" if row.target == MEMBER else "家工作室",
    }  # fmt: skip
    return render(request, "members/score_rules_simulation.html", context)


@require_POST
def rules_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into force from a year, after asking."""
    row = _rules(request, pk)
    form = ForceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写从哪年起施行，如2026。")
        return redirect("members:score_rules_simulation", pk=pk)
    year = form.cleaned_data["from_year"]
    if page := ask_first(
        request,
        question=f"{row}从{year}年起施行？",
        consequence=f"{year}年起没有封存的年度都按它重算，施行后不能再改，只能另起草一版。",
        label="施行",
        back_url=request.path.replace("force", "simulate"),
    ):
        return page
    done = attempt(
        request,
        lambda: score_rules.put_in_force(row, actor=request.user, from_year=year),
        f"已施行，从{year}年起按第{row.number}版计分，正在重新计算。",
    )
    return redirect("members:score_rules_item" if done else "members:score_rules_simulation", pk=pk)


@require_POST
def rules_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after asking."""
    row = _rules(request, pk)
    if page := ask_first(
        request,
        question=f"删去草稿{row}？",
        consequence="删去后不能恢复；施行中的办法不受影响。",
        label="删去草稿",
        back_url=request.path.removesuffix("drop/"),
    ):
        return page
    attempt(request, lambda: score_rules.drop_rules(row, actor=request.user), "草稿已删去。")
    return redirect("members:score_rules")


def _sheet(
    request: HttpRequest, row: ScoreRules, typed: score_sheet.Typed, faults: list[Fault] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "rules": row, "title": typed.title, "words": WORDS[row.target], "is_member": row.target == MEMBER,
        "sheet": score_sheet.lay_out(typed.headings, typed.bands, target=row.target, faults=faults or []),
    }  # fmt: skip
    return render(request, "members/score_rules_form.html", context, status=422 if faults else 200)


def _manages(request: HttpRequest) -> None:
    if not request.user.has_perm("members.manage_scores"):
        raise Http404


def _rules(request: HttpRequest, pk: int) -> ScoreRules:
    _manages(request)
    return get_object_or_404(ScoreRules, pk=pk)
