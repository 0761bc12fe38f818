"""Forms of sessions 协商活动: the particulars, the light form, preparation, answers, speeches, the record, the filter."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from consultations.forms import TEXT, Form, area, bodies_of, day
from consultations.models import Consultation, PlanItem, Speech
from core import attachments
from core.errors import Refusal
from core.import_forms import SeveralFilesField, SeveralFilesInput
from members.models import Body, HandlingUnit, Role

ORGANIZERS = ("committee", "studio", "sector", "office")
SORTS = [
    ("", "日期，近的在前"),
    ("oldest", "日期，早的在前"),
    ("due", "期限，急的在前"),
    ("suggestions", "意见建议，多的在前"),
]
FILE_KINDS = [("material", "会议材料"), ("photo", "照片"), ("speech", "发言材料")]


def _files(label: str) -> SeveralFilesField:
    field = SeveralFilesField(label=label, required=False, help_text=f"{attachments.WORDS}。可以一次选几个。")
    field.widget = SeveralFilesInput(attrs={**TEXT, "accept": attachments.ACCEPT})
    return field


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
    on = day("日期", help_text="改了日期、时间、地点，请过的委员和单位各收到一条更正通知。")
    starts_at = forms.TimeField(
        label="时间", required=False, widget=forms.TimeInput(attrs={"type": "time", **TEXT}, format="%H:%M")
    )
    ends_at = forms.TimeField(
        label="结束时间", required=False, widget=forms.TimeInput(attrs={"type": "time", **TEXT}, format="%H:%M")
    )
    place = forms.CharField(label="地点", max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))
    units = forms.ModelMultipleChoiceField(
        label="邀请单位", queryset=HandlingUnit.objects.filter(is_active=True), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="可以选几家；发了通知以后加的，只给新加的发。",
    )  # fmt: skip
    parties = forms.CharField(
        label="其他各方",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text="如：群众代表、专家。",
    )
    background = forms.CharField(
        label="背景", required=False, widget=area(5), help_text="为什么协商、现在是什么情况。请的人才看得到。"
    )
    work_plan = forms.CharField(
        label="工作方案",
        required=False,
        widget=area(5),
        help_text="怎样准备：调研什么、谁负责、什么时候完成。承办的同志和调研组看。",
    )
    agenda = forms.CharField(label="议程", required=False, widget=area(4), help_text="一行一项。")

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: Any, session: Consultation | None = None):
        initial: dict[str, Any] = {}
        if session is not None:
            initial = {name: getattr(session, name) for name in self.base_fields if name not in ("units",)}
            initial["units"] = list(session.units.all())
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["organizer"].queryset = bodies_of(user)
        if not user.has_role(Role.LIAISON):
            fields["organizer"].required, fields["organizer"].empty_label = True, "请选择"
        year = timezone.localdate().year
        fields["plan_item"].queryset = PlanItem.objects.filter(plan__year__gte=year - 1)
        for name in ("form", "organizer", "plan_item"):
            fields[name].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """An end after the beginning."""
        data = super().clean() or {}
        if data.get("ends_at") and data.get("starts_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", "结束时间要在开始时间以后。")
        return data


class MicroForm(forms.Form):
    """A micro-consultation: four fields and a photograph; who of the members was there, and when to look again, may follow."""

    FIRST = ("title", "parties", "consensus", "on", "photo")

    organizer = forms.ModelChoiceField(label="工作室", queryset=Body.objects.none(), empty_label=None)
    title = forms.CharField(label="商量什么事", max_length=120, widget=forms.TextInput(attrs=TEXT))
    parties = forms.CharField(
        label="谁参加了",
        max_length=300,
        widget=forms.TextInput(attrs=TEXT),
        help_text="如：社区干部、居民代表、区住建局。不写群众姓名。",
    )
    consensus = forms.CharField(label="商量成什么", widget=area(3), help_text="形成的共识，谁来办。")
    on = day("哪一天", initial=timezone.localdate)
    photo = forms.FileField(
        label="照片",
        required=False,
        widget=forms.ClearableFileInput(attrs={**TEXT, "accept": "image/jpeg,image/png"}),
        help_text="现场拍一张，或者选一张。",
    )
    members = forms.CharField(
        label="到场的委员",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text="姓名或委员编号，用顿号分开。记入他们的履职档案。",
    )
    follow_up_on = day("哪天回头看", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, user: Any, initial: dict[str, Any] | None = None):
        super().__init__(data, files, initial=initial)
        fields: dict[str, Any] = self.fields
        studios = bodies_of(user).filter(kind="studio")
        fields["organizer"].queryset = studios
        own = list(studios[:2])
        if len(own) == 1:  # nothing to choose: one field less
            fields["organizer"].initial = own[0].pk
            fields["organizer"].widget = forms.HiddenInput()
        else:
            fields["organizer"].widget.attrs["class"] = "form-select"

    def clean_photo(self) -> Any:
        """A picture, of what phones make."""
        photo = self.cleaned_data["photo"]
        if photo:
            try:
                _, kind = attachments.check(photo)
            except Refusal as problem:
                raise forms.ValidationError(str(problem)) from problem
            if not kind.startswith("image/"):
                raise forms.ValidationError("这里只收照片（JPG、PNG）。")
        return photo


class RecordForm(forms.Form):
    """The record of a session that took place."""

    minutes = forms.CharField(label="会议记录", required=False, widget=area(8))
    consensus = forms.CharField(label="形成的共识", required=False, widget=area(4))
    suggestions_count = forms.IntegerField(label="意见建议（条）", required=False, min_value=0, max_value=9999)
    follow_up_on = day("回头看日期", required=False)

    spoke = forms.MultipleChoiceField(
        label="会上发了言的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="没有发言的去掉勾，不记入履职档案。",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, session: Consultation, speakers: Sequence[Speech] = ()):
        names = [name for name in self.base_fields if name != "spoke"]
        super().__init__(data, initial={name: getattr(session, name) for name in names})
        if speakers:
            field: Any = self.fields["spoke"]
            field.choices = [(str(one.pk), str(one)) for one in speakers]
            field.initial = [str(one.pk) for one in speakers]
        else:
            del self.fields["spoke"]


class SpeechForm(forms.Form):
    """An entry of the speaking list, or a written opinion that was handed over on paper."""

    member = forms.CharField(
        label="谁",
        max_length=60,
        widget=forms.TextInput(attrs=TEXT),
        help_text="委员写姓名或编号；部门、专家写单位和姓名，并勾“不是委员”。",
    )
    is_guest = forms.BooleanField(label="不是委员", required=False)
    way = forms.ChoiceField(label="方式", choices=Speech.Way.choices)
    title = forms.CharField(label="题目", max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))
    minutes = forms.IntegerField(
        label="几分钟", required=False, min_value=1, max_value=240, widget=forms.NumberInput(attrs=TEXT)
    )

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["way"].widget.attrs["class"] = "form-select"
        self.fields["is_guest"].widget.attrs["class"] = "form-check-input"


class EntryForm(forms.Form):
    """Topic and minutes of an entry that stands already."""

    title = forms.CharField(label="题目", max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))
    minutes = forms.IntegerField(
        label="几分钟", required=False, min_value=1, max_value=240, widget=forms.NumberInput(attrs=TEXT)
    )
    text = forms.CharField(label="发言稿", required=False, max_length=20_000, widget=area(10))


class HandInForm(forms.Form):
    """What a member hands in for a session."""

    title = forms.CharField(label="题目", max_length=120, widget=forms.TextInput(attrs=TEXT))
    text = forms.CharField(
        label="内容", required=False, max_length=20_000, widget=area(12), help_text="直接写，或者只传文件。"
    )
    files = _files("文件")  # type: ignore[assignment]
    asks_to_speak = forms.BooleanField(
        label="希望在会上发言", required=False, help_text="由承办的同志统筹排定；没有排上的作为书面意见。"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["asks_to_speak"].widget.attrs["class"] = "form-check-input"


class TeamForm(forms.Form):
    """The research team, by names."""

    leader = forms.CharField(
        label="组长", max_length=40, required=False, widget=forms.TextInput(attrs=TEXT), help_text="姓名或委员编号。"
    )
    names = forms.CharField(
        label="成员",
        max_length=2000,
        required=False,
        widget=area(3),
        help_text="姓名或委员编号，用顿号、空格或换行分开。",
    )


class VisitForm(forms.Form):
    """A visit, planned or made."""

    on = day("哪一天", initial=timezone.localdate)
    place = forms.CharField(label="去哪里", max_length=120, widget=forms.TextInput(attrs=TEXT))
    findings = forms.CharField(
        label="了解到的情况",
        required=False,
        max_length=20_000,
        widget=area(3),
        help_text="还没有去的先空着，去了再补。",
    )


class TaskForm(forms.Form):
    """One more thing to do."""

    text = forms.CharField(label="还要办什么", max_length=120, widget=forms.TextInput(attrs=TEXT))


class DelegateForm(forms.Form):
    """A unit's answer: whom it sends, or why nobody comes."""

    unit = forms.ModelChoiceField(label="单位", queryset=HandlingUnit.objects.none(), empty_label=None)
    people = forms.CharField(
        label="派谁参加",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text="姓名和职务，如：李明（副局长）。",
    )
    reason = forms.CharField(
        label="不能参加的，写原因", max_length=300, required=False, widget=forms.TextInput(attrs=TEXT)
    )

    def __init__(self, data: Any = None, *, units: Any, initial: dict[str, Any] | None = None):
        super().__init__(data, initial=initial)
        field: Any = self.fields["unit"]
        field.queryset = units
        own = list(units[:2])
        if len(own) == 1:
            field.initial, field.widget = own[0].pk, forms.HiddenInput()
        else:
            field.widget.attrs["class"] = "form-select"


