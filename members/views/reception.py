"""Reception days 接待日 in the workspace: a studio's rota, one day with its bookings, what is done to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import audit, navigation, options, spreadsheets
from core.acting import attempt
from core.errors import Refusal
from members import selectors
from members.matters.privacy import mask_name
from members.models import Booking, ReceptionDay
from members.services import booking, reception, rota_days
from members.studios import selectors as read
from members.studios.forms import DayForm, HostsForm, MoveForm, ReasonForm, RuleForm
from members.views.studios import form_page, sheet, studio_of


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) > 1900 else timezone.localdate().year


@require_safe
def studio_rota(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a year with hosts and bookings, the rule, and what a convener does with them."""
    studio = studio_of(request, pk)
    manages = request.user.has_perm("members.manage_studio", studio)
    year, now = _year(request), timezone.localtime()
    context = {
        "studio": studio, "year": year, "years": read.rota_years(studio), "manages": manages,
        "rule": read.rule_in_force(studio, now.date()), "today": now.date(),
        "rows": read.receptions(read.year_rota(studio, year, public=not manages), now),
        "announce_until": now.date() + timedelta(options.value("reception.announce_days") or 45),
    }  # fmt: skip
    return render(request, "members/studio_rota.html", context)


@require_safe
def rota_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's rota on one sheet."""
    studio, year = studio_of(request, pk), _year(request)
    days = [day for day in read.year_rota(studio, year, public=False) if not day.cancelled_at]
    context = {"studio": studio, "year": year, "months": read.by_month(days)}
    return render(request, "members/studio_rota_print.html", context)


COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("日期", 12, lambda row: row.day.on),
    ("开始", 8, lambda row: f"{row.day.opens:%H:%M}"),
    ("结束", 8, lambda row: f"{row.day.closes:%H:%M}"),
    ("接待委员", 30, lambda row: "、".join(map(str, row.hosts))),
    ("时段", 8, lambda row: len(row.times)),
    ("已约", 8, lambda row: row.booked),
    ("改期原因", 40, lambda row: row.day.moved_because),
    ("公布", 8, lambda row: "是" if row.day.announced_at else ""),
    ("已接待", 8, lambda row: "是" if row.day.held_at else ""),
    ("取消原因", 30, lambda row: row.day.cancel_reason),
)


@require_safe
def rota_export(request: HttpRequest, pk: int) -> FileResponse:
    """The year's rota as a spreadsheet; no visitor's data."""
    studio, year = studio_of(request, pk, "members.manage_studio"), _year(request)
    rows = read.receptions(read.year_rota(studio, year, public=False), timezone.localtime())
    file, count = spreadsheets.write("接待日", COLUMNS, rows)
    audit.record(verb="studio.rota_export", summary=f"导出{year}年接待日{count}次", actor=request.user, subject=studio)
    return sheet(file, f"接待日{year}")


