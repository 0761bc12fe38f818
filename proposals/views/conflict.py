"""Two people saved one draft 表单冲突: show both texts beside each other and store what is chosen."""

from dataclasses import dataclass

from django.http import QueryDict

from proposals.forms.drafting import TextForm
from proposals.models import Proposal

PARTS = (
    ("title", "案由"), ("category", "类别"), ("situation", "情况与问题"), ("analysis", "分析"), ("suggestions", "建议"),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One part that both changed: its field, its name, their words and ours."""

    field: str
    label: str
    theirs: str
    mine: str


def differences(current: Proposal, form: TextForm) -> list[Difference]:
    """The parts in which what is stored differs from what was typed."""
    values = form.values()
    mine = {
        **{name: values[name] or "" for name in ("title", "situation", "analysis")},
        "category": values["category"].name if values["category"] else "",
        "suggestions": "\n".join(text for text in values["suggestions"] if text),
    }
    theirs = {
        "title": current.title,
        "situation": current.situation,
        "analysis": current.analysis,
        "category": current.category.name if current.category else "",
        "suggestions": "\n".join(row.text for row in current.suggestions.all()),
    }
    return [
        Difference(name, label, theirs[name], mine[name])
        for name, label in PARTS
        if theirs[name].strip() != mine[name].strip()
    ]


def resolved(data: QueryDict, current: Proposal | None) -> QueryDict:
    """What was posted, with the stored words in each part for which theirs was chosen."""
    if current is None or "resolve" not in data:
        return data
    data = data.copy()
    everything = data["resolve"] == "theirs"
    for name, _ in PARTS:
        if not everything and data.get(f"choose_{name}") != "theirs":
            continue
        if name == "suggestions":
            data.setlist("ask", [row.text for row in current.suggestions.all()])
        elif name == "category":
            data["category"] = str(current.category_id or "")
        else:
            data[name] = getattr(current, name)
    return data
