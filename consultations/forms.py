"""Forms of consultations: a session, a micro-consultation, the record."""

from typing import Any

from django import forms
from django.utils import timezone

from consultations.models import Consultation, PlanItem
from members.activity_access import run_bodies
from members.models import Body, HandlingUnit, Role

TEXT = {"class": "form-control"}
Form = Consultation.Form


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **TEXT})


def _date(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


def bodies_of(user: Any):
    """The bodies for which a person may enter a session."""
    rows = Body.objects.filter(is_active=True, kind__in=("committee", "studio", "sector", "office"))
    return rows if user.has_role(Role.LIAISON) else rows.filter(pk__in=run_bodies(user))


class SessionForm(forms.Form):
    """The particulars of a session."""

    title = forms.CharField(label="题目", max_length=120, widget=forms.TextInput(attrs=TEXT))
    form = forms.ChoiceField(label="形式", choices=[("", "请选择"), *Form.choices])
    organizer = forms.ModelChoiceField(
        label="承办单位", queryset=Body.objects.none(), required=False, empty_label="政协机关"
    )
    plan_item = forms.ModelChoiceField(
        label="对应的计划议题", queryset=PlanItem.objects.none(), required=False, empty_label="不在年度计划里"
    )
    on = _date("日期")
    starts_at = forms.TimeField(
        label="时间", required=False, widget=forms.TimeInput(attrs={"type": "time", **TEXT}, format="%H:%M")
    )
    place = forms.CharField(label="地点", max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))
    units = forms.ModelMultipleChoiceField(
        label="邀请单位", queryset=HandlingUnit.objects.filter(is_active=True), required=False,
        widget=forms.SelectMultiple(attrs={"class": "form-select", "size": "8"}), help_text="按住 Ctrl 可以选几家。",
    )  # fmt: skip
    parties = forms.CharField(
        label="其他各方",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text="如：群众代表、专家。",
    )
    background = forms.CharField(label="背景和材料", required=False, widget=_area(5))
    agenda = forms.CharField(label="议程", required=False, widget=_area(4), help_text="一行一项。")

    def __init__(self, data: Any = None, *, user: Any, session: Consultation | None = None):
        initial: dict[str, Any] = {}
        if session is not None:
            initial = {name: getattr(session, name) for name in self.base_fields if name not in ("units",)}
            initial["units"] = list(session.units.all())
        super().__init__(data, initial=initial)
        self.fields["organizer"].queryset = bodies_of(user)
        if not user.has_role(Role.LIAISON):
            self.fields["organizer"].required, self.fields["organizer"].empty_label = True, "请选择"
        year = timezone.localdate().year
        self.fields["plan_item"].queryset = PlanItem.objects.filter(plan__year__gte=year - 1)
        for name in ("form", "organizer", "plan_item"):
            self.fields[name].widget.attrs["class"] = "form-select"


class MicroForm(forms.Form):
    """A micro-consultation: four fields, and who of the members was there."""

    organizer = forms.ModelChoiceField(label="工作室", queryset=Body.objects.none(), empty_label=None)
    title = forms.CharField(label="商量什么事", max_length=120, widget=forms.TextInput(attrs=TEXT))
    on = _date("哪一天", initial=timezone.localdate)
    parties = forms.CharField(
        label="谁参加了",
        max_length=300,
        widget=forms.TextInput(attrs=TEXT),
        help_text="如：社区干部、居民代表、区住建局。不写群众姓名。",
    )
    consensus = forms.CharField(label="商量成什么", widget=_area(4), help_text="形成的共识，谁来办。")
    members = forms.CharField(
        label="到场的委员",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text="姓名或委员编号，用顿号分开。",
    )
    follow_up_on = _date("哪天回头看", required=False)

    def __init__(self, data: Any = None, *, user: Any, initial: dict[str, Any] | None = None):
        super().__init__(data, initial=initial)
        self.fields["organizer"].queryset = bodies_of(user).filter(kind="studio")
        self.fields["organizer"].widget.attrs["class"] = "form-select"


class RecordForm(forms.Form):
    """The record of a session that took place."""

    minutes = forms.CharField(label="会议记录", required=False, widget=_area(8))
    consensus = forms.CharField(label="形成的共识", required=False, widget=_area(4))
    suggestions_count = forms.IntegerField(label="意见建议（条）", required=False, min_value=0, max_value=9999)
    follow_up_on = _date("回头看日期", required=False)

    def __init__(self, data: Any = None, *, session: Consultation):
        super().__init__(data, initial={name: getattr(session, name) for name in self.base_fields})


class PlainForm(forms.Form):
    """An act that asks for nothing; the field only makes an empty form valid when posted."""

    sure = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")


class ReasonForm(forms.Form):
    """An act with its reason."""

    reason = forms.CharField(label="理由", max_length=500, widget=_area(3), error_messages={"required": "请写明理由。"})


class SpeechForm(forms.Form):
    """A speech or a written opinion."""

    member = forms.CharField(
        label="委员", max_length=40, widget=forms.TextInput(attrs=TEXT), help_text="姓名或委员编号。"
    )
    way = forms.ChoiceField(label="方式", choices=[("spoken", "会上发言"), ("written", "书面意见")])
    title = forms.CharField(label="题目", max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["way"].widget.attrs["class"] = "form-select"


class SessionFilter(forms.Form):
    """The conditions of the list, in the address: q, form, state, year."""

    GROUPS = {"held_all": ("held", "reported", "closed")}
    STATES = [("held_all", "已举行及以后"), *Consultation.Status.choices]

    q = forms.CharField(
        label="题目、地点、参加各方",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={**TEXT, "type": "search"}),
    )
    form = forms.ChoiceField(label="形式", required=False, choices=[("", "全部形式"), *Form.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *STATES])
    year = forms.IntegerField(
        label="年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )

    def __init__(self, data: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["form"].widget.attrs["class"] = "form-select"
        self.fields["state"].widget.attrs["class"] = "form-select"
