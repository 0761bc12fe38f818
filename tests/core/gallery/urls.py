"""The site's addresses and, before them, one address for each sample page."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from core import errors_views, workdays
from core.models import Deadline
from hanbin_cppcc.urls import handler400, handler403, handler404, handler500
from hanbin_cppcc.urls import urlpatterns as site_urls

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

HERE = Path(__file__).parent
TITLES = [
    "关于完善山区农村集中供水工程长效管护机制的建议",
    "关于整治北山农村公路临崖路段隐患的建议",
    "关于加强社区工厂女工职业健康服务的建议",
]


class SampleFilter(forms.Form):
    """A filter bar as a list page has it."""

    q = forms.CharField(
        label="案号、案由、正文", required=False, widget=forms.TextInput({"class": "form-control", "type": "search"})
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "不限"), ("open", "办理中")],
        widget=forms.Select({"class": "form-select"}),
    )
    unit = forms.ChoiceField(
        label="主办单位",
        required=False,
        choices=[("", "不限"), ("1", "区水利局")],
        widget=forms.Select({"class": "form-select"}),
    )


class SampleForm(forms.Form):
    """A form with each kind of control."""

    kind = forms.ChoiceField(
        label="以谁的名义",
        choices=[("i", "委员个人"), ("j", "委员联名"), ("s", "农业界别")],
        widget=forms.RadioSelect,
        help_text="您是农业界委员，可以选下面三种。",
    )
    title = forms.CharField(
        label="案由",
        max_length=50,
        help_text="一事一案，写成“关于……的建议”。",
        widget=forms.TextInput({"data-count": "50"}),
    )
    category = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("1", "社会建设")])
    situation = forms.CharField(
        label="情况与问题", help_text="写看到的事实：在哪里、多少、影响谁。", widget=forms.Textarea({"rows": 4})
    )
    units = forms.MultipleChoiceField(
        label="建议承办单位",
        required=False,
        choices=[("1", "区水利局"), ("2", "区财政局")],
        widget=forms.CheckboxSelectMultiple,
        help_text="最多五家，只作参考。",
    )
    deadline = forms.DateField(label="哪天以前", required=False, widget=forms.DateInput({"type": "date"}))
    files = forms.FileField(label="附件", required=False, help_text="一个文件不超过20兆。")
    consent = forms.BooleanField(label="同意公开", help_text="公开的是正文和答复，不含联系方式。")


def _deadline(days: int, *, met: bool = False) -> Deadline:
    start = timezone.localdate() - timedelta(days=10)
    due = workdays.add_working_days(start, days)
    return Deadline(
        label="反馈",
        starts=start,
        due=due.due,
        unit=Deadline.Unit.WORKING_DAYS,
        amount=days,
        rule=due.rule,
        provisional=due.provisional,
        met_on=timezone.localdate() if met else None,
    )


def _context(request: HttpRequest) -> dict:
    today = timezone.localdate()
    months = workdays.add_months(today - timedelta(days=20), 3)
    rows = [
        SimpleNamespace(
            pk=n, no=f"第{n}号", title=title, who="贺青川", unit="区水利局", due=today + timedelta(days=n * 4 - 8)
        )
        for n, title in enumerate(TITLES, start=1)
    ]
    bound = SampleForm(
        {"title": "关于" + "长" * 55 + "的建议", "kind": "", "category": "", "situation": "北部山区12个镇。"}
    )
    return {
        "rows": rows,
        "page": SimpleNamespace(total=46, capped=False, previous_url="", next_url="?after=3"),
        "filters": SampleFilter(request.GET or {"state": "open"}),
        "active_filters": [("届次", "十六届五次", "?"), ("状态", "办理中等5项", "?")],
        "clear_url": "?", "export_url": "?format=xlsx", "batch_url": "?",
        "batch_actions": [("remind", "批量催办"), ("export", "导出选中")],
        "form": SampleForm() if request.GET.get("fresh") else bound,
        "deadlines": [
            _deadline(15),
            _deadline(5, met=True),
            Deadline(
                label="答复", starts=months.starts, due=months.due, unit=Deadline.Unit.MONTHS, amount=3,
                rule=months.rule, provisional=months.provisional,
            ),
        ],
        "steps": [
            {"label": "提交", "note": "1月22日", "state": "done"},
            {"label": "审查立案", "note": "第123号", "state": "done"},
            {"label": "交办", "note": "等提案委", "state": "current"},
            {"label": "答复", "note": "", "state": ""},
        ],
        "timeline": [
            {"at": timezone.now(), "who": "提案委　苏砚清", "what": "准予立案", "reason": "一事一案，建议具体"},
            {"at": timezone.now() - timedelta(days=3), "who": "贺青川", "what": "提交提案", "reason": ""},
        ],
        "files": [{"name": "走访照片.jpg", "url": "#", "size": 204_800}],
        "figures": [
            {"value": 1402, "unit": "件", "name": "收到提案", "note": "去年同日1,380件", "url": "?"},
            {"value": 346, "unit": "件", "name": "立案", "note": "", "url": "?"},
        ],
        "question": "准予立案4件，编第361至364号？",
        "consequence": "编了案号不能再改。四位提案者马上收到消息，正文从此定下。",
        "label": "准予立案4件", "action_url": "?", "back_url": "?", "fields": [("verb", "file")],
    }  # fmt: skip


@login_not_required
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Show the sample page of this name, or an application's page with sample values."""
    if request.GET.get("say"):
        messages.success(request, "已送达三位委员。")
        messages.error(request, "没有存上：案由是空的。")
    source = HERE / f"{name}.html"
    engine = engines["django"]
    template = (
        engine.from_string(source.read_text(encoding="utf-8"))
        if source.exists()
        else engine.get_template(name.replace("--", "/") + ".html")
    )
    return HttpResponse(template.render(_context(request), request))


@login_not_required
def broken(request: HttpRequest, code: int) -> HttpResponse:
    """Show the page of an error."""
    show = {
        400: errors_views.bad_request, 404: errors_views.not_found, 413: errors_views.too_large,
        429: errors_views.too_many, 500: errors_views.server_error, 503: errors_views.unavailable,
        403: errors_views.csrf_failure,
    }  # fmt: skip
    return show[code](request)


urlpatterns = [
    path("sample/error/<int:code>/", broken),
    path("sample/<slug:name>/", sample),
    *site_urls,
]
