"""Forms of opinion reports: writing one, editing it, the small acts, the list's conditions."""

from typing import Any

from django import forms
from django.utils import timezone

from core import options
from members.models import Body, HandlingUnit, Member, Role
from sentiment import ranking
from sentiment.models import Level, OpinionReport, Reporter, ReportStatus
from sentiment.services.writing import Person

TEXT = {"class": "form-control"}
AGES = {"week": "一周以内", "month": "一周到一个月", "older": "一个月以上"}
"""How long ago a report came in."""


def _area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **TEXT, **attrs})


def _date(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


def category_choices(present: str = "") -> list[tuple[str, str]]:
    """The categories that staff keep, with one that a report bears from earlier."""
    names = list(options.value("sentiment.categories"))
    if present and present not in names:
        names.append(present)
    return [("", "请选择"), *((name, name) for name in names)]


class TextForm(forms.Form):
    """The three parts of a report; ``complete`` asks for what hand-in needs."""

    body = forms.ModelChoiceField(
        label="以谁的名义", queryset=Body.objects.none(), required=False, empty_label="我本人",
    )  # fmt: skip
    title = forms.CharField(
        label="标题", max_length=80, required=False, help_text="说清哪里、什么事，如“城区部分路灯早关晚开”。",
        widget=forms.TextInput(attrs={**TEXT, "data-count": "80"}),
    )  # fmt: skip
    category = forms.ChoiceField(label="类别", required=False)
    situation = forms.CharField(
        label="情况反映", required=False, widget=_area(7, **{"data-count-part": ""}),
        help_text="时间、地点、多少人、什么影响。一篇只说一件事。",
    )  # fmt: skip
    analysis = forms.CharField(
        label="问题分析",
        required=False,
        widget=_area(4, **{"data-count-part": ""}),
        help_text="为什么会这样，可以不写。",
    )
    suggestions = forms.CharField(
        label="对策建议", required=False, widget=_area(5, **{"data-count-part": ""}), help_text="建议谁、怎么办。"
    )
    people = forms.CharField(
        label="共同反映人", required=False, widget=forms.TextInput(attrs=TEXT), max_length=200,
        help_text="其他委员的姓名，用顿号分开；同名的写委员编号。",
    )  # fmt: skip
    publish_consent = forms.BooleanField(
        label="同意公开标题和摘要", required=False, initial=True, help_text="公开时不写您的姓名。"
    )

    def __init__(self, data: Any = None, *, user: Any, report: OpinionReport | None = None, complete: bool = True):
        initial: dict[str, Any] = {}
        if report is not None:
            initial = {name: getattr(report, name) for name in (*OpinionReport.PARTS, "category", "publish_consent")}
            others = [row for row in report.reporters.all() if row.order > 0]
            initial["people"] = "、".join(row.name for row in others)
        super().__init__(data, initial=initial)
        self.complete = complete
        self.fields["category"].choices = category_choices(report.category if report else "")
        bodies = Body.objects.filter(pk__in=user.body_ids, is_active=True)
        if report is not None or not user.body_ids:
            del self.fields["body"]
        else:
            self.fields["body"].queryset = bodies
            if not user.member_id and not user.has_role(Role.INFORMANT):
                self.fields["body"].empty_label = None
                self.fields["body"].initial = bodies.first()

    def clean(self) -> dict[str, Any]:
        """What hand-in needs, each missing part named at its field; the total against the limit."""
        data = super().clean() or self.cleaned_data
        if not self.complete:
            return data
        for name, label in (("title", "标题"), ("situation", "情况反映"), ("suggestions", "对策建议")):
            if name not in self.errors and not (data.get(name) or "").strip():
                self.add_error(name, f"请填写{label}。")
        limit = options.value("sentiment.text_limit")
        length = sum(len(data.get(name) or "") for name in ("situation", "analysis", "suggestions"))
        if length > limit:
            self.add_error("situation", f"正文合计{length}字，最多{limit}字。请压缩；已写的都在页面上。")
        return data

    def clean_people(self) -> list[Person]:
        """The members named; who is not found, or is several, is said by name."""
        found, problems = [], []
        for word in self.cleaned_data["people"].replace("，", "、").replace(",", "、").replace(" ", "、").split("、"):
            name = word.strip()
            if not name:
                continue
            rows = list(Member.objects.filter(code__iexact=name, is_active=True)[:1]) or list(
                Member.objects.filter(name=name, is_active=True)[:2]
            )
            if len(rows) == 1:
                found.append(Person(member=rows[0]))
            else:
                problems.append(f"“{name}”" + ("有几位，请写委员编号" if rows else "不在委员名录里"))
        if problems:
            raise forms.ValidationError("；".join(problems) + "。")
        return found

    def text(self) -> dict[str, Any]:
        """The parts that could be read."""
        names = (*OpinionReport.PARTS, "category", "publish_consent")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class WorkForm(forms.Form):
    """The editor's wording."""

    title = forms.CharField(label="标题", max_length=80, widget=forms.TextInput(attrs=TEXT))
    category = forms.ChoiceField(label="类别", required=False)
    situation = forms.CharField(label="情况反映", widget=_area(10, **{"data-count-part": ""}))
    analysis = forms.CharField(label="问题分析", required=False, widget=_area(6, **{"data-count-part": ""}))
    suggestions = forms.CharField(label="对策建议", widget=_area(8, **{"data-count-part": ""}))

    def __init__(self, data: Any = None, *, report: OpinionReport):
        super().__init__(data, initial={name: getattr(report, name) for name in (*OpinionReport.PARTS, "category")})
        self.fields["category"].choices = category_choices(report.category)


class ActForm(forms.Form):
    """A form of one act; ``values()`` are the service's keyword arguments."""

    def __init__(self, data: Any = None, *, report: OpinionReport | None = None):
        super().__init__(data)
        self.report = report

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class PlainForm(ActForm):
    """An act that asks for nothing; the field only makes an empty form valid when posted."""

    sure = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")

    def values(self) -> dict[str, Any]:
        """Nothing."""
        return {}


class ReasonForm(ActForm):
    """An act with its reason."""

    reason = forms.CharField(
        label="理由", max_length=500, widget=_area(4), help_text="反映人能看到。",
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class NoteOfEditorForm(ActForm):
    """Sending to the check, with a word for whoever checks."""

    note = forms.CharField(
        label="编辑意见", max_length=500, required=False, widget=_area(3), help_text="如：数字已核实。"
    )


class AdoptForm(ActForm):
    """An adoption."""

    level = forms.ChoiceField(label="层级", choices=Level.choices)
    body_name = forms.CharField(label="采用单位", max_length=60, help_text="如：市政协研究室、省政协。")
    is_combined = forms.BooleanField(label="综合采用（与别的来稿编在一起）", required=False)
    on = _date("日期", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)


class LeaderNoteForm(ActForm):
    """A leader's note."""

    leader = forms.CharField(label="批示领导", max_length=40, help_text="如：区委副书记。")
    level = forms.ChoiceField(label="层级", choices=Level.choices)
    text = forms.CharField(label="批示内容", max_length=1000, widget=_area(4))
    on = _date("日期", required=False)
    for_unit = forms.BooleanField(label="转办时让承办单位看到这条批示", required=False)


class ForwardForm(ActForm):
    """Units to which a report is sent."""

    units = forms.ModelMultipleChoiceField(
        label="转办单位", queryset=HandlingUnit.objects.filter(is_active=True), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择转办单位。"}, help_text="可以选几家，各有各的期限。",
    )  # fmt: skip
    request = forms.CharField(label="转办要求", max_length=500, required=False, widget=_area(3))


class ReplySenderForm(ActForm):
    """The answer to a resident's letter."""

    text = forms.CharField(
        label="给来信人的答复", max_length=1000, widget=_area(5), help_text="用大白话，不写任何人的姓名。"
    )

    def __init__(self, data: Any = None, *, report: OpinionReport):
        super().__init__(data, report=report)
        self.fields["text"].initial = report.reply_to_sender


class PublishForm(ActForm):
    """The public title and abstract."""

    title = forms.CharField(label="公开的标题", max_length=80)
    abstract = forms.CharField(
        label="公开的摘要", max_length=600, widget=_area(5), help_text="不写反映人，不写批示，不写内部数字。"
    )

    def __init__(self, data: Any = None, *, report: OpinionReport):
        super().__init__(data, report=report)
        self.fields["title"].initial = report.public_title or report.title
        self.fields["abstract"].initial = report.public_abstract


class CompositeForm(forms.Form):
    """The title of a composite."""

    title = forms.CharField(label="综合的标题", max_length=80, widget=forms.TextInput(attrs=TEXT))


class AnswerForm(forms.Form):
    """A unit's answer."""

    text = forms.CharField(
        label="答复", widget=_area(10), max_length=5000, help_text="调查的情况、已经办的、什么时候办完。",
        error_messages={"required": "请填写答复。"},
    )  # fmt: skip


class JudgeForm(forms.Form):
    """What the author says of an answer."""

    enough = forms.ChoiceField(
        label="这个答复", choices=[("1", "可以，谢谢"), ("0", "没有解决，请再办理")], widget=forms.RadioSelect,
        error_messages={"required": "请选一项。"},
    )  # fmt: skip
    comment = forms.CharField(
        label="想说的话", max_length=500, required=False, widget=_area(3), help_text="请再办理的，请说明原因。"
    )

    def clean(self) -> dict[str, Any]:
        """Asking again needs a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("enough") == "0" and not (data.get("comment") or "").strip():
            self.add_error("comment", "请写明为什么要再办理。")
        return data


class BulletinForm(forms.Form):
    """The addressees of an issue."""

    report_to = forms.CharField(label="报", widget=_area(2), max_length=500, help_text="领导和上级，用顿号分开。")
    send_to = forms.CharField(label="送", widget=_area(2), max_length=500, required=False)
    copies = forms.IntegerField(label="共印（份）", min_value=1, max_value=999)


class DistributeForm(forms.Form):
    """To whom an issue went."""

    recipients = forms.CharField(
        label="发给谁", widget=_area(2), max_length=1000, help_text="用顿号分开，一次可以登记几处。"
    )
    way = forms.ChoiceField(label="方式", choices=[("paper", "纸质"), ("office", "机要交换"), ("online", "网上")])
    copies = forms.IntegerField(label="每处几份", min_value=1, max_value=99, initial=1)
    on = _date("日期", initial=timezone.localdate)


class ReportFilter(forms.Form):
    """The conditions of the list, in the address; the hidden ones stand behind the numbers of the board."""

    STATES = [
        ("office", "待收稿、编辑中"), ("passing", "待核稿、待签发、待刊发"), ("out", "已刊发及以后"),
        *ReportStatus.choices,
    ]  # fmt: skip

    q = forms.CharField(
        label="标题、正文、反映人",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={**TEXT, "type": "search"}),
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *STATES])
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部来源"), *OpinionReport.Source.choices])
    category = forms.ChoiceField(label="类别", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )
    level = forms.ChoiceField(
        label="采用层级", required=False, choices=[("", "不限"), ("any", "已采用"), *Level.choices]
    )
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "不限"), ("overdue", "已超期"), ("open", "有期限")]
    )
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)
    turn = forms.BooleanField(required=False, widget=forms.HiddenInput)
    counted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    nocategory = forms.BooleanField(required=False, widget=forms.HiddenInput)
    noted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    aged = forms.ChoiceField(
        label="来稿多久", required=False, choices=[("", ""), *AGES.items()], widget=forms.HiddenInput
    )
    unit = forms.ModelChoiceField(
        label="转办单位", required=False, queryset=HandlingUnit.objects.all(), widget=forms.HiddenInput
    )
    answer = forms.ChoiceField(
        label="答复",
        required=False,
        choices=[("", ""), ("waiting", "待答复"), ("done", "已答复")],
        widget=forms.HiddenInput,
    )
    by = forms.CharField(label="反映人", required=False, max_length=18, widget=forms.HiddenInput)

    ALONE = {  # conditions without a value
        "mine": "我的来稿", "turn": "轮到我办", "counted": "不含综合", "nocategory": "没有选类别", "noted": "获领导批示",
    }  # fmt: skip
    GROUPS = {
        "office": ("submitted", "editing"), "passing": ("edited", "checked", "signed"),
        "out": ("issued", "forwarded", "answered", "closed"),
    }  # fmt: skip

    def __init__(self, data: Any, *, user: Any):
        super().__init__(data)
        if not ranking.opens_lists(user):
            del self.fields["by"]  # who reported is not for everybody
        self.fields["category"].choices = [("", "全部类别"), *((c, c) for c in options.value("sentiment.categories"))]
        for name in ("state", "source", "category", "level", "due"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def active(self) -> list[tuple[str, str, str]]:
        """The conditions that are set: parameter, name, value in words."""
        if not self.is_valid():
            return []
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value:
                continue
            words = dict(getattr(field, "choices", [])).get(value, value)
            if name == "by":
                words = self.who(value)
            alone = self.ALONE.get(name)
            found.append((name, "只看", alone) if alone else (name, field.label, str(words)))
        return found

    def who(self, key: str) -> str:
        """The name behind ``by``, for the chip; the key itself where nobody stands behind it."""
        row = Reporter.objects.filter(**(ranking.named(key) or {"pk": 0})).only("name").first()
        return row.name if row else key
