"""The parts of a reply 答复函 as its writer gives them: texts, an answer to each suggestion, promises 承诺."""

from collections.abc import Mapping
from typing import Any

from core.errors import Refusal
from proposals.models import Promise, Proposal, Reply, ReplyItem, ResultClass
from proposals.services.common import words

MAX_PROMISES = 50


def set_text(reply: Reply, name: str, text: str) -> None:
    """Put a text into a column of the letter, as long as the column takes it."""
    column = Reply._meta.get_field(name)
    text = text.strip()
    limit = column.max_length or 20000
    if len(text) > limit:
        raise Refusal(f"{column.verbose_name}最多{limit}字。", field=name)
    setattr(reply, name, text)


def usable(value: ResultClass) -> ResultClass:
    """A result class that is still in use."""
    if not value.is_active:
        raise Refusal(f"{value}已停用，请选现在的分类。", field="result_class")
    return value


def set_items(reply: Reply, proposal: Proposal, items: Mapping[int, Mapping[str, Any]]) -> None:
    """Store the answers: {suggestion id: {"text", "result_class"}}."""
    known = set(proposal.suggestions.values_list("pk", flat=True))
    for suggestion_id, values in items.items():
        if suggestion_id not in known:
            raise Refusal("答复的建议不属于这件提案，请刷新后再改。", field="items")
        chosen = values.get("result_class")
        ReplyItem.objects.update_or_create(
            reply=reply,
            suggestion_id=suggestion_id,
            defaults={
                "text": (values.get("text") or "").strip(),
                "result_class": usable(chosen) if chosen else None,
            },
        )


def set_promises(reply: Reply, promises: list[Mapping[str, Any]]) -> None:
    """Replace all promises: [{"suggestion_id" or None, "text", "due_on", "owner"}]."""
    if len(promises) > MAX_PROMISES:
        raise Refusal(f"承诺最多{MAX_PROMISES}条。", field="promises")
    items = {item.suggestion_id: item for item in reply.items.all()}
    rows = []
    for number, values in enumerate(promises, 1):
        if not values.get("due_on"):
            raise Refusal(f"第{number}条承诺没有写明哪天以前。", field="promises")
        rows.append(
            Promise(
                reply=reply,
                item=items.get(values.get("suggestion_id")),
                text=words(values.get("text"), f"第{number}条承诺", field_name="promises", limit=300),
                due_on=values["due_on"],
                owner=(values.get("owner") or "").strip()[:60],
            )
        )
    reply.promises.all().delete()
    Promise.objects.bulk_create(rows)
