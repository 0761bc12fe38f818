"""Forms of outcomes 协商成果: the draft, each act on it, the unit's answer, the conditions of the lists."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from consultations.models import ANSWERS, Conversion, Outcome, OutcomeNote, Suggestion, Uptake, UptakeItem
from core import attachments
from core.attachments import WORDS
from members.models import HandlingUnit

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}
RESULTS = [(one.value, one.label) for one in ANSWERS]


def _area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **TEXT, **attrs})


def _line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={**TEXT, **attrs})


def _date(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


class OutcomeForm(forms.Form):
    """The draft of an outcome; its suggestions one a line, for units answer one by one."""

    kind = forms.ChoiceField(
        label="成果类型", choices=Outcome.Kind.choices, widget=forms.Select(attrs=SELECT),
        help_text="建议案要经常委会会议或主席会议通过才能报送。",
    )  # fmt: skip
    title = forms.CharField(label="题目", max_length=160, widget=_line(**{"data-count": "160"}))
    text = forms.CharField(
        label="正文", required=False, widget=_area(12), help_text="情况、问题、分析；一行一段。意见建议写在下面一格。"
    )
    suggestions = forms.CharField(
        label="意见建议", required=False, widget=_area(8),
        help_text="一行一条，不用编号。交办以后，承办单位逐条答复采纳不采纳。",
    )  # fmt: skip
    sent_to = forms.CharField(
        label="报送", max_length=200, required=False, widget=_line(), help_text="如：区委、区政府。报送时还可以改。"
    )

    def data_for_service(self) -> dict[str, Any]:
        """The values with the suggestions as a list."""
        return {**self.cleaned_data, "suggestions": self.cleaned_data["suggestions"].splitlines()}


class ApproveForm(forms.Form):
    """Which meeting passed it."""

    approved_by = forms.ChoiceField(label="哪个会议通过", choices=Outcome.Body.choices, widget=forms.RadioSelect)
    approved_at = forms.CharField(
        label="第几次会议",
        max_length=80,
        widget=_line(),
        help_text="印在建议案题目下面，如：政协汉滨区十六届常委会第五次会议。",
    )
    on = _date("通过日期", initial=timezone.localdate)


class SendForm(forms.Form):
    """Sending an outcome up."""

    sent_to = forms.CharField(label="报送哪里", max_length=200, widget=_line(), help_text="如：区委、区政府。")
    copies_to = forms.CharField(label="抄送", max_length=200, required=False, widget=_line())
    document_no = forms.CharField(
        label="文号", max_length=40, required=False, widget=_line(), help_text="如：汉政协发〔2026〕12号。没有就空着。"
    )
    on = _date("报送日期", initial=timezone.localdate)


class NoteForm(forms.Form):
    """A leader's note."""

    leader = forms.CharField(label="批示领导", max_length=40, widget=_line(), help_text="职务，如：区委副书记、区长。")
    level = forms.ChoiceField(label="层级", choices=OutcomeNote.Level.choices, widget=forms.Select(attrs=SELECT))
    text = forms.CharField(label="批示内容", max_length=2000, widget=_area(4))
    on = _date("批示日期", initial=timezone.localdate)
    for_unit = forms.BooleanField(
        label="让承办单位看到这条批示", required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip


class UnitsForm(forms.Form):
    """Units to which an outcome is given."""

    units = forms.ModelMultipleChoiceField(
        label="承办单位", queryset=HandlingUnit.objects.filter(is_active=True), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择承办单位。"}, help_text="可以选几家，各有各的期限；已经交办过的不会重复。",
    )  # fmt: skip
    request = forms.CharField(label="交办要求", max_length=500, required=False, widget=_area(3))


class ConvertForm(forms.Form):
    """What it turned into."""

    kind = forms.ChoiceField(label="转化成什么", choices=Conversion.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="名称", max_length=160, widget=_line(), help_text="文件、项目或预算科目的全名，不加书名号。"
    )
    number = forms.CharField(
        label="文号或编号", max_length=60, required=False, widget=_line(), help_text="如：汉政办发〔2026〕8号。"
    )
    amount = forms.DecimalField(
        label="金额（万元）", required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.NumberInput(attrs={**TEXT, "step": "0.01"}), help_text="项目、预算写；政策文件空着。",
    )  # fmt: skip
    on = _date("日期", initial=timezone.localdate, help_text="文件印发、项目批复或预算下达的日期。")
    scan = forms.FileField(
        label="证明材料", required=False, help_text=f"文件扫描件或照片，只收{WORDS}。",
        widget=forms.FileInput(attrs={**TEXT, "accept": attachments.ACCEPT}),
    )  # fmt: skip

    def data_for_service(self) -> dict[str, Any]:
        """The values with the evidence as a list of files."""
        values = dict(self.cleaned_data)
        file = values.pop("scan", None)
        return {**values, "files": [file] if file else []}


class CloseForm(forms.Form):
    """What those who took part are told."""

    feedback = forms.CharField(
        label="反馈给参加的委员", max_length=1000, widget=_area(5),
        help_text="说清采纳了什么、办成了什么、哪些没有采纳和为什么。到会、发言、提过意见的委员都会收到。",
    )  # fmt: skip


class PlanFollowUpForm(forms.Form):
    """The day on which somebody looks back."""

    due_on = _date("哪天回头看", help_text="到期以前提醒您。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=180)


class LookBackForm(forms.Form):
    """What was found on looking back."""

    text = forms.CharField(label="看到的情况", max_length=2000, widget=_area(5))
    percent = forms.IntegerField(
        label="落实了百分之几", required=False, min_value=0, max_value=100, widget=forms.NumberInput(attrs=TEXT)
    )
    on = _date("看的日期", initial=timezone.localdate)
    next_on = _date("下一次哪天看", required=False, help_text="不用再看就空着。")


class ReasonForm(forms.Form):
    """An act with its reason."""

    reason = forms.CharField(label="理由", max_length=300, widget=_area(3), error_messages={"required": "请写明理由。"})


class UptakeForm(forms.Form):
    """A unit's answer: for each suggestion whether it is taken up, how and until when; in all where there are none."""

    text = forms.CharField(label="总的说明", required=False, widget=_area(4), max_length=3000)
    contact_name = forms.CharField(label="联系人", required=False, max_length=40, widget=_line())
    contact_phone = forms.CharField(
        label="联系电话", required=False, max_length=40, widget=forms.TextInput(attrs={**TEXT, "type": "tel"})
    )

    def __init__(self, data: Any = None, *, uptake: Uptake, suggestions: list[Suggestion], items: list[UptakeItem]):
        known = {item.suggestion_id: item for item in items}
        initial: dict[str, Any] = {
            "text": uptake.text, "contact_name": uptake.contact_name, "contact_phone": uptake.contact_phone,
        }  # fmt: skip
        for row in suggestions:
            if item := known.get(row.pk):
                initial |= {f"result_{row.pk}": item.result, f"text_{row.pk}": item.text, f"until_{row.pk}": item.until}
        super().__init__(data, initial=initial)
        self.suggestions = suggestions
        for row in suggestions:
            self.fields[f"result_{row.pk}"] = forms.ChoiceField(
                label=f"第{row.order}条的采纳情况", choices=RESULTS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"text_{row.pk}"] = forms.CharField(
                label=f"对第{row.order}条的答复", required=False, max_length=2000, widget=_area(4),
                help_text="采纳的写怎样落实；不采纳的写理由。",
            )  # fmt: skip
            self.fields[f"until_{row.pk}"] = _date("哪天以前落实", required=False)
        if suggestions:
            self.fields["text"].help_text = "没有要补充的就空着。"
        else:
            self.fields["text"].label = "怎样落实；不采纳的写理由"
            self.fields["result"] = forms.ChoiceField(
                label="采纳情况", choices=RESULTS, required=False, widget=forms.RadioSelect
            )

    @property
    def passages(self) -> list[dict[str, Any]]:
        """Each suggestion with its fields, as the page sets them side by side."""
        return [
            {"suggestion": row, **{name: self[f"{name}_{row.pk}"] for name in ("result", "text", "until")}}
            for row in self.suggestions
        ]

    def lacking(self) -> list[tuple[str, str]]:
        """What is still to be written, by the values shown: anchor and words."""
        found = []
        for row in self.suggestions:
            result, text = self[f"result_{row.pk}"], self[f"text_{row.pk}"]
            if not result.value():
                found.append((f"s{row.pk}", f"第{row.order}条：还没有选采纳情况"))
            if not (text.value() or "").strip():
                found.append((text.id_for_label, f"第{row.order}条：还没有写答复"))
        return found


class OutcomeFilter(forms.Form):
    """The conditions of the list of outcomes, in the address."""

    STATES = [("sent_all", "已报送及以后"), *Outcome.Status.choices]
    UNITS = [("waiting", "等单位答复"), ("overdue", "单位超期未答复"), ("adopted", "有采纳"), ("converted", "已转化")]

    q = forms.CharField(label="题目", required=False, max_length=100, widget=_line(type="search"))
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *Outcome.Kind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *STATES])
    came = forms.ChoiceField(label="采纳转化", required=False, choices=[("", "不限"), *UNITS])
    year = forms.IntegerField(
        label="协商年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )

    def __init__(self, data: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        for name in ("kind", "state", "came"):
            self.fields[name].widget.attrs["class"] = "form-select"


class UptakeFilter(forms.Form):
    """The conditions of the list of uptakes."""

    STATES = [
        ("waiting", "待答复"),
        ("overdue", "超期未答复"),
        ("answered", "已答复"),
        ("taken", "采纳和部分采纳"),
        *RESULTS,
    ]

    q = forms.CharField(label="成果题目", required=False, max_length=100, widget=_line(type="search"))
    state = forms.ChoiceField(
        label="答复情况", required=False, choices=[("", "全部"), *STATES], widget=forms.Select(attrs=SELECT)
    )
    unit = forms.ModelChoiceField(
        label="单位", required=False, queryset=HandlingUnit.objects.filter(is_active=True), empty_label="全部单位",
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    year = forms.IntegerField(
        label="交办年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )

    def __init__(self, data: Any, *, several_units: bool, **kwargs: Any):
        super().__init__(data, **kwargs)
        if not several_units:
            del self.fields["unit"]
