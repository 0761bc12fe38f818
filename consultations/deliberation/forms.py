"""Forms of online deliberation 网络议政: the window, more time, an opinion, the moderator's decision."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from consultations.models import Deliberation, Opinion, OpinionStatus
from core import options

TEXT = {"class": "form-control"}
REASONS = (
    "写了个人的姓名、电话、证件号、车牌或住址",
    "和这场议政的题目没有关系",
    "和已经公开的意见意思一样",
    "用语不文明",
    "反映的是个人的具体事情，请到“反映情况”里写",
)
CONSENT = "我知道：意见审核后对外公开；区政协不记我的姓名、手机号，只在这台设备上留一个代号，用来避免重复表态。"


def _moment(label: str, **kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", **TEXT}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


class WindowForm(forms.Form):
    """When it is open, to whom, and whether opinions are looked through first."""

    question = forms.CharField(
        label="请大家说什么", max_length=200, help_text="一句话，看了就知道该说什么，如“怎样让老旧小区停车不难？”。",
        widget=forms.TextInput(attrs=TEXT),
    )  # fmt: skip
    opens_at = _moment("开放时间")
    closes_at = _moment("截止时间", help_text="到时间自动停收意见和表态，以后只能延长。")
    audience = forms.ChoiceField(
        label="谁可以参加", choices=Deliberation.Audience.choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    moderated = forms.BooleanField(
        label="先审核再公开", required=False, initial=True,
        help_text="不勾选时意见马上公开，只有疑似写了个人信息的先审核。",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, row: Deliberation | None = None):
        start = timezone.localtime().replace(second=0, microsecond=0)
        initial: dict[str, Any] = {"opens_at": start, "closes_at": start + timedelta(days=14)}
        if row is not None:
            initial = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(data, initial=initial)


class ExtendForm(forms.Form):
    """The later end."""

    closes_at = _moment("改到什么时候截止")


class SayForm(forms.Form):
    """One short opinion."""

    text = forms.CharField(label="您的意见", widget=forms.Textarea(attrs={"rows": 3, **TEXT}))

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        limit = options.value("consultations.opinion_chars")
        field = self.fields["text"]
        field.help_text = f"一条只说一件事，最多{limit}字。不要写个人的姓名、电话、证件号、车牌、门牌。"
        field.widget.attrs["data-count"] = str(limit)
        field.widget.attrs["maxlength"] = str(limit)


class ConsentForm(forms.Form):
    """A resident agrees before he takes part."""

    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": "请先勾选这一行，再开始。"},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip


LOST = "选的意见里有不在这次议政里的，请重新选。"


class ModerateForm(forms.Form):
    """What to do with the opinions that were picked."""

    VERBS = (("publish", "公开"), ("refuse", "不公开"), ("merge", "合并"))

    verb = forms.ChoiceField(choices=VERBS)
    pick = forms.ModelMultipleChoiceField(
        label="选中的意见",
        queryset=Opinion.objects.none(),
        error_messages={"required": "还没有选意见。", "invalid_choice": LOST, "invalid_pk_value": LOST},
    )
    reason = forms.ChoiceField(
        label="不公开的理由", required=False, choices=[("", "请选理由"), *((text, text) for text in REASONS)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    more = forms.CharField(label="理由补充", max_length=80, required=False, widget=forms.TextInput(attrs=TEXT))
    into = forms.ModelChoiceField(
        label="并入哪一条", queryset=Opinion.objects.none(), required=False, empty_label="请选已公开的意见",
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, row: Deliberation):
        super().__init__(data)
        own = Opinion.objects.filter(deliberation=row)
        pick, into = (cast(forms.ModelChoiceField, self.fields[name]) for name in ("pick", "into"))
        pick.queryset = own.select_related("deliberation__consultation", "member")
        into.queryset = own.filter(status=OpinionStatus.PUBLISHED)

    def clean(self) -> dict[str, Any]:
        """A refusal needs its reason, a merger its target."""
        data = super().clean() or self.cleaned_data
        if data.get("verb") == "refuse":
            data["why"] = "；".join(part for part in (data.get("reason"), data.get("more")) if part)
            if not data["why"]:
                self.add_error("reason", "请选不公开的理由，提意见的人会看到。")
        if data.get("verb") == "merge" and not data.get("into"):
            self.add_error("into", "请选并入哪一条。")
        return data
