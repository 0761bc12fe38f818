"""The digest 意见建议汇编 of an online deliberation as a Word file, set as official papers are."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from consultations.models import Deliberation, Opinion, OpinionStatus
from core import site
from core.papers import typeset
from core.papers.typeset import HEI, KAI, SONG_TITLE, paragraph
from core.templatetags.frame import cn_date

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMERALS = "一二三四五六七八九十"


def as_document(row: Deliberation, told: dict[str, Any] | None, today: date) -> bytes:
    """The paper: how it went, what nearly all agree on, what divides, the groups, every opinion with its figures.

    ``told`` is the summary as pages show it; None leaves out what has not been computed yet.
    """
    document = Document()
    typeset.set_page(document)
    typeset.number_pages(document)
    paragraph(document, f"《{row}》", font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(36))
    paragraph(document, "网络议政意见建议汇编", font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(36))
    paragraph(document, "")
    opinions = list(Opinion.objects.filter(deliberation=row, status=OpinionStatus.PUBLISHED).order_by("id"))
    parts: list[tuple[str, list[str]]] = [("基本情况", [_course(row, told, len(opinions))])]
    if told is not None:
        parts += [
            ("普遍认同的意见", _agreed(told)),
            ("分歧较大的意见", _divided(told)),
            ("不同群体的看法", _groups(told)),
        ]
    lines = {line["id"]: line for line in told["lines"]} if told else {}
    parts.append(("全部意见", [_opinion(number, row, lines) for number, row in enumerate(opinions, 1)]))
    number = 0
    for title, texts in parts:
        if not texts:
            continue
        paragraph(document, f"{NUMERALS[number]}、{title}", font=HEI, indent=True, keep=True)
        number += 1
        for text in texts:
            head, _, rest = text.partition("\t")
            if rest:
                made = paragraph(document, head, font=KAI, indent=True)
                typeset.add_run(made, rest, typeset.FANGSONG, 16)
            else:
                paragraph(document, text, indent=True)
    paragraph(document, "")
    paragraph(document, f"{site.site().organiser}　　", align=RIGHT, keep=True)
    paragraph(document, f"{today.year}年{today.month}月{today.day}日　　　　", align=RIGHT)
    typeset.speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _course(row: Deliberation, told: dict[str, Any] | None, number: int) -> str:
    start = timezone.localtime(row.opens_at).date()
    end = timezone.localtime(row.closed_at or row.closes_at).date()
    text = f"{cn_date(start)}至{cn_date(end)}，围绕“{row.question}”开展网络议政，公开意见{number}条"
    if told is None:
        return text + "。"
    who = f"，其中群众{told['residents']}人" if told["residents"] else ""
    return f"{text}，{told['participants']}人参与表态{who}，共表态{told['votes']}次。"


def _agreed(told: dict[str, Any]) -> list[str]:
    found = [
        f"{line['text'].rstrip('。')}。\t（{line['votes']}人表态，{line['agree_share']}%同意）"
        for line in told["agree"]
    ]
    found += [
        f"多数人不赞成：{line['text'].rstrip('。')}。\t（{line['votes']}人表态，{line['disagree_share']}%不同意）"
        for line in told["against"]
    ]
    return found


def _divided(told: dict[str, Any]) -> list[str]:
    return [
        f"{line['text'].rstrip('。')}。\t（{line['votes']}人表态，{line['agree_share']}%同意，{line['disagree_share']}%不同意）"
        for line in told["divides"]
    ]


def _groups(told: dict[str, Any]) -> list[str]:
    found = []
    for group in told["groups"]:
        stands = "；".join(
            f"{'赞成' if stand['side'] == 'agree' else '不赞成'}“{stand['text'].rstrip('。')}”（{stand['share']}%）"
            for stand in group["stands"]
        )
        found.append(
            f"{group['name']}（{group['size']}人）。\t" + (f"比其他人更{stands}。" if stands else "看法与其他人相近。")
        )
    return found


def _opinion(number: int, opinion: Opinion, lines: dict[int, dict[str, Any]]) -> str:
    line = lines.get(opinion.pk)
    text = f"{number}．{opinion.text.rstrip('。')}。"
    if not line or not line["votes"]:
        return text
    return f"{text}（同意{line['agree']}，不同意{line['disagree']}，说不准{line['pass']}）"
