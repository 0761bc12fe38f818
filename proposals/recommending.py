"""Which unit might handle a text 推荐承办单位: a hint learnt from past assignments, never an assignment.

Each word votes for the units in whose cases it stands more often than chance would have it; rare words
weigh more. A unit whose name holds a word of the text gets a small share beside. How often that is right
is measured by ``manage.py recommend_units --measure``; the figures stand in docs/decisions/.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from core import similar
from members.models import HandlingUnit
from proposals.models import Proposal, UnitTask, UnitTerm

SHOWN = 5
LEARNT_CASES = 5_000
"""The latest assigned cases that are learnt from; older ones would only keep former duties of offices alive."""
SUPPORT = 0.2
"""What a support unit's case counts beside a lead's."""
LEAST_CASES = 2
"""Words of a single case teach nothing of others."""
ASKED = 60
"""Words of a text that vote, the heaviest."""
NAME_SHARE = 0.02
"""Share of all votes that a word of the unit's own name adds."""
NEAR = 0.25
"""What a unit must reach of the first one's votes to be shown on a page."""
TOLD = 3
"""Words named as the reason."""
_BATCH = 500
ALL = ""
"""The word of the row that counts all cases."""
_NOISE = (
    "汉滨 汉滨区 安康 安康市 中共 国家 国网 分局 总局 人民 人民政府 政府 街道 街道办 办事处 管理 管理局 服务 服务局 "
    "委员会 联合会 公司 中心 大队 区委"
)
NAME_NOISE = frozenset(_NOISE.split())
"""Parts of names that say nothing of what a unit does."""


@dataclass(frozen=True)
class Recommendation:
    """A unit, its share of all votes (0 to 1), and why, in words."""

    unit: HandlingUnit
    score: float
    because: str


@dataclass(frozen=True)
class PastCase:
    """One assigned case as it is learnt from."""

    words: Counter[str]
    leads: frozenset[int]
    supports: frozenset[int]


@dataclass
class Lesson:
    """What cases have taught: how many there were and who led them, and the same for each word."""

    cases: int = 0
    led: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    term_cases: Counter[str] = field(default_factory=Counter)
    term_units: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))

    def add(self, case: PastCase, sign: int = 1) -> None:
        """Take one case in, or out again with ``sign`` -1."""
        self.cases += sign
        for unit in case.leads:
            self.led[unit] += sign
        for term in case.words:
            self.term_cases[term] += sign
            known = self.term_units[term]
            for unit in case.leads:
                known[unit] += sign
            for unit in case.supports:
                known[unit] += sign * SUPPORT

    def rank(self, words: Counter[str], names: dict[int, frozenset[str]]) -> list[tuple[int, float, list[str]]]:
        """The units in ``names`` that fit: id, share of all votes and the words that spoke for it, best first."""
        votes: dict[int, dict[str, float]] = defaultdict(dict)
        for weight, term in self._heaviest(words):
            here = self.term_cases[term]
            for unit, count in self.term_units[term].items():
                more = (count - self.led.get(unit, 0) / self.cases * here) / (here + 1)
                if more > 0 and unit in names:
                    votes[unit][term] = weight * more
        named = {unit: {term: math.sqrt(words[term]) for term in own if term in words} for unit, own in names.items()}
        whole = sum(sum(given.values()) for given in votes.values()) or 1.0
        scores = {
            unit: sum(votes.get(unit, {}).values()) + NAME_SHARE * whole * sum(named[unit].values())
            for unit in names
            if votes.get(unit) or named[unit]
        }
        total = sum(scores.values()) or 1.0
        best = sorted(scores, key=lambda unit: (-scores[unit], unit))
        return [(unit, scores[unit] / total, self._reasons(unit, votes.get(unit, {}), named[unit])) for unit in best]

    def _reasons(self, unit: int, votes: dict[str, float], named: dict[str, float]) -> list[str]:
        """The words to name: those with the most votes that stand in several of its cases, not in every fifth of all."""
        telling = [
            term
            for term in votes
            if self.term_units[term][unit] >= LEAST_CASES and self.term_cases[term] * 5 <= max(self.cases, 25)
        ]
        words = sorted(telling, key=lambda term: (-votes[term], term))[:TOLD]
        return words + [term for term in named if term not in words][:1]

    def _heaviest(self, words: Counter[str]) -> list[tuple[float, str]]:
        """The words that vote, each with its weight: rare in past cases, frequent in the text."""
        known = [term for term in words if self.term_cases.get(term, 0) >= LEAST_CASES]
        weighed = [
            (math.log((self.cases + 1) / (self.term_cases[term] + 1)) ** 2 * math.sqrt(words[term]), term)
            for term in known
        ]
        return sorted(weighed, reverse=True)[:ASKED]


def recommend(texts: Iterable[tuple[str, str]], *, lesson: Lesson | None = None) -> list[list[Recommendation]]:
    """For each (title, text) at most five units in use, best first; two queries for all of them."""
    asked = [similar.frequencies(title, text) for title, text in texts]
    units = HandlingUnit.objects.filter(is_active=True).in_bulk()
    names = {pk: _name_words(unit) for pk, unit in units.items()}
    known = lesson or _kept({term for words in asked for term in words})
    if not known.cases:
        return [[] for _ in asked]
    return [
        [
            Recommendation(units[pk], round(share, 4), _because(known.led.get(pk, 0), reasons))
            for pk, share, reasons in known.rank(words, names)[:SHOWN]
        ]
        for words in asked
    ]


