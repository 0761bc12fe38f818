"""Forms of opinion reports: writing one, editing it, the small acts, the issue."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from core import attachments, options
from members.models import Body, HandlingUnit, Member, Role
from sentiment.models import Level, OpinionReport, Reporter
from sentiment.services.aftermath import MOST_EVIDENCE
from sentiment.services.writing import SOURCES, Person

TEXT = {"class": "form-control"}
MOST_ANSWER_FILES = 5


def _area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **TEXT, **attrs})


def _date(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field, each looked into when it is stored."""

    widget = _ManyFiles(attrs={**TEXT, "accept": attachments.ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as a list; none is an empty one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given if one]


def category_choices(present: str = "") -> list[tuple[str, str]]:
    """The categories that staff keep, with one that a report bears from earlier."""
    names = list(options.value("sentiment.categories"))
    if present and present not in names:
        names.append(present)
    return [("", "请选择"), *((name, name) for name in names)]


NAMED = re.compile(r"([^、，,；;\s（(]+)(?:[（(]([^）)]*)[）)])?")
"""A name, and in brackets behind it what the person is."""


def _members(name: str) -> list[Member]:
    """Members in office by code, else by name; two are enough to know that there are several."""
    rows = Member.objects.filter(is_active=True)
    return list(rows.filter(code__iexact=name)[:1]) or list(rows.filter(name=name)[:2])


def _identity(what: str) -> str:
    """The identity that stands in the brackets, if one does."""
    return next((code for code, label in Reporter.Identity.choices if label in what), Reporter.Identity.OTHER)


def _written(row: Reporter) -> str:
    """A reporter as he is written into the form."""
    return row.name if row.member_id else f"{row.name}（{row.post or row.get_identity_display()}）"


class TextForm(forms.Form):
    """The three parts of a report; ``complete`` asks for what hand-in needs."""

    body = forms.ModelChoiceField(
        label="以谁的名义", queryset=Body.objects.none(), required=False, empty_label="我本人",
    )  # fmt: skip
    title = forms.CharField(
        label="标题", max_length=80, error_messages={"required": "请填写标题。"}, help_text="说清哪里、什么事，如“城区部分路灯早关晚开”。",
        widget=forms.TextInput(attrs={**TEXT, "data-count": "80"}),
    )  # fmt: skip
    category = forms.ChoiceField(label="类别", required=False)
    situation = forms.CharField(
        label="情况反映", error_messages={"required": "请填写情况反映。"}, widget=_area(7, **{"data-count-part": ""}),
        help_text="时间、地点、多少人、什么影响。一篇只说一件事。",
    )  # fmt: skip
    analysis = forms.CharField(
        label="问题分析",
        required=False,
        widget=_area(4, **{"data-count-part": ""}),
        help_text="为什么会这样，可以不写。",
    )
    suggestions = forms.CharField(
        label="对策建议", error_messages={"required": "请填写对策建议。"}, help_text="建议谁、怎么办。",
        widget=_area(5, **{"data-count-part": ""}),
    )  # fmt: skip
    reporter = forms.CharField(
        label="反映人", required=False, max_length=40, widget=forms.TextInput(attrs=TEXT),
        help_text="代录个人来稿时写：委员写姓名或编号，其他人写姓名。以单位名义的空着。",
    )  # fmt: skip
    identity = forms.ChoiceField(
        label="反映人身份", required=False, initial=Reporter.Identity.DISTRICT,
        choices=[row for row in Reporter.Identity.choices if row[0] != Reporter.Identity.RESIDENT],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    reporter_post = forms.CharField(
        label="单位及职务", required=False, max_length=120, widget=forms.TextInput(attrs=TEXT), help_text="委员不用写。"
    )
    reporter_phone = forms.CharField(
        label="电话", required=False, max_length=20, widget=forms.TextInput(attrs={**TEXT, "inputmode": "tel"})
    )
    people = forms.CharField(
        label="共同反映人", required=False, widget=forms.TextInput(attrs=TEXT), max_length=200,
        help_text="其他委员的姓名，用顿号分开，同名的写委员编号；不是本届委员的，写成“姓名（单位职务）”。",
    )  # fmt: skip
    publish_consent = forms.BooleanField(
        label="同意公开标题和摘要", required=False, initial=True, help_text="公开时不写您的姓名。"
    )

    def __init__(self, data: Any = None, *, user: Any, report: OpinionReport | None = None, complete: bool = True):
        initial: dict[str, Any] = {}
        if report is not None:
            initial = {name: getattr(report, name) for name in (*OpinionReport.PARTS, "category", "publish_consent")}
            rows = list(report.reporters.all())
            first = next((row for row in rows if row.order == 0 and not row.body_id), None)
            initial["people"] = "、".join(_written(row) for row in rows if row.order > 0)
            initial["body"] = report.body_id
            if first:
                initial |= {"reporter": first.name, "identity": first.identity, "reporter_phone": first.phone}
                initial["reporter_post"] = "" if first.member_id else first.post
        super().__init__(data, initial=initial)
        self.complete = complete
        self.enters = user.has_role(Role.INFO_EDITOR) and (report is None or report.created_by_id == user.pk)
        for name in ("title", "situation", "suggestions"):
            self.fields[name].required = complete
        self.fields["category"].choices = category_choices(report.category if report else "")
        bodies = Body.objects.filter(pk__in=user.body_ids, is_active=True)
        if not self.enters:
            for name in ("reporter", "identity", "reporter_post", "reporter_phone"):
                del self.fields[name]
        if self.enters:
            self.fields["body"].queryset = Body.objects.filter(is_active=True, kind__in=SOURCES).order_by(
                "kind", "order"
            )
            self.fields["body"].empty_label = "个人，反映人写在下面"
        elif report is not None or not user.body_ids:
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
        if self.enters and not data.get("body") and not data.get("reporter") and "reporter" not in self.errors:
            self.add_error("reporter", "请写反映人，或者在上面选以哪个单位的名义。")
        limit = options.value("sentiment.text_limit")
        length = sum(len(data.get(name) or "") for name in ("situation", "analysis", "suggestions"))
        if length > limit:
            self.add_error("situation", f"正文合计{length}字，最多{limit}字。请压缩；已写的都在页面上。")
        return data

    def clean_people(self) -> list[Person]:
        """The members named, and others with what they are in brackets; who is not found, or is several, is said."""
        return self._people(self.cleaned_data["people"])

    def clean_reporter(self) -> Person | None:
        """The person whom the office enters the report for: a member where one is named, else as written."""
        name = self.cleaned_data["reporter"].strip()
        rows = _members(name) if name else []
        if len(rows) > 1:
            raise forms.ValidationError(f"“{name}”有几位，请写委员编号。")
        return Person(member=rows[0]) if rows else Person(name=name) if name else None

    def _people(self, text: str) -> list[Person]:
        found, problems = [], []
        for name, what in NAMED.findall(text):
            if what:
                found.append(Person(name=name, identity=_identity(what), post=what[:120]))
                continue
            rows = _members(name)
            if len(rows) == 1:
                found.append(Person(member=rows[0]))
            elif rows:
                problems.append(f"“{name}”有几位，请写委员编号")
            else:
                problems.append(f"“{name}”不在委员名录里，请核对；不是本届委员的写成“{name}（单位职务）”")
        if problems:
            raise forms.ValidationError("；".join(problems) + "。")
        return found

    def entered(self) -> list[Person]:
        """Who reports, where the office enters a report from paper: the person, then whoever reports besides."""
        first: Person | None = self.cleaned_data.get("reporter")
        if first is not None and first.member is None:
            first = Person(
                name=first.name, identity=self.cleaned_data.get("identity") or Reporter.Identity.OTHER,
                post=self.cleaned_data.get("reporter_post", ""), phone=self.cleaned_data.get("reporter_phone", ""),
            )  # fmt: skip
        own = [first] if first and not self.cleaned_data.get("body") else []
        return own + list(self.cleaned_data.get("people") or [])

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

    takes_files = False

    def __init__(self, data: Any = None, files: Any = None, *, report: OpinionReport | None = None):
        super().__init__(data, files)
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


class CorrectionForm(ActForm):
    """Why something that was recorded is taken off."""

    reason = forms.CharField(
        label="为什么删去", max_length=200, widget=_area(3), error_messages={"required": "请写明删去的理由。"}
    )


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
    note = forms.CharField(label="说明", max_length=200, required=False, widget=forms.TextInput(attrs=TEXT))
    files = ManyFilesField(
        label="采用依据", required=False,
        help_text=f"采用通知、刊物的照片或扫描件：{attachments.WORDS}，最多{MOST_EVIDENCE}个。",
    )  # fmt: skip
    takes_files = True


class OwnNoteForm(ActForm):
    """A leader's own note."""

    text = forms.CharField(
        label="批示内容", max_length=1000, widget=_area(5, **{"data-count": "1000"}),
        help_text="以您的名义、今天的日期登记，信息编辑会收到通知。", error_messages={"required": "请写批示内容。"},
    )  # fmt: skip
    for_unit = forms.BooleanField(label="转办时让承办单位看到这条批示", required=False, initial=True)


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
    days = forms.IntegerField(
        label="几个工作日内答复", min_value=1, max_value=120, widget=forms.NumberInput(attrs=TEXT),
        error_messages={"required": "请写几个工作日内答复。"},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, report: OpinionReport | None = None):
        super().__init__(data, files, report=report)
        self.fields["days"].initial = options.value("sentiment.answer_days")


class ReplySenderForm(ActForm):
    """The answer to a resident's letter."""

    text = forms.CharField(
        label="给来信人的答复", max_length=1000, widget=_area(5), help_text="用大白话，不写任何人的姓名。"
    )

    def __init__(self, data: Any = None, files: Any = None, *, report: OpinionReport):
        super().__init__(data, files, report=report)
        self.fields["text"].initial = report.reply_to_sender


class PublishForm(ActForm):
    """The public title and abstract."""

    title = forms.CharField(label="公开的标题", max_length=80)
    abstract = forms.CharField(
        label="公开的摘要", max_length=600, widget=_area(5), help_text="不写反映人，不写批示，不写内部数字。"
    )

    def __init__(self, data: Any = None, files: Any = None, *, report: OpinionReport):
        super().__init__(data, files, report=report)
        self.fields["title"].initial = report.public_title or report.title
        self.fields["abstract"].initial = report.public_abstract


class CompositeForm(forms.Form):
    """The title of a new composite, or the open one into which the reports go."""

    whole = forms.ModelChoiceField(
        label="编到哪里", queryset=OpinionReport.objects.none(), required=False, empty_label="新编一篇综合",
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    title = forms.CharField(
        label="综合的标题", max_length=80, required=False, widget=forms.TextInput(attrs=TEXT),
        help_text="编进已有的综合时不用写。",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        open_ones = OpinionReport.objects.filter(
            source=OpinionReport.Source.COMPOSITE, status=OpinionReport.Status.EDITING
        )
        self.fields["whole"].queryset = open_ones.only("title").order_by("-id")
        if not open_ones.exists():
            del self.fields["whole"]
            self.fields["title"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """A new composite needs a title."""
        data = super().clean() or self.cleaned_data
        if not data.get("whole") and not (data.get("title") or "").strip():
            self.add_error("title", "请填写综合的标题。")
        return data


class AnswerForm(forms.Form):
    """A unit's answer."""

    text = forms.CharField(
        label="答复", widget=_area(12, **{"data-count": "5000"}), max_length=5000, help_text="调查的情况、已经办的、什么时候办完。",
        error_messages={"required": "请填写答复。"},
    )  # fmt: skip
    files = ManyFilesField(
        label="附件",
        required=False,
        help_text=f"盖章的答复、照片、清单：{attachments.WORDS}，最多{MOST_ANSWER_FILES}个。",
    )


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