@require_http_methods(["GET", "HEAD", "POST"])
def studio_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the rule; what it cannot read is said with examples."""
    studio = studio_of(request, pk, "members.manage_studio")
    rule, today = read.rule_in_force(studio, timezone.localdate()), timezone.localdate()
    initial = {"text": rule.text if rule else studio.reception_rule, "starts": today + timedelta(1)}
    if rule:
        initial |= {name: getattr(rule, name) for name in ("opens", "closes", "slot_minutes", "hosts_each")}
    form = RuleForm(request.POST or None, initial=initial)
    back = reverse("members:studio_rota", args=[pk])
    if request.method == "POST" and form.is_valid():
        act = lambda: reception.set_rule(studio, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, "接待日已定，以后的日子排好了。", form):
            return redirect(back)
    note = "已经公布、有人预约的日子不动；逢节假日自动移到下一个工作日，并写明原因。"
    return form_page(request, form, studio=studio, label="定接待日", back=back, note=note)


@require_POST
def studio_lay_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the studio's days out now."""
    studio = studio_of(request, pk, "members.manage_studio")
    try:
        laid = rota_days.lay_out(studio, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        until = rota_days.horizon(timezone.localdate())
        messages.success(
            request, f"排到{until.month}月{until.day}日：新排{laid.made}次，改期{laid.moved}次，去掉{laid.dropped}次。"
        )
        for problem in laid.problems:
            messages.warning(request, f"{problem}。")
    return redirect("members:studio_rota", pk)


@require_POST
def lay_out_all(request: HttpRequest) -> HttpResponse:
    """Lay the days of all studios out now."""
    if not request.user.has_perm("members.keep_studios"):
        raise PermissionDenied
    found = rota_days.lay_out_all(timezone.localdate(), actor=request.user)
    messages.success(request, f"{len(found)}家工作室共新排{sum(laid.made for laid in found.values())}次接待日。")
    for name, laid in found.items():
        for problem in laid.problems:
            messages.warning(request, f"{name}：{problem}")
    return redirect("members:studios")


@require_POST
def studio_announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the days to come."""
    studio = studio_of(request, pk, "members.manage_studio")
    until = timezone.localdate() + timedelta(options.value("reception.announce_days") or 45)
    count = reception.announce(studio, actor=request.user, until=until)
    messages.success(request, f"公布了{count}次接待日。" if count else "没有要公布的接待日。")
    return redirect("members:studio_rota", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def day_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a single day."""
    studio = studio_of(request, pk, "members.manage_studio")
    form = DayForm(request.POST or None, studio=studio)
    back = reverse("members:studio_rota", args=[pk])
    if request.method == "POST" and form.is_valid():
        act = lambda: reception.add_day(studio, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, "已加一天接待日。", form):
            return redirect(back)
    return form_page(request, form, studio=studio, label="加一天接待日", back=back)


# --- One day --------------------------------------------------------------------------------------


def _day_of(request: HttpRequest, pk: int, permission: str = "members.receive_on") -> ReceptionDay:
    day = get_object_or_404(read.with_people(ReceptionDay.objects.all()), pk=pk)
    if not request.user.has_perm(permission, day):
        raise PermissionDenied
    return day


@never_cache
@require_safe
def reception_day(request: HttpRequest, pk: int) -> HttpResponse:
    """To-day's visitors for the host's telephone: numbers masked, each with a link to record the matter."""
    return _show(request, _day_of(request, pk))


def _show(request: HttpRequest, day: ReceptionDay, shown: dict[int, str] | None = None) -> HttpResponse:
    rows = read.bookings(day)
    for row in rows:
        row.shown_name = mask_name(row.name)
        row.shown_phone = (shown or {}).get(row.pk) or selectors.mask_phone(row.phone)
        row.is_full = row.pk in (shown or {})
        row.matter_id = getattr(getattr(row, "visit", None), "pk", None)
    today = timezone.localdate()
    standing = [row for row in rows if not row.cancelled_at]
    context = {
        "day": day, "studio": day.studio, "today": today,
        "hosts": [seat.member for seat in day.seats.all()],
        "standing": standing, "gone": [row for row in rows if row.cancelled_at],
        "free": len(day.slots.all()) - len(standing),
        "manages": request.user.has_perm("members.manage_day", day),
        "must_tell": bool(day.cancelled_at or (day.planned_on and day.rule_id is None)) and day.on >= today,
        "can_hold": not (day.held_at or day.cancelled_at) and day.on <= today,
        "is_open": not (day.held_at or day.cancelled_at),
    }  # fmt: skip
    navigation.belongs(request, "members:studios")
    return render(request, "members/reception_day.html", context)


def _hosts(day: ReceptionDay, data: Any) -> forms.Form:
    return HostsForm(data, studio=day.studio, initial={"hosts": [seat.member_id for seat in day.seats.all()]})


VERBS: dict[str, tuple[str, str, Callable[[ReceptionDay, Any], forms.Form] | None, Callable[..., Any]]] = {
    "hosts": ("调整接待委员", "接待委员已调整，已通知本人。", _hosts, reception.set_hosts),
    "move": ("改期", "已改期。", lambda day, data: MoveForm(data), reception.move_day),
    "cancel": ("取消接待", "已取消。", lambda day, data: ReasonForm(data), reception.cancel_day),
    "announce": ("公布", "已公布，群众可以预约。", None, reception.announce_day),
    "held": ("登记已接待", "已登记，记入工作室和接待委员的履职。", None, reception.mark_held),
    "unheld": ("撤销已接待", "已撤销。", lambda day, data: ReasonForm(data), reception.mark_not_held),
}
"""What is done to a day: the button, what is said after, its form if any, the service."""
BY_HOSTS = ("held",)


@require_http_methods(["GET", "HEAD", "POST"])
def day_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One act on a day, by its form or by its button alone."""
    if verb not in VERBS:
        raise Http404
    label, done, make, serve = VERBS[verb]
    day = _day_of(request, pk, "members.receive_on" if verb in BY_HOSTS else "members.manage_day")
    back = reverse("members:reception_day", args=[pk])
    if make is None:
        if request.method == "POST":
            attempt(request, lambda: serve(day, actor=request.user), done)
        return redirect(back)
    form = make(day, request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: serve(day, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, done, form):
            return redirect(back)
    booked = reception.standing_bookings(day).count()
    note = f"已有{booked}人预约，办好后请按名单逐个打电话告知。" if booked and verb in ("move", "cancel") else ""
    lede = f"{day.on.month}月{day.on.day}日　{day.opens:%H:%M}至{day.closes:%H:%M}"
    return form_page(request, form, studio=day.studio, label=label, back=back, note=note, lede=lede)


@never_cache
@require_POST
def booking_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """For one booking: show the number (logged), note that the visitor was told, cancel in his stead."""
    row = get_object_or_404(Booking.objects.select_related("slot__day__studio"), pk=pk)
    day = _day_of(request, row.slot.day_id)
    if verb == "phone":
        return _show(request, day, {pk: reception.show_phone(row, actor=request.user)})
    if verb == "told":
        attempt(request, lambda: reception.told(row, actor=request.user), "记下了：已电话告知。")
    elif verb == "cancel" and request.user.has_perm("members.manage_day", day):
        attempt(request, lambda: booking.cancel(row, actor=request.user), "已代为取消，这个时段可以再约。")
    else:
        raise Http404
    return redirect("members:reception_day", day.pk)
