"""记作别名: a name that a paper gives becomes another name of a unit, and the trial is read again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.models import Job
from core.papers import uploads
from members import selectors
from members.forms_alias import AliasForm
from members.services.units import add_alias


@require_http_methods(["GET", "HEAD", "POST"])
def unit_alias(request: HttpRequest) -> HttpResponse:
    """Choose the unit that is meant; units whose names are most like it come first."""
    if not request.user.has_role(*selectors.MANAGES_UNITS):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    name, job = asked.get("name", "").strip()[:40], _job(request, asked.get("job", ""))
    form = AliasForm(request.POST or None, name=name)
    if request.method == "POST" and form.is_valid():
        try:
            unit = add_alias(form.cleaned_data["unit"], name, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, job, f"“{name}”已记作{unit.name}的别名")
    context = {"form": form, "name": name, "job": job}
    return render(request, "members/unit_alias.html", context, status=422 if form.errors else 200)


def _job(request: HttpRequest, written: str) -> Job | None:
    """The trial to go back to; a forged number leads nowhere."""
    if not written.isdecimal() or len(written) > 18:
        return None
    found: Job | None = uploads.jobs_for(request.user).filter(pk=int(written), kind=uploads.TRIAL).first()
    return found


def _back(request: HttpRequest, job: Job | None, said: str) -> HttpResponse:
    if job is None:
        messages.success(request, f"{said}。")
        return redirect("members:units")
    try:
        uploads.read_again(job)
    except Refusal as refusal:
        messages.success(request, f"{said}。{refusal}")
    else:
        messages.success(request, f"{said}，正在再读一遍。")
    return redirect("settings:import_job", pk=job.pk)
