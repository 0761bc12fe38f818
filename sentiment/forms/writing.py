"""The form of a report 写信息 as its author, or the office for him, writes it."""

import re
from typing import Any

from django import forms

from core import options
from members.models import Body, Member, Role
from sentiment.forms.fields import TEXT, area, category_choices
from sentiment.models import OpinionReport, Reporter
from sentiment.services.writing import SOURCES, Person

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
        label="情况反映", error_messages={"required": "请填写情况反映。"}, widget=area(7, **{"data-count-part": ""}),
        help_text="时间、地点、多少人、什么影响。一篇只说一件事。",
    )  # fmt: skip
    analysis = forms.CharField(
        label="问题分析",
        required=False,
        widget=area(4, **{"data-count-part": ""}),
        help_text="为什么会这样，可以不写。",
    )
    suggestions = forms.CharField(
        label="对策建议", error_messages={"required": "请填写对策建议。"}, help_text="建议谁、怎么办。",
        widget=area(5, **{"data-count-part": ""}),
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
