"""Sign-in 签到 on phones: the member's code that changes every fifteen seconds, and the host's check of it."""

import io

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from core.errors import Refusal
from members.activities import selectors
from members.activities.forms import CodeForm
from members.models.activities import Activity, ActivityStatus, Attendance
from members.services import signin

LAST = 8
MASK = 2


@never_cache
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's own code for an activity to which he is invited; the page renews itself with the code."""
    activity = selectors.get_activity(request.user, pk)
    row = activity.attendances.filter(member_id=request.user.member_id or 0).first()
    if row is None:
        raise Http404
    context = {"activity": activity, "row": row, "seconds": 15}
    if row.state != Attendance.State.PRESENT and activity.status == ActivityStatus.NOTIFIED and activity.sign_in_open:
        digits, seconds = signin.personal_code(activity, row.member_id)
        address = f"{reverse('members:signin_check', args=[pk])}?m={row.member_id}&code={digits}"
        context |= {
            "digits": f"{digits[:4]} {digits[4:]}",
            "seconds": seconds,
            "qr": _picture(request.build_absolute_uri(address)),
        }
    # Three hundred phones ask every fifteen seconds: the script gets the box without the frame around it.
    alone = request.headers.get("X-Requested-With") == "fetch"
    return render(request, "members/signin_box.html" if alone else "members/signin_code.html", context)


def _picture(address: str) -> str:
    out = io.BytesIO()
    # A mask named beforehand saves trying all eight; phones read any of them.
    segno.make(address, error="m", micro=False, mask=MASK).save(
        out, kind="svg", xmldecl=False, svgns=True, svgclass=None, lineclass=None, scale=6, title="签到码",
        light="#fff", dark="#000",
    )  # fmt: skip
    return out.getvalue().decode()


@never_cache
def host(request: HttpRequest, pk: int) -> HttpResponse:
    """The host's desk: type the digits, see who came last and how many are still missing."""
    activity = selectors.get_run(request.user, pk)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = signin.take(activity, form.cleaned_data["code"], actor=request.user)
        except Refusal as problem:
            form.add_error("code" if problem.field == "code" else None, str(problem))
        else:
            messages.success(request, f"{row.member.name}，签到了。")
            return redirect("members:signin_host", pk)
    last = activity.attendances.filter(state=Attendance.State.PRESENT, signed_at__isnull=False)
    context = {
        "activity": activity,
        "form": form,
        "counts": selectors.tallies(activity),
        "last": list(last.select_related("member__sector").order_by("-signed_at")[:LAST]),
    }
    return render(request, "members/signin_host.html", context, status=422 if form.is_bound and form.errors else 200)


@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What a scanned code opens on the host's phone: whose it is, and the button that signs him in."""
    activity = selectors.get_run(request.user, pk)
    context = {"activity": activity}
    try:
        if request.method == "POST":
            row = signin.confirm(activity, request.POST.get("ticket", ""), actor=request.user)
            messages.success(request, f"{row.member.name}，签到了。")
            return redirect("members:signin_host", pk)
        context |= {"checked": _checked(request, activity)}
    except Refusal as problem:
        context |= {"problem": str(problem)}
    return render(request, "members/signin_check.html", context, status=422 if "problem" in context else 200)


def _checked(request: HttpRequest, activity: Activity) -> signin.Checked:
    member = request.GET.get("m", "")
    pk = int(member) if member.isdecimal() and len(member) < 18 else None
    return signin.check(activity, request.GET.get("code", ""), actor=request.user, member_id=pk)
