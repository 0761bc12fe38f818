"""Residents write 群众来信 and read what came of such letters: cleared titles and abstracts only."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import options, paging
from core.errors import Refusal
from core.middleware import visitor_address
from core.throttle import throttled
from portal.forms_public import term_words
from sentiment.models import OpinionReport
from sentiment.services import public_voice

NEWEST = (paging.Key("published_on", True), paging.Key("id", True))
PAGE = 20
A_MINUTE, A_DAY = 5, 40
SESSION_KEY = "voice_receipt"
CONSENT = "同意区政协为办理这件事使用我的称呼和手机号，不对外公开；办结{term}后删去，随时可以要求删除。"
TEXT = {"class": "form-control"}


def term() -> str:
    """How long after the end a writer's name and telephone are kept, in words."""
    return term_words(options.value("sentiment.keep_days"))


class VoiceForm(forms.Form):
    """A letter; a name and a telephone only if the writer wants, and then with consent."""

    title = forms.CharField(
        label="什么事", max_length=60, help_text="一句话说清哪里、什么事，如“金州路口绿灯太短”。",
        widget=forms.TextInput(attrs={**TEXT, "data-count": "60"}), error_messages={"required": "请用一句话说说是什么事。"},
    )  # fmt: skip
    text = forms.CharField(
        label="情况", max_length=1500, help_text="什么时候开始的，多少人受影响。",
        widget=forms.Textarea(attrs={"rows": 7, **TEXT, "data-count": "1500"}), error_messages={"required": "请写写情况。"},
    )  # fmt: skip
    suggestions = forms.CharField(
        label="您建议怎么办", max_length=600, required=False, help_text="希望谁来办、怎么办，没想好就空着。",
        widget=forms.Textarea(attrs={"rows": 3, **TEXT, "data-count": "600"}),
    )  # fmt: skip
    village = forms.CharField(label="哪个村（社区）", max_length=60, required=False, widget=forms.TextInput(attrs=TEXT))
    name = forms.CharField(
        label="怎么称呼您",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "name"}),
    )
    phone = forms.RegexField(
        r"^1\d{10}$", label="手机号", required=False, help_text="想让我们联系您就留下，不留也可以。",
        widget=forms.TextInput(attrs={**TEXT, "type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": "手机号应是11位数字。"},
    )  # fmt: skip
    consent = forms.BooleanField(label="同意", required=False)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = CONSENT.format(term=term())

    def clean(self) -> dict:
        """Personal data only with consent; who fills the field that nobody sees is a machine."""
        data = super().clean() or self.cleaned_data
        if (data.get("name") or data.get("phone")) and not data.get("consent"):
            self.add_error("consent", "留了称呼或手机号，请勾选同意；不愿意留的话，把这两项清空。")
        if data.get("website"):
            raise forms.ValidationError("没有收到，请用浏览器重新打开这一页再写。")
        return data


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("voice", most=A_MINUTE, when=lambda request: request.method == "POST")
@throttled("voice_day", most=A_DAY, seconds=24 * 3600, when=lambda request: request.method == "POST")
def write(request: HttpRequest) -> HttpResponse:
    """The form, and after sending it the receipt."""
    form = VoiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("title", "text", "suggestions", "village", "name", "phone")}
        try:
            report = public_voice.receive(**data, address=visitor_address(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[SESSION_KEY] = report.receipt_code
            return redirect("portal:voice_sent")
    context = {
        "form": form, "daily": options.value("sentiment.public_daily"), "term": term(),
        "accept_days": options.value("sentiment.accept_days"), "answer_days": options.value("sentiment.answer_days"),
    }  # fmt: skip
    return render(request, "portal/voice.html", context)


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The receipt code, once more on reload while the session lasts."""
    code = request.session.get(SESSION_KEY, "")
    if not code:
        return redirect("portal:voice")
    context = {"code": code, "accept_days": options.value("sentiment.accept_days")}
    return render(request, "portal/voice_sent.html", context)


@login_not_required
@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    """Opinion reports of which title and abstract were cleared, the newest first."""
    rows = OpinionReport.objects.public().only("public_title", "public_abstract", "published_on", "status", "closed_on")
    page = paging.turn(rows, request.GET, NEWEST, size=PAGE)
    return render(request, "portal/opinion_list.html", {"page": page, "rows": page.rows})
