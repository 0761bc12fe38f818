"""Answers to the notice 回复: a member comes or asks for leave, a unit names whom it sends; the session in a calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.models import ConsultationStatus
from consultations.services import preparation, speaking
from consultations.sessions import access as session_access
from consultations.sessions import calendar as session_calendar
from consultations.sessions import forms
from consultations.sessions import page as session_page
from consultations.views.sessions import get_session
from core.acting import attempt
from core.views.calendar_feed import as_file
from members.models import HandlingUnit


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """参加 or 请假, in two touches on a phone."""
    row = get_session(request, pk)
    if not request.user.member_id or not session_access.takes_part(request.user, row):
        raise Http404
    if request.POST.get("answer") == "come":
        attempt(request, lambda: preparation.answer(row, actor=request.user, comes=True), "已回复：参加。")
    else:
        reason = request.POST.get("quick") or request.POST.get("reason", "")
        done = "请假已送出，等批。" if row.activity and row.activity.must_attend else "已回复：请假。"
        attempt(request, lambda: preparation.answer(row, actor=request.user, comes=False, reason=reason), done)
    return redirect(row)


@require_POST
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit says whom it sends; a refused form stands on the session's page with all that was typed."""
    row = get_session(request, pk)
    mine = HandlingUnit.objects.filter(pk__in=row.units.filter(pk__in=request.user.unit_ids()).values("pk"))
    if not mine.exists():
        raise Http404
    form = forms.DelegateForm(request.POST, units=mine)
    comes = request.POST.get("answer") != "none"
    if form.is_valid():
        data = form.cleaned_data
        done = f"已回复：派{data['people']}参加。" if comes else "已回复：不能参加。"
        if attempt(
            request,
            lambda: preparation.delegate(
                row, data["unit"], actor=request.user, comes=comes, people=data["people"], reason=data["reason"]
            ),
            done,
            form,
        ):
            return redirect(row)
    context = session_page.context(request, session_page.find(request.user, pk)) | {"delegate_form": form}
    return render(request, "consultations/session_item.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A member hands in his paper, or writes over what he gave before."""
    row = get_session(request, pk)
    if not request.user.member_id or not session_access.takes_part(request.user, row):
        raise Http404
    if row.status in (ConsultationStatus.CLOSED, ConsultationStatus.CANCELLED):
        messages.error(request, f"协商现在是“{row.get_status_display()}”，不能再交材料。")
        return redirect(row)
    given = {one.way: one for one in row.speeches.filter(member_id=request.user.member_id)}
    ahead = row.status in session_page.AHEAD
    mine = (given.get("spoken") if ahead else None) or given.get("written")
    initial = {"title": mine.title, "text": mine.text, "asks_to_speak": mine.asks_to_speak} if mine else None
    form = forms.HandInForm(request.POST or None, request.FILES or None, initial=initial)
    if mine is not None and mine.way == "spoken" or not ahead:
        del form.fields["asks_to_speak"]
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        files = data.pop("files", None) or []
        if attempt(
            request, lambda: speaking.hand_in(row, actor=request.user, files=files, **data), "材料交上去了。", form
        ):
            return redirect(f"{row.get_absolute_url()}#speeches")
    context = {"row": row, "form": form, "mine": mine, "listed": mine is not None and mine.way == "spoken"}
    return render(
        request, "consultations/session_hand_in.html", context, status=422 if form.is_bound and form.errors else 200
    )


@never_cache
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The session for a calendar; once more after it moved it moves the entry, cancelled it takes it back."""
    row = get_session(request, pk)
    if row.status == ConsultationStatus.PLANNED or not session_access.takes_part(request.user, row):
        raise Http404
    return as_file(session_calendar.file(row, base=request.build_absolute_uri("/")[:-1]), f"consultation-{row.pk}")
