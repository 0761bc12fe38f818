"""Who is told of a term of an opinion report 提醒对象."""

from core import deadlines, reminders
from core.models import Deadline
from core.reminders import Line
from members.models import Role
from sentiment import clearing, people, terms
from sentiment.models import Forward, OpinionReport

FORWARD = "sentiment.forward"


def register() -> None:
    """Keep the nearest term on each report, answer who is told, and clear personal data every day."""
    deadlines.watch(terms.ROOT, terms.keep_next_due)
    reminders.on_sweep(clearing.clear_personal_data)
    reminders.resolve_with(terms.ROOT, lines)


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of these deadlines by level; a constant number of queries a unit and kind."""
    reports = OpinionReport.objects.only("title", "editor", "checker").in_bulk({row.root_id for row in rows})
    forwards = Forward.objects.in_bulk([row.subject_id for row in rows if row.subject_type == FORWARD])
    editors, signers = people.with_roles(Role.INFO_EDITOR), people.with_roles(Role.INFO_SIGNER)
    checkers = people.with_roles(Role.INFO_CHECKER) or signers
    inspection = people.with_roles(Role.INSPECTION)
    units: dict[int, dict[int, list[int]]] = {}
    for forward in forwards.values():
        if forward.unit_id not in units:
            operators = people.of_unit(forward.unit_id, Role.UNIT_OPERATOR)
            leaders = people.of_unit(forward.unit_id, Role.UNIT_LEADER)
            units[forward.unit_id] = {1: operators or leaders, 2: leaders, 3: inspection}
    found: dict[int, Line] = {}
    for row in rows:
        report = reports.get(row.root_id)
        if report is None:
            continue
        forward = forwards.get(row.subject_id) if row.subject_type == FORWARD else None
        if forward is not None:
            found[row.pk] = Line(f"《{report.title}》", forward.get_absolute_url(), units[forward.unit_id])
        elif row.subject_type == terms.ROOT:
            levels = {1: _whose_turn(row.kind, report, editors, checkers, signers), 2: signers, 3: []}
            found[row.pk] = Line(f"《{report.title}》", report.get_absolute_url(), levels)
    return found


def _whose_turn(
    kind: str, report: OpinionReport, editors: list[int], checkers: list[int], signers: list[int]
) -> list[int]:
    """Who does the step that the term belongs to; never somebody who had an earlier one of this report."""
    if kind == "edit" and report.editor_id:
        return [report.editor_id]
    if kind == "check":
        return [pk for pk in checkers if pk != report.editor_id]
    if kind == "sign":
        return [pk for pk in signers if pk not in (report.editor_id, report.checker_id)]
    return editors
