"""Booking a reception day from the portal 预约: the form, the receipt, another time, cancelling without signing in."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import secrets, throttle
from core.errors import Refusal
from core.middleware import visitor_address
from core.throttle import throttled
from members.models import Booking, ReceptionSlot, Studio
from members.selectors import mask_phone
from members.services import booking
from members.studios import selectors as read
from portal.forms_booking import BookingForm, FindForm
from portal.studio_views import open_studio

DAYS = 6
POSTS_A_MINUTE = 60
"""From one address; a village office's computer may book for many."""
FINDS_A_MINUTE, FINDS_A_DAY = 10, 100
WRONG_A_DAY = 10
"""Wrong last digits for one receipt code, from wherever: there are ten thousand, and no more are tried."""
DAY = 24 * 3600
MOST_DIGITS = 18
"""Of a number that the database can hold."""


def _posted(request: HttpRequest) -> bool:
    return request.method == "POST"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("booking", most=POSTS_A_MINUTE, when=_posted)
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a time, say what it is about, leave a number; of two at once the second is told what is left."""
    studio = open_studio(pk)
    if request.method == "POST":
        return _take(request, studio)
    return _form(request, studio, BookingForm(initial={"slot": request.GET.get("slot", "")}))


def _form(request: HttpRequest, studio: Studio, form: forms.Form, *, status: int = 200) -> HttpResponse:
    """The page with what is free now; the day is that of the asked slot, else the asked one, else the first."""
    days = read.coming(studio, count=DAYS)
    bookable = [row for row in days if row.can_book]
    picked = str(form["slot"].value() or "")
    asked = request.GET.get("day", "")
    chosen = next(
        (row for row in bookable if any(str(time.slot.pk) == picked for time in row.times)),
        next((row for row in bookable if str(row.day.pk) == asked), bookable[0] if bookable else None),
    )
    still_free = chosen is not None and any(str(time.slot.pk) == picked and time.free for time in chosen.times)
    context = {
        "studio": studio, "days": bookable, "chosen": chosen, "form": form, "consent": booking.CONSENT,
        "picked": picked if still_free else "",
    }  # fmt: skip
    return render(request, "portal/booking_form.html", context, status=status)


def _take(request: HttpRequest, studio: Studio) -> HttpResponse:
    form = BookingForm(request.POST)
    if not form.is_valid():
        return _form(request, studio, form, status=400)
    said = form.cleaned_data
    slot = ReceptionSlot.objects.filter(pk=said["slot"], day__studio=studio).select_related("day").first()
    if slot is None:
        form.add_error("slot", "没有这个时段，请重新选。")
        return _form(request, studio, form, status=400)
    try:
        made = booking.book(
            slot, name=said["name"], phone=said["phone"], village=said["village"], matter=said["matter"],
            consented=said["consent"], source=visitor_address(request),
        )  # fmt: skip
    except booking.TooMany as refusal:
        response = render(request, "portal/booking_limit.html", {"studio": studio, "why": str(refusal)}, status=429)
        response["Retry-After"] = "86400"
        return response
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _form(request, studio, form, status=409 if isinstance(refusal, booking.SlotTaken) else 400)
    return redirect(reverse("portal:booking", args=[made.booking.receipt_code, made.secret]) + "?new=1")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("booking", most=POSTS_A_MINUTE, when=_posted)
def receipt(request: HttpRequest, code: str, secret: str) -> HttpResponse:
    """The receipt behind its link: the code, when and where, changes since; a post moves or cancels."""
    row = booking.by_link(code, secret)
    if row is None:
        raise Http404
    return _answer(request, row, fresh=request.GET.get("new") == "1", link=request.build_absolute_uri(request.path))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("booking_find", most=FINDS_A_MINUTE, when=_posted)
@throttled("booking_find_day", most=FINDS_A_DAY, seconds=DAY, when=_posted)
def find(request: HttpRequest) -> HttpResponse:
    """Without the link: the receipt code and the last four digits of the number."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, last_four = form.cleaned_data["code"], form.cleaned_data["last_four"]
        guesses = f"booking_code:{secrets.digest(booking.plain_digits(code), 'booking.tries')}"
        row = booking.by_code(code, last_four) if throttle.tries(guesses, DAY) <= WRONG_A_DAY else None
        if row is not None:
            throttle.forget(guesses)
            return _answer(request, row, form=form)
        form.add_error(
            None,
            "没有找到。请核对回执号和手机号的后四位；接待日一年以后的已经删去。一个回执号一天最多试错10次，再不行请打工作室的电话。",
        )
    return render(request, "portal/booking_find.html", {"form": form})


def _answer(request: HttpRequest, row: Booking, *, fresh: bool = False, link: str = "", form=None) -> HttpResponse:
    """The receipt; ``act=cancel`` posted gives the slot back after asking once, ``act=move`` takes another one."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    problem, done, status = "", "", 200
    try:
        if act == "cancel" and request.POST.get("sure") == "1":
            row = booking.cancel(row)
        if act == "move" and "go" in request.POST:
            row, done = booking.move(row, _chosen_slot(request, row)), "时间已经改好，原来的时间让给了别人。"
    except Refusal as refusal:
        problem, status = str(refusal), 409 if isinstance(refusal, booking.SlotTaken) else 400
    day, now = row.slot.day, timezone.localtime()
    can_move = not booking.why_fixed(row, day, now)
    context = {
        "row": row, "day": day, "studio": day.studio, "fresh": fresh, "link": link, "form": form,
        "hosts": [seat.member for seat in day.seats.select_related("member__sector").order_by("order", "id")],
        "phone": mask_phone(row.phone), "problem": problem, "done": done,
        "asking": act == "cancel" and not row.cancelled_at and not problem,
        "can_cancel": not (row.cancelled_at or day.cancelled_at) and can_move, "can_move": can_move,
    }  # fmt: skip
    if can_move and act == "move" and not done:
        context |= _other_times(request, row)
    response = render(request, "portal/booking_receipt.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = (
        "same-origin"  # with no-referrer a browser sends the cancelling form without its origin
    )
    return response


def _chosen_slot(request: HttpRequest, row: Booking) -> ReceptionSlot:
    """The slot that was picked among the studio's; ``Refusal`` where none was."""
    picked = request.POST.get("slot", "")
    slots = ReceptionSlot.objects.filter(day__studio=row.slot.day.studio).select_related("day")
    slot = slots.filter(pk=picked).first() if picked.isdecimal() and len(picked) < MOST_DIGITS else None
    if slot is None:
        raise Refusal("请先选一个时间。", field="slot")
    return slot


def _other_times(request: HttpRequest, row: Booking) -> dict:
    """The days with free times, and the one whose times are shown: the asked one, else his own, else the first."""
    days = [found for found in read.coming(row.slot.day.studio, count=DAYS) if found.can_book]
    asked = (request.POST.get("day", ""), str(row.slot.day_id))
    chosen = next((found for pk in asked for found in days if str(found.day.pk) == pk), days[0] if days else None)
    return {"moving": True, "days": days, "chosen": chosen, "picked": ""}
