"""Forms of the yearly plan 年度协商计划: the call, its steps, its topics, what was put in, and the filters of its lists."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from consultations.forms import TEXT, area, day
from consultations.models import AnnualPlan, Consultation, PlanItem, TopicSuggestion
from consultations.plans.progress import State
from members.models import Body, HandlingUnit

FORMS = [row for row in Consultation.Form.choices if row[0] != "micro"]
MONTHS: list[tuple[Any, str]] = [("", "未定"), *((n, f"{n}月") for n in range(1, 13))]


def _line(**extra: Any) -> forms.TextInput:
    return forms.TextInput(attrs={**TEXT, **extra})


class Selects(forms.Form):
    """A form whose selects look like selects."""

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"


class CallForm(forms.Form):
    """The call for topics: its days and what it says."""

    opens_on = day("从哪天开始")
    closes_on = day("到哪天截止", help_text="截止以后网上不再收，机关还可以代录纸质来件。")
    call_text = forms.CharField(
        label="征集说明", required=False, max_length=2000, widget=area(6),
        help_text="重点征集哪些方面、有什么要求；登在网站征集页上，也发给委员和单位。",
    )  # fmt: skip


class StepForm(forms.Form):
    """One step of the plan: its day, which meeting, what it said."""

    on = day("日期", initial=timezone.localdate)
    note = forms.CharField(
        label="会议和意见", max_length=300, required=False, widget=area(3),
        help_text="如：十六届八次主席会议；原则通过，第3个议题改到下半年。",
    )  # fmt: skip


class IssueForm(StepForm):
    """The issue of a plan."""

    document_no = forms.CharField(label="文号", max_length=40, widget=_line(), help_text="如：汉办发〔2027〕5号。")
    field_order = ("document_no", "on", "note")


class ReasonForm(forms.Form):
    """Back to drafting, with the reason."""

    reason = forms.CharField(label="理由", max_length=300, widget=area(3), error_messages={"required": "请写明理由。"})


class ItemForm(Selects):
    """One topic of a plan; of an issued one with the reason for the change."""

    topic = forms.CharField(label="议题", max_length=120, widget=_line())
    form = forms.ChoiceField(label="形式", choices=FORMS)
    month = forms.TypedChoiceField(label="月份", required=False, coerce=int, empty_value=None, choices=MONTHS)
    leader = forms.CharField(label="领衔领导", max_length=40, required=False, widget=_line())
    body = forms.ModelChoiceField(
        label="承办专委会", queryset=Body.objects.filter(kind="committee", is_active=True), required=False,
        empty_label="未定",
    )  # fmt: skip
    units = forms.ModelMultipleChoiceField(
        label="责任部门", queryset=HandlingUnit.objects.filter(is_active=True), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="可以选几家。",
    )  # fmt: skip
    partner_units = forms.ModelMultipleChoiceField(
        label="参与部门",
        queryset=HandlingUnit.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partner_bodies = forms.ModelMultipleChoiceField(
        label="参与的界别、党派、专委会", required=False, widget=forms.CheckboxSelectMultiple,
        queryset=Body.objects.filter(is_active=True, kind__in=("committee", "sector", "party", "organization")),
    )  # fmt: skip
    participants = forms.CharField(
        label="参加范围", max_length=200, required=False, widget=_line(), help_text="如：部分政协委员、企业和群众代表。"
    )
    method = forms.CharField(
        label="协商方式", max_length=200, required=False, widget=_line(), help_text="如：先调研视察，再开会协商。"
    )
    reason = forms.CharField(
        label="调整的理由",
        max_length=300,
        widget=area(2),
        error_messages={"required": "计划已经印发，请写明调整的理由。"},
    )
    basis = forms.CharField(
        label="依据", max_length=120, required=False, widget=_line(), help_text="如：十六届九次主席会议同意。"
    )

    def __init__(self, data: Any = None, *, plan: AnnualPlan, item: PlanItem | None = None):
        initial: dict[str, Any] = {}
        if item:
            names = ("topic", "form", "month", "leader", "body", "participants", "method")
            initial = {name: getattr(item, name) for name in names}
            many = ("units", "partner_units", "partner_bodies")
            initial |= {name: list(getattr(item, name).all()) for name in many}
        super().__init__(data, initial=initial)
        if not plan.is_published:
            del self.fields["reason"], self.fields["basis"]


class DropForm(forms.Form):
    """Taking a topic out of an issued plan."""

    reason = forms.CharField(
        label="调出的理由", max_length=300, widget=area(3), error_messages={"required": "请写明理由。"}
    )
    basis = forms.CharField(label="依据", max_length=120, required=False, widget=_line())


class ArrangeForm(forms.Form):
    """A session for a topic of the plan; the rest follows from the plan."""

    on = day("哪一天")
    starts_at = forms.TimeField(
        label="几点", required=False, widget=forms.TimeInput(attrs={"type": "time", **TEXT}, format="%H:%M")
    )
    place = forms.CharField(label="地点", max_length=120, required=False, widget=_line())


class SuggestForm(Selects):
    """A topic put in by a signed-in person; the office says from whom a paper came."""

    hat = forms.ChoiceField(label="以谁的名义", choices=[])
    source = forms.ChoiceField(
        label="来源", required=False,
        choices=[row for row in TopicSuggestion.Source.choices if row[0] not in ("public", "member")],
    )  # fmt: skip
    proposer = forms.CharField(
        label="谁提的", max_length=60, required=False, widget=_line(), help_text="如：区委办公室。"
    )
    title = forms.CharField(
        label="议题", max_length=60, widget=_line(**{"data-count": "60"}), help_text="一句话，如“推进城区老旧小区加装电梯”。",
        error_messages={"required": "请用一句话写出议题。"},
    )  # fmt: skip
    text = forms.CharField(
        label="为什么要议、希望解决什么",
        max_length=1000,
        widget=area(6),
        error_messages={"required": "请说说为什么要议。"},
    )
    form = forms.ChoiceField(label="建议的形式", required=False, choices=[("", "由政协定"), *FORMS])

    def __init__(self, data: Any = None, *, user: Any):
        super().__init__(data)
        office = user.has_perm("consultations.manage_plan")
        hats: list[tuple[str, str]] = [("paper", "代录纸质来件")] if office else []
        if user.member_id:
            hats.append(("own", f"{user.name}（委员）"))
        bodies = Body.objects.filter(pk__in=user.body_ids) if user.body_ids else ()
        hats += [(f"body-{row.pk}", str(row)) for row in bodies]
        units = user.unit_ids()
        hats += [(f"unit-{row.pk}", str(row)) for row in (HandlingUnit.objects.filter(pk__in=units) if units else ())]
        self.fields["hat"].choices = hats  # type: ignore[attr-defined]
        if not office:
            del self.fields["source"], self.fields["proposer"]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = {name: self.cleaned_data[name] for name in ("title", "text", "form")}
        hat, _, number = self.cleaned_data["hat"].partition("-")
        if hat == "body":
            data["body"] = Body.objects.get(pk=number)
        elif hat == "unit":
            data["unit"] = HandlingUnit.objects.get(pk=number)
        elif hat == "paper":
            data |= {name: self.cleaned_data[name] for name in ("source", "proposer")}
        return data


class TakeForm(Selects):
    """Into which topic of the plan a suggestion goes, and what its proposer is told."""

    item = forms.ModelChoiceField(
        label="列到哪个议题", queryset=PlanItem.objects.none(), required=False, empty_label="新列一个议题",
        help_text="几条建议说的是一件事，就并到同一个议题里。",
    )  # fmt: skip
    reply = forms.CharField(label="答复提出人的话", max_length=300, required=False, widget=area(2))

    def __init__(self, data: Any = None, *, plan: AnnualPlan):
        super().__init__(data)
        self.fields["item"].queryset = PlanItem.objects.filter(plan=plan)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Why a topic is kept, not taken, or studied again."""

    reason = forms.CharField(
        label="理由", max_length=300, widget=area(3), help_text="提出人会看到，请写得具体、客气，不写人名。",
        error_messages={"required": "请写明理由，提出人会看到。"},
    )  # fmt: skip


