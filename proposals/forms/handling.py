"""Forms of a unit's handling 办理: contact, support opinion, transfer, extension, the reply, its way onward."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from members.models import HandlingUnit
from proposals.models import ContactLog, Promise, Reply, ReplyItem, ResultClass, Suggestion
from proposals.selectors_unit import lowest_class, ordinal

AUTO = "auto"
PROMISE_PARTS = ("text", "due", "owner")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day(**attrs) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class ContactForm(forms.Form):
    """One contact 面商 with a proposer before the reply."""

    held_on = forms.DateField(label="哪天", widget=_day())
    method = forms.ChoiceField(label="怎么谈的", choices=ContactLog.Method.choices)
    persons = forms.CharField(
        label="谁参加", max_length=120, help_text="委员和本单位的人都写上，如：贺青川委员、王局长"
    )
    content = forms.CharField(
        label="谈了什么", widget=_area(4), max_length=2000, help_text="委员的想法，本单位说明了什么，商定了什么"
    )

    def clean_held_on(self):
        """A contact lies in the past."""
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("这一天还没有到，请填已经谈过的日子。")
        return day


class OpinionForm(forms.Form):
    """A support unit's opinion 会办意见."""

    opinion = forms.CharField(
        label="会办意见",
        widget=_area(8),
        max_length=5000,
        help_text="本单位职责内能办什么、何时办、有什么困难，由主办单位写进答复",
    )


