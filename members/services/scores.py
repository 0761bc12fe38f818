"""Compute, close 封存 and verify a year's points 履职积分; open years follow the ledger, closed ones never change."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from core import audit, jobs
from core.errors import Refusal
from core.models import Job
from members.models import DutyEntry, ScoreResult, ScoreRules, ScoreYear
from members.scores import ledger as score_ledger
from members.scores.ledger import MEMBER, STUDIO
from members.scores.scoring import Result, Rules

JOB = "members.scores"
BATCH = 1000
Report = Callable[[int, int, str], None]
WORDS = {MEMBER: "委员积分", STUDIO: "工作室考核"}


@dataclass(frozen=True)
class Verification:
    """A year computed again: the digest that is stored and the one that comes out now."""

    stored: str
    computed: str

    @property
    def equal(self) -> bool:
        """Whether nothing has changed."""
        return self.stored == self.computed


def rules_for(target: str, year: int) -> ScoreRules | None:
    """The version in force for a year: of those that had begun by then the one that began last."""
    versions = ScoreRules.objects.filter(target=target, in_force_at__isnull=False, from_year__lte=year)
    return versions.order_by("-from_year", "-number").first()


def read(rules: ScoreRules) -> Rules:
    """A version as scoring reads it."""
    return Rules.read(rules.headings, rules.bands)


@transaction.atomic
def compute_year(target: str, year: int) -> ScoreYear:
    """Compute all results of an open year from the ledger; a closed year is refused, so is one without rules."""
    rules = rules_for(target, year)
    if rules is None:
        raise Refusal(f"{year}年还没有施行的计分办法，请先拟定并施行。")
    ScoreYear.objects.get_or_create(target=target, year=year, defaults={"rules": rules})
    row = ScoreYear.objects.select_for_update().get(target=target, year=year)
    if row.closed_at is not None:
        raise Refusal(f"{year}年的{WORDS[target]}已经封存，不能重算；可以点“核对”。")
    row.rules, row.last_entry = rules, score_ledger.last_entry()
    found = score_ledger.results(read(rules), target, year, score_ledger.population(target, year))
    digest = score_ledger.digest(target, year, rules.number, found)
    if digest != row.digest or row.results.count() != len(found):
        _store(row, found)
    row.digest, row.computed_at = digest, timezone.now()
    row.save(update_fields=["rules", "last_entry", "digest", "computed_at"])
    return row


@transaction.atomic
def close_year(target: str, year: int, *, actor) -> ScoreYear:
    """Close a year that is over: from now on its results stay, whatever rows or rules come later."""
    may_manage(actor)
    if year >= timezone.localdate().year:
        raise Refusal(f"{year}年还没有过完，明年1月1日以后才能封存。")
    if connection.vendor == "postgresql":
        # A row whose transaction is still under way would bear a lower number and come in later.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE members_dutyentry IN SHARE MODE")
    row = compute_year(target, year)
    row.closed_at, row.closed_by = timezone.now(), actor
    row.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        verb="scores.close",
        summary=f"封存{year}年{WORDS[target]}，校验值{row.digest[:12]}",
        actor=actor,
        subject=row,
        detail={"digest": row.digest, "last_entry": row.last_entry, "rules": row.rules.number},
    )
    return row


def verify(row: ScoreYear) -> Verification:
    """Compute a year again from its own rules and rows, for those it was computed for; writes nothing."""
    ids = row.results.values_list(f"{row.target}_id", flat=True)
    found = score_ledger.results(read(row.rules), row.target, row.year, ids, upto=row.last_entry)
    return Verification(row.digest, score_ledger.digest(row.target, row.year, row.rules.number, found))


def years_to_compute(target: str) -> list[int]:
    """Years with ledger rows, and the present one, that have rules and are not closed; the newest first."""
    years = set(DutyEntry.objects.filter(**{f"{target}__isnull": False}).values_list("year", flat=True).distinct())
    years.add(timezone.localdate().year)
    closed = ScoreYear.objects.filter(target=target, closed_at__isnull=False).values_list("year", flat=True)
    starts = ScoreRules.objects.filter(target=target, in_force_at__isnull=False).values_list("from_year", flat=True)
    first = min(starts, default=None)
    return sorted((year for year in years - set(closed) if first is not None and year >= first), reverse=True)


def compute_open_years(report: Report = lambda done, total, message: None) -> int:
    """Compute all open years of members and of studios, each in its own transaction; how many."""
    todo = [(target, year) for target in (MEMBER, STUDIO) for year in years_to_compute(target)]
    for done, (target, year) in enumerate(todo):
        report(done, len(todo), f"正在算{year}年{WORDS[target]}")
        compute_year(target, year)
    report(len(todo), len(todo), "算完")
    return len(todo)


def start_computing(*, actor) -> Job:
    """Compute all open years in a job that the person watches."""
    may_manage(actor)
    return jobs.start(JOB, actor=actor)


def _run(job: Job, report: Report) -> dict:
    """Catch up with what was not recorded, then compute."""
    from members.services import duty

    report(0, 1, "正在补记台账")
    added = duty.catch_up()
    years = compute_open_years(report)
    return {"added": added, "years": years, "summary": f"补记{added}条，算了{years}个年度。"}


def _address(job: Job) -> str:
    from django.urls import reverse

    return reverse("members:score_job", args=[job.pk])


def register() -> None:
    """Let jobs of this kind be run and found."""
    jobs.handler(JOB, url=_address)(_run)
    jobs.LABELS[JOB] = "重算积分"


def may_manage(actor) -> None:
    """Refuse whoever does not run the scores."""
    if not actor.has_perm("members.manage_scores"):
        raise Refusal("积分由委员联络室管理，您没有这个权限。")


def _store(row: ScoreYear, found: dict[int, Result]) -> None:
    """Replace the results of an open year."""
    places = score_ledger.ranks(found)
    row.results.all().delete()
    ScoreResult.objects.bulk_create(
        (
            ScoreResult(
                score_year=row,
                points=result.points,
                band=result.band,
                rank=places[pk],
                parts=[{"code": part.code, "points": str(part.points)} for part in result.parts],
                **{f"{row.target}_id": pk},
            )
            for pk, result in found.items()
        ),
        batch_size=BATCH,
    )
