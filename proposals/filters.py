"""The conditions of the proposal list (筛选): read from the address, shown as fields and as chips.

Parameters (several values of one are joined by commas or repeated):

========================  ==========================================================
``q``                     words of title and text, or a case number or intake number
``number``                case number 案号
``session`` ``year``      session (pk, or ``current``), year
``state`` (``status``)    states and the groups of ``STATE_GROUPS``
``stage`` with ``by``     a step of the funnel reached (by a day)
``category`` ``sector``   pks
``unit`` with ``role``    unit pk; role lead (default), support, split or any
``lead``                  lead unit pk
``kind``                  proposer kinds, or ``collective``
``from`` ``to`` ``date``  dates of submission, or of the event that ``date`` names
``due``                   overdue, soon, week, month
``overdue``               a day on which some deadline stood overdue; ``1`` is today
``late_unit`` ``late``    overdue with a unit, by group of duty, on the day ``on``
``key`` ``excellent``     1 or 0
``in_session``            1 or 0
``rating`` ``attitude``   values of ``Proposal.Rating``
``result``                letters of result classes
``mine``                  1: proposed by this person
``published``             1 or 0
========================  ==========================================================

A value that means nothing finds nothing and is named beside its field.
"""

import datetime as dt
import json

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from core import deadlines, options, paging, search
from core.templatetags.frame import cn_date
from proposals.choices import Choices
from proposals.filter_fields import DayField, ManyField, NumberField, SearchField
from proposals.models import Proposal, Status, UnitTask
from proposals.models.queries import FILED_ON, PRIVATE
from proposals.statistics import LATE_GROUPS, STAGE_LABELS

STATE_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "review": ("待审查、审查中", ("submitted", "reviewing")),
    "open": ("在办", ("assigned", "handling", "replied", "rehandling")),
    "working": ("办理中等", ("assigned", "handling", "rehandling")),
    "done": ("办结", ("closed", "follow_up", "archived")),
    "filed_all": ("已立案", FILED_ON),
    "not_case": ("未立案", ("not_filed", "merged", "withdrawn", "returned")),
    "private": ("草稿、联名中", PRIVATE),
}
DATES = {
    "submitted": "提交日期",
    "filed": "立案日期",
    "assigned": "交办日期",
    "replied": "答复日期",
    "closed": "办结日期",
}
DUES = [("overdue", "已超期"), ("soon", "{}个工作日内"), ("week", "7天内"), ("month", "本月内")]
ROLES = [("lead", "主办"), ("support", "会办"), ("split", "分办"), ("any", "主办、会办、分办")]
LATE = {"contact": "签收、沟通、会办", "reply": "答复", "promise": "承诺", "any": "任何一项"}
YES_NO = [("1", "是"), ("0", "否")]

SORTS: dict[str, tuple[str, tuple[paging.Key, ...]]] = {
    "new": ("新的在前", (paging.Key("id", True),)),
    "old": ("旧的在前", (paging.Key("id"),)),
    "number": ("案号从小到大", (paging.Key("session_id"), paging.Key("number", nullable=True), paging.Key("id"))),
    "-number": ("案号从大到小", (paging.Key("session_id", True), paging.Key("number", True, True), paging.Key("id", True))),
    "due": ("最急的在前", (paging.Key("next_due", nullable=True), paging.Key("id"))),
    "-due": ("期限最晚的在前", (paging.Key("next_due", True, True), paging.Key("id", True))),
}  # fmt: skip


BARS_KEPT = 128


def _fields(choices: Choices, soon: int) -> dict[str, forms.Field]:
    """A field for each condition; ``soon`` are the working days within which a day counts as near."""
    dues = [(code, words.format(soon)) for code, words in DUES]
    ratings = [pair for pair in Proposal.Rating.choices if pair[0]]
    states = [(code, words) for code, (words, _) in STATE_GROUPS.items()] + Status.choices
    units = {"choices": choices.unit}
    return {
        "q": SearchField(label="案号、案由、正文", required=False, max_length=100, placeholder="如 123 或 饮水"),
        "session": ManyField(label="届次", choices=choices.session, empty="全部届次"),
        "state": ManyField(label="状态", choices=states),
        "unit": ManyField(label="承办单位", **units),
        "sector": ManyField(label="界别", choices=choices.sector),
        "due": ManyField(label="期限", choices=dues),
        "year": NumberField(label="年份", required=False, min_value=1950, max_value=2150),
        "category": ManyField(label="类别", choices=choices.category),
        "kind": ManyField(label="提案者类别", choices=[("collective", "集体提案"), *Proposal.Kind.choices]),
        "role": ManyField(label="承办方式", choices=ROLES, empty="主办"),
        "date": ManyField(label="按哪个日期", choices=DATES.items(), empty="提交日期"),
        "from": DayField(label="从"),
        "to": DayField(label="到"),
        "key": ManyField(label="重点提案", choices=YES_NO),
        "excellent": ManyField(label="优秀提案", choices=YES_NO),
        "in_session": ManyField(label="大会提案", choices=YES_NO),
        "rating": ManyField(label="办理结果评价", choices=ratings),
        "result": ManyField(label="答复类别", choices=choices.result),
        "published": ManyField(label="已公开", choices=YES_NO),
        "number": NumberField(label="案号", required=False, min_value=1, max_value=999_999),
        "stage": ManyField(label="走到", choices=STAGE_LABELS.items()),
        "by": DayField(label="截至"),
        "lead": ManyField(label="主办单位", **units),
        "overdue": DayField(label="超期", or_today=True),
        "late_unit": ManyField(label="超期单位", **units),
        "late": ManyField(label="超期事项", choices=LATE.items()),
        "on": DayField(label="截至", or_today=True),
        "attitude": ManyField(label="办理态度评价", choices=ratings),
        "mine": ManyField(label="我的提案", choices=YES_NO[:1]),
        "sort": ManyField(label="次序", choices=[(code, words) for code, (words, _) in SORTS.items()]),
    }


