"""Forms of members and their changes, their own data, the export and the print list: shape only."""

from typing import Any

from django import forms
from django.utils import timezone

from members.models import Body, CorrectionRequest, Member, MembershipChange
from members.services.membership import BODY_POSTS, LEAVING, TERM_POSTS

DATE = {"type": "date"}
REASONS = [
    ("联系工作", "联系工作"),
    ("发会议通知", "发会议通知"),
    ("核对信息", "核对信息"),
    ("组织活动", "组织活动"),
    ("其他", "其他（请在下面写明）"),
]


def day_field(label: str = "日期", **extra: Any) -> forms.DateField:
    """A date of the calendar control, to-day unless told otherwise."""
    return forms.DateField(
        label=label, initial=timezone.localdate, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **extra
    )


def _bodies(kind: str) -> Any:
    return Body.objects.filter(kind=kind, is_active=True)


class ReasonForm(forms.Form):
    """Why somebody wants to see whole numbers."""

    reason = forms.ChoiceField(label="为什么要看", choices=REASONS)
    note = forms.CharField(label="说明", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """«其他» says what."""
        data = super().clean() or self.cleaned_data
        if data.get("reason") == "其他" and not data.get("note", "").strip():
            self.add_error("note", "选了“其他”，请写明。")
        return data

    def words(self) -> str:
        """The reason in one line."""
        return "，".join(part for part in (self.cleaned_data["reason"], self.cleaned_data["note"].strip()) if part)


class ExportForm(ReasonForm):
    """Why the directory is exported, and whether with whole numbers."""

    full = forms.BooleanField(label="导出完整号码（不打码）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "导出作什么用"


class CoOptForm(forms.ModelForm):
    """A new member 增补 and the decisions behind it."""

    sector = forms.ModelChoiceField(Body.objects.none(), label="界别", empty_label="请选")
    committee = forms.ModelChoiceField(Body.objects.none(), label="专委会", required=False, empty_label="暂不编入")
    studio = forms.ModelChoiceField(Body.objects.none(), label="工作室", required=False, empty_label="暂不编入")
    sex = forms.ChoiceField(label="性别", choices=[("", "不填"), ("男", "男"), ("女", "女")], required=False)
    reviewed = forms.CharField(label="哪次主席会议审议", max_length=50, help_text="如：十六届十二次主席会议")
    decided = forms.CharField(label="哪次常委会会议协商决定", max_length=50, help_text="如：十六届三次常委会会议")
    on = day_field("决定日期")

    class Meta:
        model = Member
        fields = ["code", "name", "sex", "ethnicity", "born", "political_status", "post", "phone"]
        widgets = {"born": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    field_order = [
        "reviewed", "decided", "on", "code", "name", "sex", "ethnicity", "born", "political_status", "post", "phone",
        "sector", "committee", "studio",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sector", "committee", "studio"):
            self.fields[name].queryset = _bodies(name)

    def validate_unique(self) -> None:
        """A code that is known may be that of a former member; the service says what to do."""


class LeaveForm(forms.Form):
    """How a membership ends."""

    kind = forms.ChoiceField(
        label="怎么离开", choices=[(kind.value, kind.label) for kind in LEAVING], widget=forms.RadioSelect
    )
    on = day_field("决定日期")
    decision = forms.CharField(
        label="依据", max_length=200, help_text="哪次会议接受、哪个文件决定的，如：十六届十次常委会会议接受其辞去委员。"
    )


class MoveForm(forms.Form):
    """Another sector, committee or studio, and the post there."""

    body = forms.ModelChoiceField(Body.objects.none(), label="转入", required=False)
    post = forms.ChoiceField(label="在里面的职务", required=False)
    on = day_field("从哪天起")
    decision = forms.CharField(label="依据", max_length=200, required=False, help_text="哪次会议、哪个文件，可以不填。")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        must = kind == Body.Kind.SECTOR
        self.fields["body"].queryset = _bodies(kind)
        self.fields["body"].label = f"转入哪个{Body.Kind(kind).label}"
        self.fields["body"].required = must
        self.fields["body"].empty_label = "请选" if must else "退出，不再编入"
        self.fields["post"].choices = [("", "没有职务"), *((post, post) for post in BODY_POSTS[kind])]


class PostForm(forms.Form):
    """A post of the term, given or ended."""

    post = forms.ChoiceField(label="职务")
    on = day_field("决定日期")
    decision = forms.CharField(label="依据", max_length=200, help_text="如：十六届三次会议选举。")

    def __init__(self, *args: Any, posts: tuple[str, ...] = TERM_POSTS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post, post) for post in posts]


class UndoForm(forms.Form):
    """Why the last change is taken back."""

    change = forms.ModelChoiceField(MembershipChange.objects.none(), widget=forms.HiddenInput)
    reason = forms.CharField(label="为什么撤回", max_length=200)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].queryset = member.changes.all()


class PhotoForm(forms.Form):
    """A photograph."""

    photo = forms.FileField(
        label="照片", help_text="JPG、PNG，证件照最好，不超过2 MB。换上新的，旧的就撤下。",
        widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
    )  # fmt: skip


class CorrectionForm(forms.ModelForm):
    """What a member asks to have corrected; empty fields stay as they are."""

    class Meta:
        model = CorrectionRequest
        fields = ["post", "phone", "political_status", "ethnicity", "born", "note"]
        widgets = {
            "born": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"note": "要改界别、专委会、工作室的，写在这里；这些由委员联络室按规定办。"}


class DecideForm(forms.Form):
    """The office's answer to a request."""

    accept = forms.ChoiceField(
        label="办理意见", choices=[("1", "同意，按申请更正"), ("0", "不同意")], widget=forms.RadioSelect
    )
    answer = forms.CharField(label="答复", max_length=300, required=False, help_text="不同意的，写明原因。")


class PlaceForm(forms.Form):
    """Where several picked members are put at once."""

    body = forms.ModelChoiceField(Body.objects.none(), label="编入")
    on = day_field("从哪天起")
    decision = forms.CharField(label="依据", max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = _bodies(kind)
        self.fields["body"].label = f"编入哪个{Body.Kind(kind).label}"
