"""Release a photograph of an activity or of a studio's ledger to the public 公开照片, or take it back."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.acting import attempt
from core.models import Attachment
from core.subjects import load_subject
from members.models import Activity, ReleasedPhoto, Studio, StudioRecord
from members.services import releasing
from members.studios.forms_released import ReleaseForm


@require_http_methods(["GET", "HEAD", "POST"])
def photo_release(request: HttpRequest, uuid: Any) -> HttpResponse:
    """One photograph: release it with its words, or take it back."""
    if not request.user.has_perm(releasing.RELEASE):
        raise PermissionDenied
    rows = Attachment.objects.filter(removed_at__isnull=True, content_type__in=releasing.PICTURES)
    file = get_object_or_404(rows, uuid=uuid)
    own, on, title, back = _source(file)
    row = ReleasedPhoto.objects.filter(file=file, withdrawn_at__isnull=True).select_related("studio").first()
    form = ReleaseForm(request.POST or None, own=own, initial={"caption": title[:80]})
    if request.method == "POST":
        if row is not None:
            taken: ReleasedPhoto = row
            if request.POST.get("verb") == "withdraw":
                attempt(request, lambda: releasing.withdraw(taken, actor=request.user), "照片已撤下。")
            return redirect("members:photo_release", uuid)
        if form.is_valid():
            done = "照片已公开，工作室的页面上看得到了。"
            said = {name: form.cleaned_data[name] for name in ("caption", "consented")}
            if attempt(
                request,
                lambda: releasing.release(file, actor=request.user, studio=form.chosen, on=on, **said),
                done,
                form,
            ):
                return redirect("members:photo_release", uuid)
    context = {"file": file, "row": row, "form": form, "title": title, "back": back, "on": on}
    return render(request, "members/photo_release.html", context, status=422 if form.errors else 200)


def _source(file: Attachment) -> tuple[Studio | None, date, str, str]:
    """Of what a photograph is: its studio if it has one, the day, the title, the page; 404 for any other file."""
    source = load_subject(file.subject_type, file.subject_id)
    if isinstance(source, StudioRecord) and source.removed_at is None:
        return source.studio, source.on, source.title, reverse("members:studio_record", args=[source.pk])
    if isinstance(source, Activity):
        own = Studio.objects.filter(pk=source.organizer_id, is_active=True).first()
        return own, source.on, source.title, source.get_absolute_url()
    raise Http404