class ProposalFilter(forms.Form):
    """The conditions in one address."""

    MAIN = ("q", "session", "state", "unit", "sector", "due")
    SECONDARY = (
        "year", "category", "kind", "role", "date", "from", "to", "key", "excellent", "in_session", "rating", "result", "published",
    )  # fmt: skip
    HIDDEN = ("number", "stage", "by", "lead", "overdue", "late_unit", "late", "on", "attitude", "mine", "sort")

    def __init__(self, data: QueryDict, *, choices: Choices):
        super().__init__(_normal(data, choices), auto_id="f-%s")
        soon = options.value("deadlines.soon_days")
        self._kept = choices.kept.setdefault(soon, {})
        if "fields" not in self._kept:
            self._kept["fields"] = _fields(choices, soon)
        self.fields = self._kept["fields"]  # never changed by a form: all requests share them

    @property
    def conditions(self) -> str:
        """What is asked for, as text: the same text finds the same rows, in whatever order."""
        asked = sorted((name, values) for name, values in self.data.lists() if name in self.fields and name != "sort")
        return json.dumps(asked, ensure_ascii=False)

    @property
    def bar(self) -> SafeString:
        """The filter bar in HTML: the same for everyone who sets the same conditions."""
        bars = self._kept.setdefault("bars", {})
        key = tuple((name, tuple(values)) for name, values in sorted(self.data.lists()) if name in self.fields)
        if key not in bars:
            if len(bars) >= BARS_KEPT:
                bars.clear()
            bars[key] = render_to_string("proposals/_filters.html", {"form": self})
        return bars[key]

    @property
    def main_fields(self):
        """The fields that always show."""
        return [self[name] for name in self.MAIN]

    @property
    def more_fields(self):
        """The fields behind 更多条件."""
        return [self[name] for name in self.SECONDARY]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Conditions without a field of their own, carried along when others change."""
        return [(name, self.data[name]) for name in self.HIDDEN if self.data.get(name)]

    @property
    def more_open(self) -> bool:
        """Whether a condition behind 更多条件 is set."""
        return any(self.data.get(name) for name in self.SECONDARY)

    @property
    def sort(self) -> str:
        """The code of the order."""
        codes = self.cleaned_data.get("sort") if self.is_valid() else None
        return codes[0] if codes else "new"

    @property
    def order(self) -> tuple[paging.Key, ...]:
        """The order of the rows."""
        return SORTS[self.sort][1]

    def apply(self, rows: QuerySet, user) -> QuerySet:
        """The rows that meet every condition; none where a condition cannot be understood."""
        if not self.is_valid():
            return rows.none()
        value = {name: given for name, given in self.cleaned_data.items() if given not in (None, "", [])}
        today = timezone.localdate()
        rows = search.match(rows, value.get("q", ""), number_field="number", code_field="intake_no")
        rows = _by_columns(rows, value)
        if "state" in value:
            rows = rows.filter(status__in=_states(value["state"]))
        if "kind" in value:
            rows = rows.filter(kind__in=_kinds(value["kind"]))
        if "unit" in value:
            rows = rows.filter(_unit(value["unit"], value.get("role") or ["lead"]))
        for stage in value.get("stage", ()):
            rows = rows.in_stage(stage, value.get("by"))
        column = f"{(value.get('date') or ['submitted'])[0]}_on"
        if "from" in value:
            rows = rows.filter(**{f"{column}__gte": value["from"]})
        if "to" in value:
            rows = rows.filter(**{f"{column}__lte": value["to"]})
        if "due" in value:
            rows = rows.filter(_due(value["due"], today))
        if "overdue" in value:
            rows = rows.overdue_on(value["overdue"])
        if "late_unit" in value or "late" in value:
            rows = _late(rows, value, today)
        if "mine" in value:
            rows = rows.filter(pk__in=Proposal.objects.all().own_ids(user))
        return rows

    def chips(self, query: QueryDict) -> list[tuple[str, str, str]]:
        """(name, value in words, address without it) of every condition set."""
        found = []
        if not self.is_valid():
            return found
        for name, field in self.fields.items():
            given = self.cleaned_data.get(name)
            if given in (None, "", []) or name in ("sort", "by", "on", "role", "date"):
                continue
            words = self._words(name, field, given)
            names = {"state": ("state", "status"), "stage": ("stage", "by"), "unit": ("unit", "role")}
            names |= {"late_unit": ("late_unit", "late", "on"), "late": ("late_unit", "late", "on")}
            found.append((field.label, words, paging.without(query, *names.get(name, (name,)))))
        return found

    def _words(self, name: str, field, given) -> str:
        if isinstance(field, ManyField):
            words = field.words(given)
        else:
            words = cn_date(given) if isinstance(given, dt.date) else str(given)
        extra = {"unit": "role", "stage": "by", "from": "date", "to": "date"}.get(name)
        other = self.cleaned_data.get(extra) if extra else None
        if not other:
            return words
        shown = cn_date(other) if isinstance(other, dt.date) else self.fields[extra].words(other)
        return f"{words}（{shown}{'止' if extra == 'by' else ''}）"


def _normal(data: QueryDict, choices: Choices) -> QueryDict:
    """The address's parameters with the other names of some of them made one."""
    data = data.copy()
    if "status" in data:
        data.setlist("state", [*data.getlist("state"), *data.pop("status")])
    if "current" in data.getlist("session"):
        data["session"] = choices.current
    for name in ("sort",):
        if name in data and data[name] not in SORTS:
            del data[name]
    return data


