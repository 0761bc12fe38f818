"""An issue of 社情民意信息 as paper (domain rules §7): red head, number and running number, texts, foot.

Who reports is named by name and identity under each text, never with a telephone or an address.
"""

import io
from dataclasses import dataclass
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from core import site
from core.papers.typeset import (
    FANGSONG,
    HEI,
    KAI,
    RED,
    SONG_TITLE,
    add_run,
    foot_rule,
    number_pages,
    paragraph,
    red_rule,
    set_page,
    speak_chinese,
    style,
)
from sentiment.models import Bulletin, BulletinStatus, OpinionReport, Reporter
from sentiment.services.bulletins import names_of

NAME = "社情民意信息"
SECRECY = "内部资料　注意保存"


@dataclass(frozen=True)
class Article:
    """One text of an issue: its title, paragraphs ("h" heading or "p" text), and who reports."""

    title: str
    blocks: tuple[tuple[str, str], ...]
    credit: str


@dataclass(frozen=True)
class IssuePaper:
    """All that stands on the paper of one issue."""

    number: str
    total: str
    organiser: str
    issued_on: date | None
    articles: tuple[Article, ...]
    report_to: str
    send_to: str
    people: str
    copies: int

    @property
    def contents(self) -> tuple[str, ...]:
        """The titles that stand in front 本期要目, where there are several texts."""
        return tuple(article.title for article in self.articles) if len(self.articles) > 1 else ()


def compose(bulletin: Bulletin) -> IssuePaper:
    """The paper as it stands; an issue that is not published yet has blanks for its numbers."""
    entries = list(
        bulletin.entries.select_related("report__editor", "report__checker", "report__signer").prefetch_related(
            "report__reporters", "report__parts_combined__reporters"
        )
    )
    names = [("编辑", bulletin.editor_name), ("核稿", bulletin.checker_name), ("签发", bulletin.signer_name)]
    if bulletin.status == BulletinStatus.DRAFT:  # as they will stand there
        hands = (("编辑", "editor"), ("核稿", "checker"), ("签发", "signer"))
        names = [(label, names_of(getattr(row.report, hand) for row in entries)) for label, hand in hands]
    return IssuePaper(
        number=f"第{bulletin.issue_no or '　'}期",
        total=f"总第{bulletin.total_no or '　'}期",
        organiser=site.site().organiser,
        issued_on=bulletin.issued_on,
        articles=tuple(_article(row.report) for row in entries),
        report_to=bulletin.report_to,
        send_to=bulletin.send_to,
        people="　　".join(f"{label}：{name}" for label, name in names if name),
        copies=bulletin.copies,
    )


def _article(report: OpinionReport) -> Article:
    blocks: list[tuple[str, str]] = []
    for label, text in (
        ("一、情况反映", report.situation), ("二、问题分析", report.analysis), ("对策建议", report.suggestions),
    ):  # fmt: skip
        if not text.strip():
            continue
        heading = label if "、" in label else f"{'三' if report.analysis.strip() else '二'}、{label}"
        blocks.append(("h", heading))
        blocks += [("p", line.strip()) for line in text.splitlines() if line.strip()]
    return Article(report.title, tuple(blocks), _credit(report))


def _credit(report: OpinionReport) -> str:
    """Everybody who reports, of a composite those of all its parts; a resident is named as such only."""
    rows = list(report.reporters.all())
    for part in report.parts_combined.all():
        rows += list(part.reporters.all())
    named = []
    for row in rows:
        if row.identity == Reporter.Identity.RESIDENT:
            named.append("群众")
        elif row.body_id or row.identity == Reporter.Identity.OTHER:
            named.append(row.name)
        else:
            named.append(f"{row.get_identity_display()}{row.name}")
    names = "、".join(dict.fromkeys(named))
    return f"（{names}反映）" if names else ""


def docx(paper: IssuePaper) -> bytes:
    """The issue as a Word file."""
    document = Document()
    set_page(document)
    number_pages(document)
    style(document.sections[0].first_page_header.paragraphs[0], SECRECY, font=HEI, size=16, spacing=Mm(10))
    centre = WD_ALIGN_PARAGRAPH.CENTER
    name = document.add_paragraph()
    style(name, NAME, font=SONG_TITLE, size=48, align=centre, spacing=Pt(72), colour=RED)
    paragraph(document, f"{paper.number}（{paper.total}）", align=centre)
    line = paragraph(document, "")
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), 2)  # 2: right
    day = (
        f"{paper.issued_on.year}年{paper.issued_on.month}月{paper.issued_on.day}日" if paper.issued_on else "年　月　日"
    )
    add_run(line, f"{paper.organiser}\t{day}", FANGSONG, 16)
    red_rule(line, "bottom", "single", Pt(4), beyond=(0, 0))
    if paper.contents:
        paragraph(document, "")
        paragraph(document, "本期要目", font=HEI, align=centre, keep=True)
        for title in paper.contents:
            paragraph(document, f"○{title}", font=KAI, indent=True)
    for article in paper.articles:
        paragraph(document, "")
        paragraph(document, article.title, font=SONG_TITLE, size=22, align=centre, spacing=Pt(33), keep=True)
        paragraph(document, "")
        for kind, text in article.blocks:
            paragraph(document, text, font=HEI if kind == "h" else FANGSONG, indent=True, keep=kind == "h")
        if article.credit:
            paragraph(document, article.credit, font=KAI, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _foot(document, paper)
    speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _foot(document, paper: IssuePaper) -> None:
    """报, 送, the three names, the number of copies, in 4号 at the end; they stay together on one page."""
    paragraph(document, "")
    lines = [f"报：{paper.report_to}"]
    if paper.send_to:
        lines.append(f"送：{paper.send_to}")
    if paper.people:
        lines.append(paper.people)
    for place, text in enumerate(lines):
        row = document.add_paragraph()
        style(row, text, size=14, spacing=Pt(24))
        row.paragraph_format.left_indent, row.paragraph_format.first_line_indent = Pt(42), Pt(-28)
        row.paragraph_format.right_indent = Pt(14)
        row.paragraph_format.keep_with_next = True
        if place == 0:
            foot_rule(row, top=12)
    copies = document.add_paragraph()
    style(copies, f"（共印{paper.copies}份）", size=14, spacing=Pt(24), align=WD_ALIGN_PARAGRAPH.RIGHT)
    copies.paragraph_format.left_indent = copies.paragraph_format.right_indent = Pt(14)
    foot_rule(copies, bottom=12)