class TransferForm(forms.Form):
    """A request 申请改办 that another unit handles the case."""

    reason = forms.CharField(
        label="为什么不归本单位办", widget=_area(4), max_length=1000, help_text="写明依据，如职责文件、以前由谁办"
    )
    suggested = forms.ModelChoiceField(
        label="建议改给哪家", queryset=HandlingUnit.objects.none(), required=False, empty_label="请督查室定"
    )

    def __init__(self, *args, unit: HandlingUnit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["suggested"].queryset = HandlingUnit.objects.filter(is_active=True).exclude(pk=unit.pk)


class ExtensionForm(forms.Form):
    """A request 申请延期 for a later due day."""

    until = forms.DateField(label="申请延到哪天", widget=_day())
    reason = forms.CharField(label="为什么来不及", widget=_area(4), max_length=1000)


class TransferDecisionForm(forms.Form):
    """Inspection's decision on a transfer: to another unit, or upheld with a reason."""

    agree = forms.ChoiceField(
        label="怎么定", choices=[("yes", "同意改办"), ("no", "维持原交办")], widget=forms.RadioSelect
    )
    new_unit = forms.ModelChoiceField(
        label="改给哪家", queryset=HandlingUnit.objects.none(), required=False, help_text="同意改办时要选"
    )
    reason = forms.CharField(
        label="理由", widget=_area(3), required=False, max_length=1000, help_text="维持原交办时要写，会告诉申请单位"
    )

    def __init__(self, *args, unit: HandlingUnit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_unit"].queryset = HandlingUnit.objects.filter(is_active=True).exclude(pk=unit.pk)

    def clean(self):
        """Agreeing needs the new unit, upholding a reason."""
        data = super().clean()
        if data.get("agree") == "yes" and not data.get("new_unit"):
            self.add_error("new_unit", "同意改办，请选改给哪家单位。")
        if data.get("agree") == "no" and not data.get("reason", "").strip():
            self.add_error("reason", "维持原交办，请写明理由。")
        return data


class ExtensionDecisionForm(forms.Form):
    """The decision on a request for a later due day."""

    agree = forms.ChoiceField(label="怎么定", choices=[("yes", "同意延期"), ("no", "不同意")], widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", widget=_area(3), required=False, max_length=1000, help_text="不同意时要写")

    def clean(self):
        """A refusal is explained."""
        data = super().clean()
        if data.get("agree") == "no" and not data.get("reason", "").strip():
            self.add_error("reason", "不同意延期，请写明理由。")
        return data


class ReasonForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(
        label="退回理由", widget=_area(3), max_length=1000, help_text="写明哪一处、怎么改，对方照着改"
    )


class CosignForm(forms.Form):
    """A support unit's answer to the lead's draft 会签."""

    agree = forms.ChoiceField(
        label="会签结果", choices=[("yes", "同意"), ("no", "有意见，请修改")], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="意见", widget=_area(4), required=False, max_length=2000, help_text="有意见时要写：哪一处、改成什么"
    )

    def clean(self):
        """An objection says what to change."""
        data = super().clean()
        if data.get("agree") == "no" and not data.get("text", "").strip():
            self.add_error("text", "有意见，请写明哪一处、改成什么。")
        return data


class DispatchForm(forms.Form):
    """The document number 发文字号 and the stamped scan with which a reply leaves the unit."""

    document_no = forms.CharField(label="发文字号", max_length=60, help_text="如：汉滨教科函〔2026〕31号")
    scan = forms.FileField(label="盖章扫描件", required=False, help_text="PDF 或图片；纸质件另送提案委存档")


class IssueForm(forms.Form):
    """The class under which inspection issues a reply; it may correct the unit's."""

    result_class = forms.ModelChoiceField(label="总分类", queryset=ResultClass.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result_class"].queryset = ResultClass.objects.filter(is_active=True)


class ClassRadio(forms.RadioSelect):
    """Radio buttons of the result classes; those that need a promise say so to the style sheet."""

    def __init__(self, promising: frozenset[str]):
        super().__init__()
        self.promising = promising

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        """Mark an option whose class needs a dated promise."""
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if str(value) in self.promising:
            option["attrs"]["data-promise"] = "1"
        return option


@dataclass(frozen=True)
class Tile:
    """One class to choose: the radio button, its letter and its name."""

    tag: str
    letter: str
    name: str


@dataclass(frozen=True)
class PromiseRow:
    """The three fields of one promise."""

    text: forms.BoundField
    due: forms.BoundField
    owner: forms.BoundField


@dataclass(frozen=True)
class Passage:
    """One suggestion beside the fields of its answer."""

    number: str
    suggestion: Suggestion
    text: forms.BoundField
    result_class: forms.BoundField
    tiles: list[Tile]
    promises: list[PromiseRow]

    @property
    def class_anchor(self) -> str:
        """The id of the class tiles on the page."""
        return f"class-{self.suggestion.pk}"


class ReplyForm(forms.Form):
    """The whole reply 答复函: an answer and a class per suggestion, promises, opening, closing and contact.

    A draft may be incomplete; only half-written promises are refused, and not even those when
    ``lenient`` (autosave), which keeps what is whole.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opening = forms.CharField(label="开头", required=False, widget=_area(3))
    closing = forms.CharField(label="结尾", required=False, widget=_area(2))
    document_no = forms.CharField(label="发文字号", required=False, max_length=60)
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_phone = forms.CharField(
        label="电话", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    may_publish = forms.BooleanField(label="这份答复可以公开", required=False)

    def __init__(
        self,
        *args,
        reply: Reply,
        suggestions: list[Suggestion],
        classes: list[ResultClass],
        lenient: bool = False,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.reply, self.suggestions, self.classes, self.lenient = reply, suggestions, classes, lenient
        self._by_pk = {str(row.pk): row for row in classes}
        self._items: dict[int | None, ReplyItem] = {row.suggestion_id: row for row in reply.items.all()}
        self._rows: dict[int, int] = {}
        promising = frozenset(str(row.pk) for row in classes if row.needs_promise)
        choices = [(str(row.pk), str(row)) for row in classes]
        for suggestion in suggestions:
            self._add_passage(suggestion, choices, promising)
        general = [row for row in reply.promises.all() if row.item_id is None]
        self._add_promises(0, general)
        lowest = self.suggested_class()
        auto = "取最低一条" + (f"，现在是{lowest.letter}" if lowest else "")
        total = [(AUTO, auto), *choices] if suggestions else choices
        self.fields["result_class"] = forms.ChoiceField(
            label="总分类", choices=total, required=False, widget=ClassRadio(promising)
        )
        chosen = reply.result_class_id
        own = chosen is not None and (lowest is None or lowest.pk != chosen)
        self.initial.setdefault("result_class", str(chosen) if own else AUTO)
        for name in ("opening", "closing", "document_no", "contact_name", "contact_phone", "may_publish", "version"):
            self.initial.setdefault(name, getattr(reply, name))

    def suggested_class(self) -> ResultClass | None:
        """The class suggested for the whole letter: the lowest stored so far."""
        return lowest_class(self._items.values())

    def passages(self) -> list[Passage]:
        """The suggestions, each beside the fields of its answer."""
        return [
            Passage(
                ordinal(number),
                suggestion,
                self[f"text_{suggestion.pk}"],
                self[f"class_{suggestion.pk}"],
                self._tiles(f"class_{suggestion.pk}"),
                self._promise_rows(suggestion.pk),
            )
            for number, suggestion in enumerate(self.suggestions, 1)
        ]

    def general_promises(self) -> list[PromiseRow]:
        """The promises that belong to no single suggestion."""
        return self._promise_rows(0)

    def total_tiles(self) -> list[Tile]:
        """The choice of the letter's class."""
        return self._tiles("result_class")

    def clean(self):
        """Promises are whole: what, by when."""
        data = super().clean()
        for pk, count in self._rows.items():
            for at in range(count):
                self._check_promise(f"promise_{pk}_{at}", data)
        return data

    def values(self) -> dict:
        """The arguments of ``replying.save_reply``, from what is valid."""
        data = self.cleaned_data
        kept = {
            name: data.get(name, getattr(self.reply, name)) for name in ("document_no", "contact_name", "contact_phone")
        }
        items = {
            row.pk: {
                "text": data.get(f"text_{row.pk}", ""),
                "result_class": self._by_pk.get(data.get(f"class_{row.pk}", "")),
            }
            for row in self.suggestions
        }
        given = [row["result_class"] for row in items.values() if row["result_class"]]
        lowest = max(given, key=lambda row: (row.order, row.pk), default=None)
        return {
            **kept,
            "opening": data.get("opening", ""),
            "closing": data.get("closing", ""),
            "may_publish": bool(data.get("may_publish")),
            "result_class": self._by_pk.get(data.get("result_class", ""), lowest),
            "items": items,
            "promises": self._promises(data),
        }

    def _add_passage(self, suggestion: Suggestion, choices: list, promising: frozenset[str]) -> None:
        item = self._items.get(suggestion.pk)
        self.fields[f"text_{suggestion.pk}"] = forms.CharField(
            label="对这一条的答复", required=False, widget=_area(5), initial=item.text if item else ""
        )
        self.fields[f"class_{suggestion.pk}"] = forms.ChoiceField(
            label="结果分类",
            choices=choices,
            required=False,
            widget=ClassRadio(promising),
            initial=str(item.result_class_id) if item and item.result_class_id else "",
        )
        mine = [row for row in self.reply.promises.all() if item and row.item_id == item.pk]
        self._add_promises(suggestion.pk, mine)

    def _add_promises(self, pk: int, stored: list[Promise]) -> None:
        """Fields for what is stored and one more row; a posted form may hold more rows than that."""
        count = len(stored) + 1
        while self.is_bound and f"promise_{pk}_{count}_text" in self.data:
            count += 1
        self._rows[pk] = count
        for at in range(count):
            row = stored[at] if at < len(stored) else None
            prefix = f"promise_{pk}_{at}"
            self.fields[f"{prefix}_text"] = forms.CharField(
                label="做成什么", required=False, max_length=300, initial=row.text if row else ""
            )
            self.fields[f"{prefix}_due"] = forms.DateField(
                label="哪天以前", required=False, widget=_day(), initial=row.due_on if row else None
            )
            self.fields[f"{prefix}_owner"] = forms.CharField(
                label="责任人", required=False, max_length=60, initial=row.owner if row else ""
            )

    def _check_promise(self, prefix: str, data: dict) -> None:
        if self.lenient:
            return
        text, due = data.get(f"{prefix}_text", "").strip(), data.get(f"{prefix}_due")
        if text and due is None and f"{prefix}_due" not in self.errors:
            self.add_error(f"{prefix}_due", "承诺必须写明日期，请选一天。")
        if not text and (due or data.get(f"{prefix}_owner", "").strip()):
            self.add_error(f"{prefix}_text", "请写明承诺做成什么。")

    def _promises(self, data: dict) -> list[dict]:
        found = []
        for pk, count in self._rows.items():
            for at in range(count):
                text, due, owner = (data.get(f"promise_{pk}_{at}_{part}") for part in PROMISE_PARTS)
                if text and text.strip() and due:
                    found.append(
                        {"suggestion_id": pk or None, "text": text.strip(), "due_on": due, "owner": owner or ""}
                    )
        return found

    def _promise_rows(self, pk: int) -> list[PromiseRow]:
        return [
            PromiseRow(*(self[f"promise_{pk}_{at}_{part}"] for part in PROMISE_PARTS)) for at in range(self._rows[pk])
        ]

    def _tiles(self, name: str) -> list[Tile]:
        tiles = []
        for option in self[name]:
            row = self._by_pk.get(str(option.data["value"]))
            letter, words = (row.letter, row.name) if row else ("自动", option.choice_label)
            tiles.append(Tile(option.tag(), letter, words))
        return tiles