def _by_columns(rows: QuerySet, value: dict) -> QuerySet:
    """The conditions that are a column's values and nothing else."""
    for name, column in (
        ("session", "session_id__in"), ("sector", "sector_id__in"), ("category", "category_id__in"),
        ("lead", "lead_unit_id__in"), ("rating", "rating__in"), ("attitude", "attitude__in"),
        ("result", "result_class__letter__in"), ("year", "year"), ("number", "number"),
    ):  # fmt: skip
        if name in value:
            rows = rows.filter(**{column: value[name]})
    for name, column in (("key", "is_key"), ("in_session", "in_session")):
        if name in value:
            rows = rows.filter(**{f"{column}__in": [code == "1" for code in value[name]]})
    for name, column in (("published", "published_on"), ("excellent", "excellent_on")):
        if name in value and len(value[name]) == 1:
            rows = rows.filter(**{f"{column}__isnull": value[name] == ["0"]})
    return rows


def _states(codes: list[str]) -> list[str]:
    found: list[str] = []
    for code in codes:
        found += STATE_GROUPS[code][1] if code in STATE_GROUPS else (code,)
    return found


def _kinds(codes: list[str]) -> list[str]:
    collective = list(Proposal.COLLECTIVE_KINDS) if "collective" in codes else []
    return collective + [code for code in codes if code != "collective"]


def _unit(units: list[str], roles: list[str]) -> Q:
    if roles == ["lead"]:
        return Q(lead_unit_id__in=units)
    tasks = UnitTask.objects.live().filter(unit_id__in=units)
    if "any" not in roles:
        tasks = tasks.filter(role__in=roles)
    return Q(pk__in=tasks.values("proposal_id"))


def _due(codes: list[str], today: dt.date) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        if code == "overdue":
            found |= Q(next_due__lt=today)
        elif code == "soon":
            found |= Q(next_due__range=(today, deadlines.soon_until(today)))
        elif code == "week":
            found |= Q(next_due__range=(today, today + dt.timedelta(days=7)))
        else:
            month_end = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
            found |= Q(next_due__gte=today, next_due__lt=month_end)
    return found


def _late(rows: QuerySet, value: dict, today: dt.date) -> QuerySet:
    codes = value.get("late") or ["any"]
    wanted = list(LATE_GROUPS) if "any" in codes else codes
    kinds = tuple(kind for code in wanted for kind in LATE_GROUPS[code])
    on = value.get("on") or today
    units = value.get("late_unit") or [None]
    found = Q(pk__in=[])
    for unit in units:
        unit_id = int(unit) if unit else None
        late = Proposal.objects.overdue_on(on, unit_id=unit_id, kinds=kinds)
        found |= Q(pk__in=late.values("pk"))
    return rows.filter(found)
