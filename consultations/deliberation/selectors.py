"""What pages of online deliberation 网络议政 read, the same for members and residents."""

from dataclasses import dataclass
from typing import Any

from consultations.deliberation.participants import find
from consultations.models import Deliberation, DeliberationSummary, Opinion, OpinionStatus, Participant, Vote
from consultations.services import deliberation

COLOURS = ("red", "blue", "green", "amber", "gold")


@dataclass(frozen=True)
class Seat:
    """Somebody who takes part: his key, his row once he has acted, his member's number where he is one."""

    key: str
    participant: Participant | None
    member_id: int | None = None


def seat(row: Deliberation, key: str, member_id: int | None = None) -> Seat:
    """The seat of a key; after closing a member's key leads nowhere any more."""
    return Seat(key, find(row, key), member_id)


def progress(row: Deliberation, at: Seat) -> dict[str, Any]:
    """The next opinion, on how many he has had his say, and how many are left; never what others said."""
    published = Opinion.objects.filter(deliberation=row, status=OpinionStatus.PUBLISHED).count()
    said = 0
    if at.participant is not None:
        said = Vote.objects.filter(participant=at.participant, opinion__status=OpinionStatus.PUBLISHED).count()
    opinion = deliberation.deal(row, key=at.key, participant=at.participant, member_id=at.member_id)
    return {"opinion": opinion, "said": said, "published": published}


def own_opinions(row: Deliberation, at: Seat) -> list[Opinion]:
    """What he put himself, and what became of it, the newest first."""
    rows = Opinion.objects.filter(deliberation=row).select_related("merged_into").order_by("-id")
    if at.member_id:
        return list(rows.filter(member=at.member_id))
    return list(rows.filter(participant=at.participant)) if at.participant is not None else []


def own_votes(at: Seat):
    """What he said to others' opinions, as rows to be turned in pages."""
    if at.participant is None:
        return Vote.objects.none()
    rows = Vote.objects.filter(participant=at.participant, opinion__status=OpinionStatus.PUBLISHED)
    return rows.select_related("opinion")


def picture(row: Deliberation, summary: DeliberationSummary) -> dict[str, Any]:
    """The summary with the opinions' words, for the page and for the digest; shares in whole per cent."""
    result = summary.result
    texts = dict(Opinion.objects.filter(deliberation=row).values_list("pk", "text"))
    lines = {line["id"]: _line(line, texts) for line in result["opinions"] if line["id"] in texts}
    groups = [
        {
            **group, "colour": COLOURS[number],
            "stands": [{**stand, "text": texts[stand["id"]]} for stand in group["stands"] if stand["id"] in texts],
        }
        for number, group in enumerate(result["groups"])
    ]  # fmt: skip

    def chosen(kind: str) -> list[dict[str, Any]]:
        return [lines[pk] for pk in result[kind] if pk in lines]

    return {
        **{name: result[name] for name in ("participants", "mapped", "votes", "hidden", "points")},
        "residents": result.get("residents", 0), "groups": groups, "agree": chosen("agree"),
        "against": chosen("against"), "divides": chosen("divides"), "computed_at": summary.computed_at,
        "lines": sorted(lines.values(), key=lambda line: (-line["votes"], line["id"])),
        "chart": {
            "groups": [{"name": f"{group['name']}（{group['size']}人）", "colour": group["colour"]} for group in groups],
            "points": result["points"],
        },
    }  # fmt: skip


def _line(line: dict[str, Any], texts: dict[int, str]) -> dict[str, Any]:
    votes = line["votes"] or 1
    agree, disagree = round(100 * line["agree"] / votes), round(100 * line["disagree"] / votes)
    disagree = min(disagree, 100 - agree)
    passed = 100 - agree - disagree if line["votes"] else 0
    return {
        **line, "text": texts[line["id"]], "plain": texts[line["id"]].rstrip("。"), "agree_share": agree, "disagree_share": disagree, "pass_share": passed,
        "disagree_from": agree + passed,
    }  # fmt: skip
