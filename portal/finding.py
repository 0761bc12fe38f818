"""What the portal's search 站内查找 finds: published proposals, their replies, cleared abstracts, studios, deliberations.

Each kind starts from what anyone may read, and is found by published words only: an opinion report
by its cleared title and abstract (``core.search.PUBLIC``), a reply when it was delivered and may be
published with its proposal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from consultations.models import Deliberation
from core import search
from core.paging import Key
from core.templatetags.frame import cn_date
from members.studios import selectors as selectors_studios
from portal.selectors import open_proposals
from proposals.models import Proposal, Reply, ReplyItem, ReplyStatus
from sentiment.models import OpinionReport

SAID = 90
"""Characters of a text that are shown around the word that was found."""


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, facts about it, the words around what was asked, its page."""

    title: str
    url: str
    facts: Sequence[str] = ()
    said: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of things: the rows that a text finds, the order in which they are turned over, a row as a hit."""

    code: str
    label: str
    rows: Callable[[str], QuerySet]
    order: tuple[Key, ...]
    hit: Callable[[Any, str], Hit]


@dataclass(frozen=True)
class Found:
    """What was found of one kind, and whether there is more than is shown."""

    kind: Kind
    hits: Sequence[Hit]
    more: bool


def around(text: str, asked: str) -> str:
    """The part of ``text`` in which the first of the asked words stands, cut at both ends."""
    plain = " ".join(text.split())
    words = ["".join(group) for group in search.parse(asked).groups]
    folded = search.plain(plain) if len(search.plain(plain)) == len(plain) else plain
    places = [place for word in words if (place := folded.find(word)) >= 0]
    start = max(0, min(places, default=0) - SAID // 3)
    cut = plain[start : start + SAID]
    return f"{'…' if start else ''}{cut}{'…' if start + SAID < len(plain) else ''}"


def _proposals(text: str) -> QuerySet:
    return search.match(open_proposals(), text, number_field="number")


def _proposal(row: Proposal, asked: str) -> Hit:
    facts = [f"{row.session.name}{row.case_no}", row.proposer_name, str(row.lead_unit or "")]
    if row.result_class:
        facts.append(f"{row.result_class.letter}类：{row.result_class.name}")
    return Hit(row.title, reverse("portal:open_item", args=[row.pk]), [fact for fact in facts if fact])


def _replies(text: str) -> QuerySet:
    rows = Reply.objects.filter(
        status=ReplyStatus.ISSUED, may_publish=True, task__proposal__in=Proposal.objects.public()
    )
    items = Prefetch("items", ReplyItem.objects.order_by("suggestion__order", "id"))
    found = rows.select_related("task__unit", "task__proposal").prefetch_related(items, "promises")
    return search.match(found.defer("sent_back_reason"), text)


def _reply(row: Reply, asked: str) -> Hit:
    parts = [row.opening, *(item.text for item in row.items.all()), *(vow.text for vow in row.promises.all())]
    text = " ".join(part for part in (*parts, row.closing) if part)
    address = f"{reverse('portal:open_item', args=[row.task.proposal_id])}#reply-{row.pk}"
    facts = [f"{row.task.unit}答复", cn_date(row.issued_on)] if row.issued_on else [f"{row.task.unit}答复"]
    return Hit(row.task.proposal.title, address, facts, around(text, asked))


def _opinions(text: str) -> QuerySet:
    rows = OpinionReport.objects.public().only("public_title", "public_abstract", "published_on")
    return search.match(rows, text, face=search.PUBLIC)


def _opinion(row: OpinionReport, asked: str) -> Hit:
    address = f"{reverse('portal:opinions')}#opinion-{row.pk}"
    return Hit(row.public_title, address, [f"{cn_date(row.published_on)}公开"], around(row.public_abstract, asked))


def _studios(text: str) -> QuerySet:
    words = text.split()
    rows = selectors_studios.studios(today=timezone.localdate())
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word) | Q(area__icontains=word) | Q(place__icontains=word) | Q(address__icontains=word)
        )
    return rows


def _studio(row: Any, asked: str) -> Hit:
    coming = f"{cn_date(row.next_on)}接待" if row.next_on else row.reception_rule
    facts = [fact for fact in (row.address or row.place or row.area, coming) if fact]
    return Hit(row.name, reverse("portal:studio", args=[row.pk]), facts)


def _deliberations(text: str) -> QuerySet:
    rows = Deliberation.objects.public().select_related("consultation")
    for word in text.split():
        rows = rows.filter(Q(question__icontains=word) | Q(consultation__title__icontains=word))
    return rows


def _deliberation(row: Deliberation, asked: str) -> Hit:
    facts = [row.get_status_display(), f"{cn_date(timezone.localtime(row.closes_at))}截止"]
    return Hit(row.question, reverse("portal:deliberation", args=[row.pk]), facts)


NEWEST = (Key("id", True),)
KINDS: tuple[Kind, ...] = (
    Kind("proposals", "公开提案", _proposals, (Key("published_on", True), *NEWEST), _proposal),
    Kind("replies", "答复", _replies, NEWEST, _reply),
    Kind("opinions", "社情民意", _opinions, (Key("published_on", True), *NEWEST), _opinion),
    Kind("studios", "委员工作室", _studios, (Key("order"), Key("id")), _studio),
    Kind("deliberations", "网络议政", _deliberations, NEWEST, _deliberation),
)


def kind_of(code: str) -> Kind | None:
    """The kind that an address names, or None."""
    return next((kind for kind in KINDS if kind.code == code), None)


def first_of_each(text: str, most: int) -> list[Found]:
    """The first ``most`` of each kind that ``text`` finds; kinds without a hit are left out."""
    found = []
    for kind in KINDS:
        order = [f"-{key.field}" if key.descending else key.field for key in kind.order]
        rows = list(kind.rows(text).order_by(*order)[: most + 1])
        if rows:
            found.append(Found(kind, [kind.hit(row, text) for row in rows[:most]], len(rows) > most))
    return found
