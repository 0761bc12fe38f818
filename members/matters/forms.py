"""Forms of matters 民情事项: the visit on one screen, the acts on it, and the conditions of the list."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import options, paging
from core.act_forms import ActForm
from core.templatetags.frame import cn_date
from members.matters import selectors as selectors_matters
from members.models import Booking, HandlingUnit, Matter, MatterStatus, Member, Studio
from members.services.matters import CORRECTED, MOST_TEXT, Visit
from members.studios.selectors import AHEAD, DONE

ROUTES = [
    (Matter.Route.ON_SPOT, "当场答复"),
    (Matter.Route.TO_UNIT, "转有关单位"),
    (Matter.Route.TO_PROPOSAL, "转为提案"),
    (Matter.Route.TO_OPINION, "转为社情民意"),
    (Matter.Route.TO_MICRO, "转微协商"),
    (Matter.Route.REFERRED, "引导到信访、法律途径"),
    ("", "回去再定"),
]
HOWS = [("电话", "电话"), ("当面", "当面"), ("短信、微信", "短信、微信"), ("托村（社区）转告", "托村（社区）转告")]


def _day(label: str, **values: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **values
    )


def _text(label: str, rows: int, **values: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **values)


class VisitForm(forms.Form):
    """One visit, on one screen; what the service refuses stands beside its field."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "请刷新这一页再登记。"})
    booking = forms.IntegerField(widget=forms.HiddenInput, required=False)
    studio = forms.ModelChoiceField(
        label="工作室",
        queryset=Studio.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选工作室。"},
    )
    received_on = _day("接待日期")
    host = forms.ModelChoiceField(
        label="接待委员", queryset=Member.objects.none(), required=False, empty_label="没有委员在场"
    )
    category = forms.ChoiceField(label="类别", required=False, widget=forms.RadioSelect)
    text = _text(
        "反映的事", 5, error_messages={"required": "请写来访人反映的事。"}, help_text="在哪里、什么事、想怎样解决。"
    )
    route = forms.ChoiceField(label="怎么办", required=False, choices=ROUTES, widget=forms.RadioSelect)
    answer = _text("当场怎样答复的", 3, required=False)
    unit = forms.ModelChoiceField(
        label="转给哪个单位", required=False, queryset=HandlingUnit.objects.filter(is_active=True).only("name", "short_name").order_by("order", "id"),
        empty_label="请选择",
    )  # fmt: skip
    visitor_name = forms.CharField(label="来访人怎样称呼", required=False, max_length=20)
    visitor_phone = forms.CharField(
        label="电话",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    village = forms.CharField(label="村（社区）", required=False, max_length=60)
    consent = forms.BooleanField(label="来访人同意记下姓名、电话，用来告诉他办理结果", required=False)

    def __init__(self, data=None, *, user, booking: Booking | None = None):
        super().__init__(data, initial=_visit_initial(user, booking))
        self.user = user
        self.fields["studio"].queryset = selectors_matters.studios_for(user)
        hosts = selectors_matters.hosts_for(user)
        self.fields["host"].queryset = hosts
        if len(hosts[:2]) == 1 and user.member_id:
            self.fields["host"].empty_label = None
        self.fields["category"].choices = [(name, name) for name in options.value("matters.categories")]

    @property
    def tiles(self) -> list[forms.boundfield.BoundWidget]:
        """The ways on, to be drawn as tiles."""
        return list(self["route"])

    def clean_booking(self) -> Booking | None:
        """The booking that the visitor comes with, of a studio that one may record for."""
        return find_booking(self.user, self.cleaned_data.get("booking"))

    def visit(self) -> Visit:
        """What the service takes."""
        return Visit(**self.cleaned_data)


def find_booking(user, number: int | None) -> Booking | None:
    """A booking at a studio for which ``user`` may record and which no visit has taken up."""
    if not number:
        return None
    rows = Booking.objects.filter(slot__day__studio__in=selectors_matters.studios_for(user), visit=None)
    return rows.filter(pk=number, cancelled_at=None).select_related("slot__day").first()


def _visit_initial(user, booking: Booking | None) -> dict[str, Any]:
    found: dict[str, Any] = {"key": uuid.uuid4(), "received_on": timezone.localdate(), "route": Matter.Route.ON_SPOT}
    found["host"] = user.member_id
    if booking is None:
        return found | {"studio": selectors_matters.first_studio(user)}
    return found | {
        "booking": booking.pk, "studio": booking.slot.day.studio_id, "visitor_name": booking.name,
        "visitor_phone": booking.phone, "village": booking.village, "text": booking.matter, "consent": True,
    }  # fmt: skip


# --- Acts --------------------------------------------------------------------------------------


class ReasonForm(ActForm):
    """An act with its reason."""

    reason = _text(
        "理由", 3, max_length=300, error_messages={"required": "请写明理由。"}, help_text="写进经过，有关的人看得到。"
    )


class SpotForm(ActForm):
    """An answer there and then."""

    answer = _text("当场怎样答复的", 4, error_messages={"required": "请写当场怎样答复的。"})


class TriageForm(ActForm):
    """The way on, and the unit for that way."""

    route = forms.ChoiceField(
        label="去向", choices=[row for row in ROUTES if row[0] not in ("", Matter.Route.ON_SPOT)], widget=forms.RadioSelect,
        error_messages={"required": "请选一个去向。"},
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label="转给哪个单位", required=False, queryset=HandlingUnit.objects.filter(is_active=True).only("name", "short_name").order_by("order", "id"),
        empty_label="请选择", help_text="去向选“转有关单位”时填。",
    )  # fmt: skip
    sure = forms.BooleanField(
        label="核对过：这件事不在诉讼、仲裁、信访程序里",
        required=False,
        help_text="正在这些程序里的，工作室不办，请引导来访人。",
    )

    def __init__(self, data=None, files=None, *, record: Matter):
        super().__init__(data, files, record=record)
        self.fields["route"].initial = record.route
        self.fields["unit"].initial = record.unit_id


class RerouteForm(TriageForm):
    """Another way, with the reason."""

    reason = _text("为什么改", 2, max_length=300, error_messages={"required": "请写明理由。"})


class AnswerForm(ActForm):
    """The answer, and the words that anyone with the receipt code may read."""

    answer = _text(
        "答复", 6, error_messages={"required": "请写答复。"}, help_text="给工作室看：怎样查的、怎样办的、依据是什么。"
    )
    result = _text(
        "公开的结果", 3, error_messages={"required": "请写公开的结果。"},
        help_text="一两句大白话，来访人凭回执号看到的就是它。不写任何人的姓名和电话。",
    )  # fmt: skip
    on = _day("答复日期", required=False, help_text="今天答复的不用填。")


class ResultForm(ActForm):
    """The public words again."""

    result = _text(
        "公开的结果", 4, error_messages={"required": "请写公开的结果。"}, help_text="不写任何人的姓名和电话。"
    )

    def __init__(self, data=None, files=None, *, record: Matter):
        super().__init__(data, files, record=record)
        self.fields["result"].initial = record.result


class InformForm(ResultForm):
    """How the visitor was told, and what he says."""

    how = forms.ChoiceField(
        label="怎样告诉的", choices=HOWS, widget=forms.RadioSelect, error_messages={"required": "请选一个。"}
    )
    on = _day("告知日期", required=False, help_text="今天告诉的不用填。")
    rating = forms.ChoiceField(
        label="来访人的评价", required=False, choices=[("", "没有说"), *Matter.Rating.choices], widget=forms.RadioSelect
    )
    close_now = forms.BooleanField(label="来访人没有别的要求，同时办结", required=False, initial=True)


class CorrectForm(ActForm):
    """What was written down of the visit, to be put right."""

    visitor_name = forms.CharField(label="来访人怎样称呼", required=False, max_length=20)
    visitor_phone = forms.CharField(
        label="电话",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    village = forms.CharField(label="村（社区）", required=False, max_length=60)
    category = forms.CharField(label="类别", required=False, max_length=20)
    text = _text("反映的事", 6, max_length=MOST_TEXT, error_messages={"required": "请写来访人反映的事。"})

    def __init__(self, data=None, files=None, *, record: Matter):
        super().__init__(data, files, record=record)
        for name in CORRECTED:
            self.fields[name].initial = getattr(record, name)


# --- The list ----------------------------------------------------------------------------------


class MatterFilter(forms.Form):
    """The conditions of the list, read from its address; one that cannot be understood finds nothing."""

    q = forms.CharField(
        label="事由，或10位回执号", required=False, max_length=40, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(label="状态", required=False)
    studio = forms.ModelChoiceField(
        label="工作室",
        required=False,
        queryset=Studio.objects.filter(is_active=True).only("name", "short_name").order_by("order", "id"),
        empty_label="全部",
    )
    category = forms.ChoiceField(label="类别", required=False)
    route = forms.ChoiceField(label="去向", required=False, choices=[("", "全部"), *Matter.Route.choices])
    unit = forms.ModelChoiceField(
        label="单位",
        required=False,
        queryset=HandlingUnit.objects.only("name", "short_name").order_by("order", "id"),
        empty_label="全部",
    )
    since = _day("接待日期从", required=False)
    until = _day("到", required=False)
    overdue = forms.ChoiceField(label="期限", required=False, choices=[("", "全部"), ("1", "已超期")])

    OPEN = ("recorded", "triaged", "in_progress", "answered", "informed")
    GROUPS = {"open": "没有办结的", "ahead": "在办的", "done": "有结果的"}

    def __init__(self, data, *, user):
        super().__init__(data, auto_id="f-%s")
        self.fields["status"].choices = [("", "全部"), *self.GROUPS.items(), *MatterStatus.choices]
        self.fields["category"].choices = [("", "全部"), *((name, name) for name in selectors_matters.categories())]
        if user.unit_ids() and not user.has_perm("members.record_matter"):
            del self.fields["unit"], self.fields["studio"]
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"

    def apply(self, rows: QuerySet[Matter]) -> QuerySet[Matter]:
        """The rows that meet every condition."""
        if not self.is_valid():
            return rows.none()
        value = {name: given for name, given in self.cleaned_data.items() if given not in (None, "")}
        if words := value.get("q", "").strip():
            digits = words.replace(" ", "")
            is_code = digits.isdecimal() and len(digits) == 10
            rows = rows.filter(receipt_code=digits) if is_code else rows.filter(text__icontains=words)
        for name in ("studio", "category", "route", "unit"):
            if name in value:
                rows = rows.filter(**{name: value[name]})
        if "status" in value:
            rows = rows.filter(self._standing(value["status"]))
        if "since" in value:
            rows = rows.filter(received_on__gte=value["since"])
        if "until" in value:
            rows = rows.filter(received_on__lte=value["until"])
        return selectors_matters.overdue(rows, timezone.localdate()) if "overdue" in value else rows

    def _standing(self, status: str) -> Q:
        """The states that a word stands for; those of a studio's figures as its page counts them."""
        groups = {
            "open": Q(status__in=self.OPEN),
            "ahead": Q(status__in=AHEAD),
            "done": Q(status__in=DONE) & ~Q(route=Matter.Route.REFERRED),
        }
        return groups.get(status, Q(status=status))

    def chips(self, query) -> list[tuple[str, str, str]]:
        """(name, value in words, address without it) of every condition set."""
        found = []
        for name, given in (self.cleaned_data if self.is_valid() else {}).items():
            if given in (None, ""):
                continue
            field = self.fields[name]
            words = cn_date(given) if isinstance(field, forms.DateField) else str(given)
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                words = dict(field.choices).get(given, given)
            found.append((field.label, words, paging.without(query, name)))
        return found
