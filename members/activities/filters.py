"""The conditions of the list of activities 履职活动清单: read from the address, shown as fields and as chips."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import paging
from members.forms import FilterForm
from members.models import Body, Role
from members.models.activities import Activity, ActivityStatus, Attendance

ORDER = (paging.Key("on", descending=True), paging.Key("id", descending=True))
FIRST_YEAR = 2016
MINE = [("", "全部"), ("1", "我参加的"), ("asked", "等我回复的"), ("reported", "我自报的")]


class ActivityFilter(FilterForm):
    """Words of the title, kind, year, body, state, member (code or name), and one's own."""

    q = forms.CharField(label="名称、地点", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Activity.Kind.choices])
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    body = forms.ModelChoiceField(Body.objects.none(), label="组织单位", required=False, empty_label="全部")
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *ActivityStatus.choices])
    member = forms.CharField(label="委员姓名、编号", required=False, max_length=40)
    mine = forms.ChoiceField(label="我的", required=False, choices=MINE)

    def __init__(self, data: QueryDict, *, user) -> None:
        super().__init__(data)
        self.user = user
        years = range(timezone.localdate().year + 1, FIRST_YEAR - 1, -1)
        year: Any = self.fields["year"]
        year.choices = [("", "全部"), *((str(year), f"{year}年") for year in years)]
        body: Any = self.fields["body"]
        body.queryset = Body.objects.filter(pk__in=Activity.objects.values("organizer_id"))
        if not user.member_id or not user.has_role(Role.MEMBER, Role.CONVENER):
            del self.fields["mine"]
        if not user.has_role(*ASKS_FOR_OTHERS):
            del self.fields["member"]

    def apply(self, rows: QuerySet) -> QuerySet:
        """The rows that meet every condition; none where a condition cannot be understood."""
        if not self.is_valid():
            return rows.none()
        value = {name: given for name, given in self.cleaned_data.items() if given not in (None, "")}
        if words := value.get("q"):
            rows = rows.filter(Q(title__icontains=words) | Q(place__icontains=words))
        if "kind" in value:
            rows = rows.filter(kind=value["kind"])
        if "year" in value:
            rows = rows.filter(on__year=value["year"])
        if "body" in value:
            rows = rows.filter(organizer=value["body"])
        if "state" in value:
            rows = rows.filter(status=value["state"])
        if who := value.get("member"):
            people = Attendance.objects.filter(Q(member__code__iexact=who) | Q(member__name=who))
            rows = rows.filter(pk__in=people.values("activity_id"))
        return self._own(rows, value.get("mine", ""))

    def _own(self, rows: QuerySet, which: str) -> QuerySet:
        part = Attendance.objects.filter(member_id=self.user.member_id)
        if which == "reported":
            return rows.filter(reported_by_id=self.user.member_id)
        if which == "asked":
            waiting = part.filter(state=Attendance.State.INVITED)
            return rows.filter(pk__in=waiting.values("activity_id"), status=ActivityStatus.NOTIFIED)
        return rows.filter(pk__in=part.values("activity_id")) if which else rows

    def chips(self, query: QueryDict) -> list[tuple[str, str, str]]:
        """Each condition in words, with the address without it."""
        found = []
        if not self.is_valid():
            return []
        for name, value in self.cleaned_data.items():
            if value in (None, ""):
                continue
            field: Any = self.fields[name]
            words = dict(field.choices).get(str(value), value) if name in CHOSEN else value
            found.append((str(field.label), str(words), paging.without(query, name)))
        return found


ASKS_FOR_OTHERS = (Role.LIAISON, Role.LEADER, Role.COMMITTEE, Role.CONVENER)
"""Roles that may ask where another member took part."""

CHOSEN = ("kind", "year", "state", "mine")
