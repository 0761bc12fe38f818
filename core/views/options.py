"""The page on which staff change limits, deadlines and weights (参数设置)."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import options
from core.forms import OptionsForm
from core.models import OptionValue
from core.views.settings import settings_page


def _anchor(group: str) -> str:
    """Where a group stands on the page."""
    return f"group-{list(options.groups()).index(group) + 1}"


def _sections(bound: OptionsForm | None = None, bound_group: str = "") -> list[dict[str, Any]]:
    """Each group with its form, and beside each field its default and who changed it when."""
    changed = {row.key: row for row in OptionValue.objects.select_related("changed_by")}
    sections = []
    for group, members in options.groups().items():
        form = bound if bound and group == bound_group else OptionsForm(members)
        rows = [
            {
                "option": option,
                "field": form[option.key],
                "default": option.show(option.default),
                "changed": changed.get(option.key) if options.is_changed(option.key) else None,
            }
            for option in members
        ]
        sections.append({"group": group, "anchor": _anchor(group), "form": form, "rows": rows})
    return sections


@settings_page
@require_http_methods(["GET", "HEAD", "POST"])
def option_list(request: HttpRequest) -> HttpResponse:
    """Show every option under its group; a POST saves what was changed in one group."""
    if request.method != "POST":
        return render(request, "core/option_list.html", {"sections": _sections()})
    group = request.POST.get("group", "")
    if group not in options.groups():
        raise Http404
    form = OptionsForm(options.groups()[group], request.POST)
    if not form.is_valid():
        context = {"sections": _sections(form, group), "form": form}
        return render(request, "core/option_list.html", context, status=422)
    with transaction.atomic():
        saved = [
            options.declared(key).label
            for key, value in form.changes().items()
            if options.set_value(key, value, actor=request.user)
        ]
    if saved:
        messages.success(request, f"已保存“{group}”：{'、'.join(saved)}。")
    else:
        messages.info(request, f"“{group}”没有改动。")
    return redirect(f"{reverse('settings:options')}#{_anchor(group)}")


@settings_page
@require_POST
def option_reset(request: HttpRequest) -> HttpResponse:
    """Put one option back to its default (恢复默认)."""
    try:
        option = options.declared(request.POST.get("key", ""))
    except LookupError as error:
        raise Http404 from error
    if options.reset(option.key, actor=request.user):
        messages.success(request, f"“{option.label}”已恢复默认：{option.show(option.default)}。")
    else:
        messages.info(request, f"“{option.label}”本来就是默认值。")
    return redirect(f"{reverse('settings:options')}#{_anchor(option.group)}")
