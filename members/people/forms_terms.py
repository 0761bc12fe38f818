"""Forms of terms 届 and sessions 次: shape only, the service checks the days against each other."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from members.models import Member, Session, Term
from members.papers.rolls import chinese_numeral
from members.services.terms import Days

DATE = {"type": "date"}


class SessionForm(forms.Form):
    """A plenary session and its days."""

    name = forms.CharField(label="名称", max_length=40, help_text="如：十六届六次会议")
    opens = forms.DateField(label="开幕", widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    closes = forms.DateField(label="闭幕", widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    collects_from = forms.DateField(
        label="大会提案征集开始",
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text="一般在开幕前三个月内。",
    )
    cut_off = forms.DateTimeField(
        label="大会提案截止", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="这个时间以后收到的是平时提案，编号接着往下排。",
    )  # fmt: skip

    def days(self) -> Days:
        """The days together."""
        return Days(*(self.cleaned_data[name] for name in ("opens", "closes", "collects_from", "cut_off")))


class NewSessionForm(SessionForm):
    """A session that is not registered yet, with its number in the term."""

    number = forms.IntegerField(label="第几次会议", min_value=1, max_value=99)
    current = forms.BooleanField(
        label="登记以后就用作现在的届次", required=False, help_text="新写的提案从此归这一次会议；已经写的不变。"
    )
    field_order = ["number", "name"]


def session_initial(session: Session) -> dict[str, Any]:
    """The stored days as the controls show them."""
    names = ("name", "opens", "closes", "collects_from")
    return {name: getattr(session, name) for name in names} | {"cut_off": timezone.localtime(session.cut_off)}


def next_session(term: Term) -> dict[str, Any]:
    """What the next session of a term is likely to be called."""
    last = Session.objects.filter(term=term).order_by("-number").first()
    number = last.number + 1 if last else 1
    return {"number": number, "name": f"{term.name}{chinese_numeral(number)}次会议"}


class MembersField(forms.ModelMultipleChoiceField):
    """Several members, each told apart by code and sector."""

    def label_from_instance(self, obj: Member) -> str:
        """Name, code and sector."""
        return f"{obj.name}（{obj.code}，{obj.sector or ''}）"


class TermForm(forms.Form):
    """A new term 换届 and who of the present members goes on."""

    number = forms.IntegerField(label="第几届", min_value=1, max_value=99)
    name = forms.CharField(label="名称", max_length=20, help_text="如：十七届")
    starts = forms.DateField(label="从哪天开始", widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    decision = forms.CharField(
        label="依据", max_length=200, help_text="如：十六届二十次常委会会议协商决定十七届委员名单。"
    )
    staying = MembersField(
        Member.objects.none(), label="连任的委员", required=False, widget=forms.CheckboxSelectMultiple
    )
    codes = forms.CharField(
        label="连任委员的编号", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="从名册里贴过来：一行一个，也可以用逗号、顿号隔开。贴了就以编号为准；不贴，就在下面打勾。",
    )  # fmt: skip
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staying"].queryset = (
            Member.objects.filter(is_active=True).select_related("sector").order_by("code")
        )

    def clean(self) -> dict[str, Any]:
        """Members named by code must be in office; what is not found is named."""
        data = super().clean() or self.cleaned_data
        for mark in "，、；;,\t ":
            data["codes"] = (data.get("codes") or "").replace(mark, "\n")
        codes = list(dict.fromkeys(code.strip() for code in data["codes"].splitlines() if code.strip()))
        if codes:
            known = {member.code: member for member in self.fields["staying"].queryset.filter(code__in=codes)}
            if missing := [code for code in codes if code not in known]:
                some = "、".join(missing[:10]) + ("等" if len(missing) > 10 else "")
                self.add_error("codes", f"在任委员里没有这些编号：{some}。")
            data["staying"] = list(known.values())
        elif not data.get("staying") and self.fields["staying"].queryset.exists():
            self.add_error("staying", "还没有选连任的委员：在这里打勾，或者在上面贴编号。")
        return data

    def ids(self) -> list[int]:
        """Who goes on."""
        return [member.pk for member in self.cleaned_data["staying"]]


def next_term(current: Term | None, today: date) -> dict[str, Any]:
    """What the next term is likely to be called."""
    number = current.number + 1 if current else 1
    return {"number": number, "name": f"{chinese_numeral(number)}届", "starts": today}