class MaterialForm(forms.Form):
    """Files for a session, of one kind."""

    kind = forms.ChoiceField(label="是什么", choices=FILE_KINDS)
    files = _files("选文件")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["class"] = "form-select"


class SessionFilter(forms.Form):
    """The conditions of the list, in the address: q, form, state, year, month, organizer, due, sort."""

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
    organizer = forms.ModelChoiceField(
        label="承办单位", queryset=Body.objects.filter(kind__in=ORGANIZERS).order_by("kind", "order", "name"), required=False,
        empty_label="全部单位",
    )  # fmt: skip
    year = forms.IntegerField(
        label="年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )
    month = forms.TypedChoiceField(
        label="月份", required=False, coerce=int, empty_value=None,
        choices=[("", "全年"), *((n, f"{n}月") for n in range(1, 13))],
    )  # fmt: skip
    due = forms.ChoiceField(
        label="期限",
        required=False,
        choices=[("", "不限"), ("overdue", "已超期"), ("soon", "即将到期"), ("running", "有期限的")],
    )
    sort = forms.ChoiceField(label="排序", required=False, choices=SORTS)

    def __init__(self, data: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        for name in ("form", "state", "organizer", "month", "due", "sort"):
            self.fields[name].widget.attrs["class"] = "form-select"