def years() -> list[tuple[Any, str]]:
    """The years that have a plan."""
    return [("", "全部年份"), *((year, f"{year}年") for year in AnnualPlan.objects.values_list("year", flat=True))]


class TopicFilter(Selects):
    """The conditions of the list of suggestions, in the address: q, year, state, source."""

    q = forms.CharField(label="议题", required=False, max_length=60, widget=_line(type="search"))
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None, choices=years)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *TopicSuggestion.Status.choices])
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部来源"), *TopicSuggestion.Source.choices]
    )
    item = forms.ModelChoiceField(
        queryset=PlanItem.objects.all(), required=False, widget=forms.HiddenInput, label="议题"
    )


class ItemFilter(Selects):
    """The conditions of the list of plan items, in the address."""

    STATES = [("done", "已举行及以后"), *State.choices]

    q = forms.CharField(label="议题", required=False, max_length=60, widget=_line(type="search"))
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None, choices=years)
    form = forms.ChoiceField(label="形式", required=False, choices=[("", "全部形式"), *FORMS])
    quarter = forms.TypedChoiceField(
        label="季度", required=False, coerce=int, empty_value=None,
        choices=[("", "全年"), *((n, f"{word}季度") for n, word in enumerate("一二三四", 1)), (0, "没有定月份")],
    )  # fmt: skip
    state = forms.ChoiceField(label="进度", required=False, choices=[("", "全部进度"), *STATES])
    body = forms.ModelChoiceField(
        label="承办专委会",
        required=False,
        queryset=Body.objects.filter(kind="committee", is_active=True),
        empty_label="全部",
    )
    planned = forms.BooleanField(label="在计划里", required=False, widget=forms.HiddenInput)


def default_days(plan: AnnualPlan, closing: date) -> dict[str, Any]:
    """The call's days as they are, or from today until the usual closing day."""
    today = timezone.localdate()
    return {
        "opens_on": plan.opens_on or today,
        "closes_on": plan.closes_on or max(closing, today),
        "call_text": plan.call_text,
    }
