"""The pages on which staff keep the working calendar (工作日历)."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import arrangement, calendar_days, recomputing, workdays
from core.errors import Refusal
from core.forms import ArrangementForm, CalendarDayForm, YearField
from core.models import CalendarDay, Job
from core.views.settings import settings_page

WEEKDAYS = "一二三四五六日"
GET_AND_POST = ["GET", "HEAD", "POST"]
RUNS = "未完成的期限正在后台重算，算完发消息给您。"


def _year(request: HttpRequest) -> int:
    """The year asked for, else the present one; an impossible one does not exist."""
    asked = request.GET.get("year")
    if asked is None:
        return timezone.localdate().year
    try:
        return YearField().clean(asked)
    except ValidationError as error:
        raise Http404 from error


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('settings:calendar')}?year={year}")


@settings_page
@require_safe
def calendar_year(request: HttpRequest) -> HttpResponse:
    """A year's days off and 调休, and whether the arrangement is entered."""
    year = _year(request)
    rows = calendar_days.year_rows(year)
    this_year = timezone.localdate().year
    years = sorted({*calendar_days.entered_years(), this_year, this_year + 1, year})
    calendar = workdays.current()
    context = {
        "year": year,
        "years": [(each, calendar.published(each)) for each in years],
        "published": calendar.published(year),
        "missing": [each for each in (this_year, this_year + 1) if not calendar.published(each)],
        "rows": [(row, f"周{WEEKDAYS[row.date.weekday()]}") for row in rows],
        **_recomputation(),
        "total": calendar.count(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)),
    }
    return render(request, "core/calendar_year.html", context)


def _recomputation() -> dict[str, Any]:
    """The newest recomputation of deadlines, and whether one goes on."""
    job = recomputing.latest()
    return {"job": job, "under_way": bool(job and job.state in (Job.State.WAITING, Job.State.RUNNING))}


@settings_page
@require_POST
def calendar_recompute(request: HttpRequest) -> HttpResponse:
    """Compute open deadlines once more, where the last time broke off."""
    if not _recomputation()["under_way"]:
        recomputing.start(actor=request.user)
    messages.success(request, RUNS)
    return redirect("settings:calendar")


@settings_page
@require_http_methods(GET_AND_POST)
def calendar_day(request: HttpRequest, date: dt.date | None = None) -> HttpResponse:
    """Enter a day, or change the one of ``date``."""
    row = get_object_or_404(CalendarDay, date=date) if date else None
    form = CalendarDayForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        day = values.pop("date")
        if row is None and CalendarDay.objects.filter(date=day).exists():
            form.add_error("date", "这一天已经在表里，请到表里改它。")
        else:
            try:
                calendar_days.save_day(day, **values, actor=request.user)
            except Refusal as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, f"已保存{workdays.chinese_date(day)}。{RUNS}")
                return _to_year(day.year)
    context = {
        "form": form,
        "row": row,
        "year": row.date.year if row else _year(request),
        "open_deadlines": calendar_days.open_deadlines(),
    }
    status = 422 if form.errors else 200
    return render(request, "core/calendar_day.html", context, status=status)


@settings_page
@require_http_methods(GET_AND_POST)
def calendar_delete(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Take a day out of the table, after asking."""
    row = get_object_or_404(CalendarDay, date=date)
    day = workdays.chinese_date(date)
    if request.method == "POST" and request.POST.get("confirmed"):
        calendar_days.delete_day(row, actor=request.user)
        messages.success(request, f"已删除{day}。{RUNS}")
        return _to_year(date.year)
    context = {
        "question": f"删除{day}的“{row.name}{row.get_kind_display()}”？",
        "consequence": (
            f"删除以后，这一天按{'周末' if date.weekday() >= 5 else '工作日'}算，"
            f"{calendar_days.open_deadlines()}项未完成的期限会在后台重算。"
        ),
        "label": "删除",
        "action_url": request.path,
        "fields": [],
        "back_url": f"{reverse('settings:calendar')}?year={date.year}",
    }
    return render(request, "components/confirm_page.html", context)


@settings_page
@require_http_methods(GET_AND_POST)
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Read a pasted year first, show what it would do, and enter it on the second press."""
    context: dict[str, Any] = {"open_deadlines": calendar_days.open_deadlines()}
    if request.method != "POST":
        next_year = timezone.localdate().year + 1
        year = _year(request) if "year" in request.GET else next_year
        return render(
            request,
            "core/calendar_import.html",
            context | {"form": ArrangementForm(initial={"year": year})},
        )
    form = ArrangementForm(request.POST, request.FILES)
    context["form"] = form
    if not form.is_valid():
        return render(request, "core/calendar_import.html", context, status=422)
    reading = arrangement.read(form.cleaned_data["text"], form.cleaned_data["year"])
    if request.POST.get("confirmed") and not reading.problems:
        calendar_days.replace_year(reading, source=form.cleaned_data["source"], actor=request.user)
        messages.success(request, f"已录入{reading.year}年放假安排。{RUNS}")
        return _to_year(reading.year)
    context |= _preview(reading, form)
    return render(request, "core/calendar_import.html", context, status=422 if reading.problems else 200)


def _preview(reading: arrangement.Reading, form: ArrangementForm) -> dict[str, Any]:
    """What the page shows of a reading; the form goes on with the text that was read."""
    filled = {
        "year": reading.year,
        "source": form.cleaned_data["source"],
        "text": form.cleaned_data["text"],
    }
    return {
        "reading": reading,
        "days": [(day, f"周{WEEKDAYS[day.date.weekday()]}") for day in reading.days],
        "dropped": calendar_days.dropped_by(reading) if not reading.problems else [],
        "form": ArrangementForm(initial=filled),
    }
