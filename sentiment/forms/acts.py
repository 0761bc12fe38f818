"""Forms of the acts on one report: wording, reasons, adoption, notes, forwarding, publication."""

from typing import Any

from django import forms

from core import attachments, options
from core.act_forms import ActForm
from members.models import HandlingUnit
from sentiment.forms.fields import TEXT, ManyFilesField, area, category_choices, date_field
from sentiment.models import Level, OpinionReport
from sentiment.services.aftermath import MOST_EVIDENCE


class WorkForm(forms.Form):
    """The editor's wording."""

    title = forms.CharField(label="标题", max_length=80, widget=forms.TextInput(attrs=TEXT))
    category = forms.ChoiceField(label="类别", required=False)
    situation = forms.CharField(label="情况反映", widget=area(10, **{"data-count-part": ""}))
    analysis = forms.CharField(label="问题分析", required=False, widget=area(6, **{"data-count-part": ""}))
    suggestions = forms.CharField(label="对策建议", widget=area(8, **{"data-count-part": ""}))

    def __init__(self, data: Any = None, *, report: OpinionReport):
        super().__init__(data, initial={name: getattr(report, name) for name in (*OpinionReport.PARTS, "category")})
        self.fields["category"].choices = category_choices(report.category)


class ReasonForm(ActForm):
    """An act with its reason."""

    reason = forms.CharField(
        label="理由", max_length=500, widget=area(4), help_text="反映人能看到。",
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class CorrectionForm(ActForm):
    """Why something that was recorded is taken off."""

    reason = forms.CharField(
        label="为什么删去", max_length=200, widget=area(3), error_messages={"required": "请写明删去的理由。"}
    )


class NoteOfEditorForm(ActForm):
    """Sending to the check, with a word for whoever checks."""

    note = forms.CharField(
        label="编辑意见", max_length=500, required=False, widget=area(3), help_text="如：数字已核实。"
    )


class AdoptForm(ActForm):
    """An adoption."""

    level = forms.ChoiceField(label="层级", choices=Level.choices)
    body_name = forms.CharField(label="采用单位", max_length=60, help_text="如：市政协研究室、省政协。")
    is_combined = forms.BooleanField(label="综合采用（与别的来稿编在一起）", required=False)
    on = date_field("日期", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False, widget=forms.TextInput(attrs=TEXT))
    files = ManyFilesField(
        label="采用依据", required=False,
        help_text=f"采用通知、刊物的照片或扫描件：{attachments.WORDS}，最多{MOST_EVIDENCE}个。",
    )  # fmt: skip
    takes_files = True


class OwnNoteForm(ActForm):
    """A leader's own note."""

    text = forms.CharField(
        label="批示内容", max_length=1000, widget=area(5, **{"data-count": "1000"}),
        help_text="以您的名义、今天的日期登记，信息编辑会收到通知。", error_messages={"required": "请写批示内容。"},
    )  # fmt: skip
    for_unit = forms.BooleanField(label="转办时让承办单位看到这条批示", required=False, initial=True)


class LeaderNoteForm(ActForm):
    """A leader's note."""

    leader = forms.CharField(label="批示领导", max_length=40, help_text="如：区委副书记。")
    level = forms.ChoiceField(label="层级", choices=Level.choices)
    text = forms.CharField(label="批示内容", max_length=1000, widget=area(4))
    on = date_field("日期", required=False)
    for_unit = forms.BooleanField(label="转办时让承办单位看到这条批示", required=False)


class ForwardForm(ActForm):
    """Units to which a report is sent."""

    units = forms.ModelMultipleChoiceField(
        label="转办单位", queryset=HandlingUnit.objects.filter(is_active=True), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择转办单位。"}, help_text="可以选几家，各有各的期限。",
    )  # fmt: skip
    request = forms.CharField(label="转办要求", max_length=500, required=False, widget=area(3))
    days = forms.IntegerField(
        label="几个工作日内答复", min_value=1, max_value=120, widget=forms.NumberInput(attrs=TEXT),
        error_messages={"required": "请写几个工作日内答复。"},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, record: OpinionReport | None = None):
        super().__init__(data, files, record=record)
        self.fields["days"].initial = options.value("sentiment.answer_days")


class ReplySenderForm(ActForm):
    """The answer to a resident's letter."""

    text = forms.CharField(
        label="给来信人的答复", max_length=1000, widget=area(5), help_text="用大白话，不写任何人的姓名。"
    )

    def __init__(self, data: Any = None, files: Any = None, *, record: OpinionReport):
        super().__init__(data, files, record=record)
        self.fields["text"].initial = record.reply_to_sender


class PublishForm(ActForm):
    """The public title and abstract."""

    title = forms.CharField(label="公开的标题", max_length=80)
    abstract = forms.CharField(
        label="公开的摘要", max_length=600, widget=area(5), help_text="不写反映人，不写批示，不写内部数字。"
    )

    def __init__(self, data: Any = None, files: Any = None, *, record: OpinionReport):
        super().__init__(data, files, record=record)
        self.fields["title"].initial = record.public_title or record.title
        self.fields["abstract"].initial = record.public_abstract
