"""The public puts topics in for the yearly plan 征集协商议题, and reads the plan that was issued and how far it is."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import PUBLISHED, AnnualPlan, PlanItem
from consultations.plans import progress
from consultations.services import topics
from core import options
from core.errors import Refusal
from core.throttle import throttled
from portal.forms_public import PublicForm, term_words

A_MINUTE, A_DAY = 5, 40
SESSION_KEY = "topic_receipt"
CONSENT = "同意区政协为研究这个议题使用我的称呼和手机号，不对外公开；计划印发{term}后删去，随时可以要求删除。"
TEXT = {"class": "form-control"}


def _title(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=60, required=required, widget=forms.TextInput(attrs=TEXT),
        help_text="一句话，如“城区老旧小区加装电梯”。" if required else "没有第二个就空着。",
        error_messages={"required": "请用一句话写出议题。"},
    )  # fmt: skip


def _text(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": 4, **TEXT}),
        error_messages={"required": "请说说为什么要议、希望解决什么。"},
    )  # fmt: skip


class PublicTopicForm(PublicForm):
    """One or two topics, and whom to tell."""

    title = _title("议题", required=True)
    text = _text("为什么要议、希望解决什么", required=True)
    title2 = _title("第二个议题", required=False)
    text2 = _text("第二个：为什么要议、希望解决什么", required=False)
    name = forms.CharField(
        label="怎么称呼您", max_length=20, widget=forms.TextInput(attrs={**TEXT, "autocomplete": "name"}),
        error_messages={"required": "请写怎么称呼您。"},
    )  # fmt: skip
    phone = forms.CharField(
        label="手机号", max_length=20, help_text="只用来核对和回访，网上不显示。",
        widget=forms.TextInput(attrs={**TEXT, "type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填手机号，网上不显示。"},
    )  # fmt: skip
    consent = forms.BooleanField(label="同意", error_messages={"required": "要先同意，才能收下。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = CONSENT.format(term=term_words(options.value("consultations.keep_days")))

    def clean(self) -> dict[str, Any]:
        """The second topic is whole or absent, and another than the first."""
        data = super().clean() or self.cleaned_data
        title, text = data.get("title2", "").strip(), data.get("text2", "").strip()
        if title and not text:
            self.add_error("text2", "请说说第二个议题为什么要议；不提了就把题目清空。")
        if text and not title:
            self.add_error("title2", "请写出第二个议题；不提了就把下面一格清空。")
        if title and title == data.get("title", "").strip():
            self.add_error("title2", "和第一个议题一样，请写另一个或者空着。")
        return data

    def topics(self) -> list[tuple[str, str]]:
        """Title and reasons of each topic."""
        data = self.cleaned_data
        found = [(data["title"], data["text"])]
        return [*found, (data["title2"], data["text2"])] if data["title2"].strip() else found


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("topics", most=A_MINUTE, when=lambda request: request.method == "POST")
@throttled("topics_day", most=A_DAY, seconds=24 * 3600, when=lambda request: request.method == "POST")
def write(request: HttpRequest) -> HttpResponse:
    """The call with its form while it is open; after sending it the receipt; and what came of the plan."""
    today = timezone.localdate()
    call = AnnualPlan.objects.calling(today).order_by("-year").first()
    form = PublicTopicForm(request.POST or None)
    if request.method == "POST" and call is None:
        form.add_error(None, "征集已经截止，没有收下。写好的内容还在页面上，可以复制到“反映情况”里写给区政协。")
    elif request.method == "POST" and call is not None and form.is_valid():
        data = form.cleaned_data
        try:
            sender = topics.receive(call, form.topics(), name=data["name"], phone=data["phone"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[SESSION_KEY] = sender.receipt_code
            return redirect("portal:topics_sent")
    context = {"call": call, "form": form if call or request.method == "POST" else None, **_issued(today)}
    return render(request, "portal/topics.html", {**context, "most": options.value("consultations.topics_each")})


def _issued(today: Any) -> dict[str, Any]:
    """The latest plan that was issued, its topics by month with how far they are; no names of leaders."""
    plan = AnnualPlan.objects.filter(status__in=PUBLISHED).order_by("-year").first()
    if plan is None:
        return {"plan": None}
    rows = progress.with_state(PlanItem.objects.filter(plan=plan).standing(), today).select_related("body")
    return {"plan": plan, "items": list(rows.order_by("month", "order", "id"))}


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The receipt code, once more on reload while the session lasts."""
    code = request.session.get(SESSION_KEY, "")
    return render(request, "portal/topics_sent.html", {"code": code}) if code else redirect("portal:topics")