def for_cases(cases: Iterable[Proposal]) -> list[list[Recommendation]]:
    """The same for proposals whose suggestions are loaded, without units that stand far behind the first."""
    found = recommend((case.title, _text(case)) for case in cases)
    return [[row for row in rows if row.score >= NEAR * rows[0].score] for rows in found]


def study() -> Lesson:
    """Learn from the latest assigned cases, without keeping it."""
    lesson = Lesson()
    for case in past_cases():
        lesson.add(case)
    return lesson


@transaction.atomic
def learn(on: date | None = None) -> int:
    """Keep what the latest assigned cases teach, in place of what was kept; returns how many cases (daily)."""
    lesson = study()
    list(UnitTerm.objects.select_for_update().filter(term=ALL))
    UnitTerm.objects.all().delete()
    rows = [UnitTerm(term=ALL, cases=lesson.cases, units=_rounded(lesson.led))]
    rows += [
        UnitTerm(term=term, cases=count, units=_rounded(lesson.term_units[term]))
        for term, count in lesson.term_cases.items()
        if count >= LEAST_CASES
    ]
    UnitTerm.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return lesson.cases


def measure(year: int | None = None) -> dict[str, float | int]:
    """How often the unit that led a case (of ``year``) is named first, or among five, when the case is left out.

    Beside it what always naming the one or five busiest units would reach.
    """
    cases = list(past_cases(year))
    lesson = Lesson()
    for case in cases:
        lesson.add(case)
    names = {pk: _name_words(unit) for pk, unit in HandlingUnit.objects.in_bulk().items()}
    first = five = 0
    for case in cases:
        lesson.add(case, -1)
        best = [unit for unit, _, _ in lesson.rank(case.words, names)[:SHOWN]]
        lesson.add(case)
        first += bool(best[:1]) and best[0] in case.leads
        five += bool(case.leads.intersection(best))
    busiest = sorted(lesson.led, key=lambda unit: -lesson.led[unit])[:SHOWN]
    plain = [sum(bool(case.leads.intersection(busiest[:most])) for case in cases) for most in (1, SHOWN)]
    share = {"first": first, "five": five, "busiest_first": plain[0], "busiest_five": plain[1]}
    return {"cases": len(cases), **{name: round(n / max(1, len(cases)), 4) for name, n in share.items()}}


def past_cases(year: int | None = None) -> Iterator[PastCase]:
    """The latest cases (of ``year``) that were given to units and not withdrawn."""
    rows = Proposal.objects.filter(assigned_on__isnull=False).exclude(status=Proposal.Status.WITHDRAWN)
    if year is not None:
        rows = rows.filter(year=year)
    ids = list(rows.order_by("-assigned_on", "-pk").values_list("pk", flat=True)[:LEARNT_CASES])
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        tasks: dict[int, list[tuple[str, int]]] = defaultdict(list)
        given = UnitTask.objects.live().filter(proposal__in=some)
        for case, role, unit in given.values_list("proposal_id", "role", "unit_id"):
            tasks[case].append((role, unit))
        found = Proposal.objects.filter(pk__in=tasks).only("title", "situation", "analysis")
        for row in found.prefetch_related("suggestions"):
            supports = {unit for role, unit in tasks[row.pk] if role == UnitTask.Role.SUPPORT}
            leads = {unit for role, unit in tasks[row.pk] if role != UnitTask.Role.SUPPORT}
            yield PastCase(similar.frequencies(row.title, _text(row)), frozenset(leads), frozenset(supports))


def _kept(terms: set[str]) -> Lesson:
    """What was kept about these words; one query."""
    lesson = Lesson()
    for row in UnitTerm.objects.filter(term__in=sorted(terms | {ALL})):
        units = {int(pk): count for pk, count in row.units.items()}
        if row.term == ALL:
            lesson.cases, lesson.led = row.cases, defaultdict(float, units)
        else:
            lesson.term_cases[row.term] = row.cases
            lesson.term_units[row.term] = defaultdict(float, units)
    return lesson


def _text(case: Proposal) -> str:
    return "\n".join([case.situation, case.analysis, *(row.text for row in case.suggestions.all())])


def _name_words(unit: HandlingUnit) -> frozenset[str]:
    return frozenset(similar.frequencies("", f"{unit.name} {unit.short_name}")) - NAME_NOISE


def _because(led: float, words: list[str]) -> str:
    """The reason in words: 主办过32件，其中“教师”“学生”出现得多."""
    quoted = "".join(f"“{word}”" for word in words)
    if led < 1:
        return f"单位名称与文中的{quoted}相合" if quoted else "常参与会办"
    return f"主办过{led:.0f}件，其中{quoted}出现得多" if quoted else f"主办过{led:.0f}件"


def _rounded(counts: dict[int, float]) -> dict[str, float]:
    return {str(pk): round(count, 1) for pk, count in counts.items() if count > 0.05}
