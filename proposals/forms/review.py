"""Forms of the review 审查: one opinion, and one opinion on many."""

from typing import Any

from django import forms

from proposals.models import Category, Ground, Proposal
from proposals.models.queries import FILED_ON

OUTCOMES = [
    ("file", "立案"),
    ("merge", "并案"),
    ("return", "退回修改"),
    ("refuse", "不立案"),
]
NOTES = {
    "file": "单独编案号",
    "merge": "并入一件已立案的",
    "return": "写明怎么改，提案者改好再交",
    "refuse": "要写依据、去向",
    "disagree": "请初审人重新提意见",
}


class OpinionForm(forms.Form):
    """A first or second opinion; the second starts from the first."""

    outcome = forms.ChoiceField(
        label="您的结论", widget=forms.RadioSelect, error_messages={"required": "请选一个结论。"}
    )
    category = forms.ModelChoiceField(
        label="类别", required=False, queryset=Category.objects.filter(is_active=True), empty_label="不改"
    )
    main_case = forms.CharField(label="并入哪一件", required=False, max_length=20, help_text="并案时填：案号，如 123。")
    ground = forms.ModelChoiceField(
        label="不立案的依据", required=False, queryset=Ground.objects.filter(is_active=True), empty_label="用不着",
    )  # fmt: skip
    disposition = forms.ChoiceField(label="去向", required=False, choices=Proposal.Disposition.choices)
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回修改、不同意时必填；退回和不立案的说明原话发给提案者。",
    )  # fmt: skip

    def __init__(self, data=None, *, proposal: Proposal, second: bool):
        initial: dict[str, Any] = {"category": proposal.category_id}
        if second:
            main = proposal.merged_into
            initial |= {
                "outcome": proposal.first_opinion,
                "ground": proposal.ground_id,
                "disposition": proposal.disposition,
                "main_case": str(main.number or "") if main else "",
                "note": proposal.first_note,
            }
        super().__init__(data, initial=initial)
        self.proposal = proposal
        self.first_note = proposal.first_note if second else ""
        if self.first_note:
            self.fields["note"].help_text = "初审的说明已带入，可以改；退回和不立案的说明原话发给提案者。"
        choices = [*OUTCOMES, ("disagree", "不同意初审")] if second else OUTCOMES
        self.fields["outcome"].choices = choices
        self.tiles = [(code, words, NOTES[code]) for code, words in choices]

    def clean_main_case(self) -> Proposal | None:
        """The filed case with this number, of the same session first."""
        text = self.cleaned_data["main_case"].strip().removeprefix("第").removesuffix("号")
        if not text:
            return None
        if not text.isdecimal():
            raise forms.ValidationError("要填案号，如 123。")
        rows = Proposal.objects.filter(number=int(text), status__in=FILED_ON)
        found = sorted(rows, key=lambda row: (row.session_id != self.proposal.session_id, -row.session_id))
        if not found:
            raise forms.ValidationError(f"没有第{text}号立案的提案。")
        return found[0]

    def clean(self) -> dict[str, Any]:
        """What each outcome needs."""
        data = super().clean() or {}
        outcome = data.get("outcome")
        note = data.get("note", "").strip()
        if outcome in ("return", "disagree") and not note:
            self.add_error("note", "请写明理由，原话会告诉对方。")
        elif outcome == "disagree" and note == self.first_note:
            self.add_error("note", "这是初审的原话，请改写成您不同意的理由。")
        if outcome == "refuse" and not data.get("ground"):
            self.add_error("ground", "不立案要选依据。")
        if outcome == "merge" and "main_case" not in self.errors and not data.get("main_case"):
            self.add_error("main_case", "并案要写并入哪一件。")
        return data

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the review services."""
        data = self.cleaned_data
        return {name: data[name] for name in ("outcome", "note", "category", "ground", "disposition", "main_case")}


class BatchForm(forms.Form):
    """One opinion on many proposals at once; only filing is done in a batch."""

    note = forms.CharField(label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
