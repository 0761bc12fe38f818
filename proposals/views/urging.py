"""Urging 催办 in the browser: what was picked among the late tasks, a word to the units, and what became of each."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from proposals.models import UnitTask
from proposals.services import urging

MOST = 50


class UrgeForm(forms.Form):
    """A word to the units; may be left empty."""

    note = forms.CharField(
        label="带一句话", required=False, max_length=urging.MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以不写。承办单位的经办人和负责人都会收到，超期的事项自动写明。",
    )  # fmt: skip


@permission_required("proposals.urge", raise_exception=True)
def urge(request: HttpRequest) -> HttpResponse:
    """Show what was picked and ask for a word, then urge; each task once a day."""
    given = request.POST.getlist("pick") or request.GET.getlist("pick")
    picked = {int(pk) for pk in given if pk.isdecimal()}
    rows = UnitTask.objects.live().visible_to(request.user).filter(pk__in=picked)
    tasks = list(rows.select_related("proposal__session", "unit").order_by("unit_id", "pk")[:MOST])
    form = UrgeForm(request.POST or None)
    if request.method == "POST" and tasks and form.is_valid():
        result = urging.urge_many(tasks, actor=request.user, note=form.cleaned_data["note"])
        if result.done:
            messages.success(request, f"已催办{len(result.done)}件，经办人和负责人都会收到。")
        for task, problem in result.refused:
            messages.error(request, f"{task.proposal.case_no}：{problem}")
        return redirect("proposals:inspection")
    context = {"tasks": tasks, "form": form, "back": [("回到督查室", f"{reverse('proposals:inspection')}#late")]}
    return render(request, "proposals/inspection_urge.html", context)
