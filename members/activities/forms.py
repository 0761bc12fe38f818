"""Forms of activities 履职活动 and research topics: shape only, the services decide."""

from typing import Any

from django import forms

from core.attachments import ACCEPT, WORDS
from core.import_forms import SeveralFilesField, SeveralFilesInput
from members.activities.access import committee_bodies, run_bodies
from members.activities.workflow import PARTICULARS, REPORTED, TOPIC
from members.models import Body, Member, Role
from members.models.activities import Activity, Attendance, ResearchTopic, TopicStatus

LEAVE_REASONS = ("因公外出", "身体不适", "家中有事")
"""Reasons that a phone offers as buttons."""

FOLDED = ("topic", "quantity", "unit_word", "amount", "headcount", "note")
"""Particulars that most activities do not have."""


def files_field(label: str, help_text: str = "") -> SeveralFilesField:
    """A field that takes several files of the kinds that are taken."""
    field = SeveralFilesField(label=label, required=False, help_text=help_text or f"{WORDS}。可以一次选几个。")
    field.widget = SeveralFilesInput(attrs={"accept": ACCEPT})
    return field


def _people(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), help_text=help_text
    )


class _DatedForm(forms.ModelForm):
    """Date and time controls as phones know them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            elif isinstance(field, forms.TimeField):
                field.widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ActivityForm(_DatedForm):
    """An activity's particulars, for who runs it."""

    people = _people("参加的委员", "已经举行的，把参加的委员贴在这里：姓名或编号，一行一个，或用顿号分开。")
    reason = forms.CharField(label="改动理由", required=False, max_length=300)

    class Meta:
        model = Activity
        fields = PARTICULARS
        help_texts = {
            "ends_on": "一天的不填。",
            "must_attend": "全体会议、常委会会议和要求到会的。不来又没有准假的记缺席。",
            "sign_up_until": "填了，全体委员都能在这天以前报名；不填，只有请到的能参加。",
            "places": "不限的不填。",
            "quantity": "如几篇、几场；没有的不填。",
            "unit_word": "如：篇、条、场。",
            "headcount": "连群众、单位同志在内的总人数；不清楚的不填。",
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(is_active=True)
        organizer: Any = self.fields["organizer"]
        if user.has_role(Role.LIAISON):
            organizer.empty_label = "委员联络室"
        else:
            bodies = bodies.filter(pk__in=run_bodies(user))
            organizer.required, organizer.empty_label = True, None
        organizer.queryset = bodies
        topic: Any = self.fields["topic"]
        topic.queryset = ResearchTopic.objects.visible_to(user).exclude(status=TopicStatus.CLOSED)
        topic.empty_label = "不属于课题"
        self.fields["kind"].choices = [("", "请选择"), *Activity.Kind.choices]  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["rows"] = 6
        if self.instance.pk:
            del self.fields["people"]
        if self.instance.status != Activity.Status.HELD:
            del self.fields["reason"]

    @property
    def more_open(self) -> bool:
        """Whether something stands, or is wrong, in the folded part."""
        return any(self[name].errors or self[name].value() not in (None, "") for name in FOLDED)

    def values(self) -> dict[str, Any]:
        """The particulars by name."""
        return {name: self.cleaned_data[name] for name in PARTICULARS}


class ReportForm(_DatedForm):
    """What a member reports himself."""

    files = files_field("佐证材料", "照片、证书、票据、文章都行。")  # type: ignore[assignment]

    class Meta:
        model = Activity
        fields = REPORTED
        labels = {"text": "做了什么", "organizer": "哪个组织办的"}
        help_texts = {
            "ends_on": "一天的不填。",
            "organizer": "专委会、界别、工作室办的，选上；别处办的不选。",
            "quantity": "征文几篇、视频几条、发言几次；没有的不填。",
            "unit_word": "如：篇、条、次。",
            "amount": "捐赠的填；捐物资的，填折合多少元。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizer: Any = self.fields["organizer"]
        organizer.queryset, organizer.empty_label = Body.objects.filter(is_active=True), "不选"
        self.fields["kind"].choices = [("", "请选择"), *Activity.Kind.choices]  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["rows"] = 5

    def values(self) -> dict[str, Any]:
        """The report by name."""
        return {name: self.cleaned_data[name] for name in REPORTED}


INVITING = (
    (Body.Kind.SECTOR, "界别"),
    (Body.Kind.COMMITTEE, "专委会"),
    (Body.Kind.STUDIO, "工作室"),
    (Body.Kind.PARTY, "党派"),
)


class InviteForm(forms.Form):
    """Whom to invite: the whole term, bodies, and a pasted list."""

    whole = forms.BooleanField(label="全体在任委员", required=False)
    standing = forms.BooleanField(label="全体常委", required=False)
    people = _people("按名单", "姓名或编号，一行一个，或用顿号分开；同名的连界别一起写，如“王芳（农业）”。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for body in Body.objects.filter(is_active=True, kind__in=[kind for kind, _ in INVITING]).order_by(
            "order", "id"
        ):
            by_kind.setdefault(body.kind, []).append((str(body.pk), str(body)))
        for kind, label in INVITING:
            if kind in by_kind:
                self.fields[kind] = forms.MultipleChoiceField(
                    label=f"按{label}", required=False, choices=by_kind[kind], widget=forms.CheckboxSelectMultiple
                )

    @property
    def body_fields(self):
        """The groups of boxes."""
        return [self[kind] for kind, _ in INVITING if kind in self.fields]

    def body_ids(self) -> list[int]:
        """The bodies that were ticked."""
        return [int(pk) for kind, _ in INVITING for pk in self.cleaned_data.get(kind, [])]


class ReasonForm(forms.Form):
    """An act with its reason."""

    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class PlainForm(forms.Form):
    """An act that asks for nothing."""


class HoldForm(forms.ModelForm):
    """What is known of an activity once it took place."""

    class Meta:
        model = Activity
        fields = ("headcount", "quantity", "amount")
        help_texts = {
            "headcount": "连群众、单位同志在内的总人数；不清楚的不填。",
            "quantity": "没有的不填。",
            "amount": "没有的不填。",
        }


class CodeForm(forms.Form):
    """The eight digits on a member's phone."""

    code = forms.CharField(
        label="手机上的8位数字", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
        error_messages={"required": "请输8位数字。"},
    )  # fmt: skip


class MarkForm(forms.Form):
    """Who was there, by a pasted list beside the ticks."""

    people = _people("贴名单（也可以在下面打勾）", "编号或姓名，一行一个，或用顿号分开。编号可以只写后几位。")


class CorrectForm(MarkForm):
    """What is to be corrected, and why."""

    state = forms.ChoiceField(
        label="改为",
        choices=[(code, Attendance.State(code).label) for code in ("present", "absent", "on_leave")],
        widget=forms.RadioSelect,
    )
    part = forms.DecimalField(
        label="参加多少", min_value=0, max_value=1, decimal_places=2, max_digits=4, initial=1,
        help_text="全程是1，半程是0.5。",
    )  # fmt: skip
    reason = forms.CharField(
        label="理由", max_length=300, help_text="写进活动经过和履职档案的冲销记录。",
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class FilesForm(forms.Form):
    """Files to be kept with an activity or a topic."""

    files = files_field("再加附件")  # type: ignore[assignment]


class TopicForm(_DatedForm):
    """A research topic, with its team as a list."""

    team = _people("课题组", "委员姓名或编号，一行一个，或用顿号分开。")

    class Meta:
        model = ResearchTopic
        fields = TOPIC
        help_texts = {
            "leader_name": "如：王主席。",
            "leader": "牵头领导也是委员的，写姓名或编号选上，他的履职也会记上。",
            "due_on": "形成报告的日子；到期前提醒。",
            "uptake": "谁批示、采纳到哪个文件、办成了什么。",
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = Body.objects.filter(kind=Body.Kind.COMMITTEE, is_active=True)
        body.empty_label = "不定"
        if not user.has_role(Role.LIAISON):
            body.queryset = body.queryset.filter(pk__in=committee_bodies(user))
            body.required, body.empty_label = True, None
        leader: Any = self.fields["leader"]
        leader.queryset = Member.objects.filter(is_active=True, is_standing=True)
        leader.empty_label = "不是委员"
        leader.help_text = "牵头领导也是委员的选上，他的履职也会记上。"
        self.fields["plan"].widget.attrs["rows"] = 8
        self.fields["uptake"].widget.attrs["rows"] = 4
        if self.instance.pk and not self.is_bound:
            self.initial["team"] = "\n".join(
                f"{name}（{code}）" for name, code in self.instance.team.order_by("code").values_list("name", "code")
            )

    def values(self) -> dict[str, Any]:
        """The topic by name."""
        return {name: self.cleaned_data[name] for name in TOPIC}


class ReportedForm(forms.Form):
    """The day of the paper."""

    on = forms.DateField(
        label="形成报告日期", required=False, help_text="不填就是今天。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class UptakeForm(forms.Form):
    """What came of the paper."""

    uptake = forms.CharField(
        label="采纳转化情况", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="谁批示、采纳到哪个文件、办成了什么。", error_messages={"required": "请写明采纳转化情况。"},
    )  # fmt: skip
