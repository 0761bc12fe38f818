"""Who is told of a deadline of a proposal 提醒对象, and the case's own nearest deadline kept up to date."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.urls import reverse

from core import deadlines, reminders
from core.models import Deadline
from core.reminders import Line
from members.models import Member, Role, RoleGrant
from proposals import people
from proposals.models import Feedback, Promise, Proposal, Proposer, UnitTask

ROOT = "proposals.proposal"
TASK, FEEDBACK, PROMISE = "proposals.unittask", "proposals.feedback", "proposals.promise"
DECISIONS = ("transfer_decision", "extension_decision")


def register() -> None:
    """Watch the deadlines of proposals, answer who is told, and lapse what lapses every day."""
    from proposals import recommending
    from proposals.tasks import lapse

    deadlines.watch(ROOT, keep_next_due)
    reminders.resolve_with(ROOT, lines)
    reminders.on_sweep(lapse)
    reminders.on_sweep(recommending.learn)


def keep_next_due(proposal_ids: list[int]) -> None:
    """Repeat the nearest open deadline of each case on the case, for lists."""
    nearest: dict[int, Deadline] = {}
    # Publication is watched, but no term of the handling that the lists speak of.
    rows = Deadline.objects.open().filter(root_type=ROOT, root_id__in=proposal_ids).exclude(kind="publish")
    for row in rows.order_by("due", "id").only("root_id", "due", "label"):
        nearest.setdefault(row.root_id, row)
    changed = []
    for proposal in Proposal.objects.filter(pk__in=proposal_ids).only("next_due", "next_due_label"):
        row = nearest.get(proposal.pk)
        due, label = (row.due, row.label) if row else (None, "")
        if (proposal.next_due, proposal.next_due_label) != (due, label):
            proposal.next_due, proposal.next_due_label = due, label
            changed.append(proposal)
    Proposal.objects.bulk_update(changed, ["next_due", "next_due_label"], batch_size=500)


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of these deadlines, by level, with a constant number of queries for all of them."""
    cases = Proposal.objects.only("title", "number", "intake_no").in_bulk({row.root_id for row in rows})
    by_type: dict[str, list[Deadline]] = defaultdict(list)
    for row in rows:
        if row.root_id in cases:
            by_type[row.subject_type].append(row)
    found: dict[int, Line] = {}
    for subject_type, group in by_type.items():
        if resolver := _RESOLVERS.get(subject_type):
            found.update(resolver(group, cases))
    return found


def _case_lines(rows: list[Deadline], cases: dict[int, Proposal]) -> dict[int, Line]:
    """Assignment: the offices that hand cases over. Publication: the office, and the units that answered."""
    clerks, inspection = people.with_roles(Role.PROPOSAL_CLERK), people.inspection()
    levels = {1: [*clerks, *inspection], 2: people.with_roles(Role.PROPOSAL_CHIEF), 3: inspection}
    open_ids = {row.root_id for row in rows if row.kind == "publish"}
    published = _publishers(open_ids, clerks, levels[2], inspection) if open_ids else {}
    found = {}
    for row in rows:
        told = published[row.root_id] if row.kind == "publish" else levels
        found[row.pk] = _line(cases[row.root_id], "item", row.root_id, told)
    return found


def _publishers(
    case_ids: set[int], clerks: list[int], chiefs: list[int], inspection: list[int]
) -> dict[int, dict[int, list[int]]]:
    """By case: the proposals office and the operators of the units that answered, then those above them."""
    units: dict[int, list[int]] = defaultdict(list)
    tasks = UnitTask.objects.live().filter(proposal__in=case_ids).exclude(role=UnitTask.Role.SUPPORT)
    for case_id, unit_id in tasks.values_list("proposal_id", "unit_id"):
        units[case_id].append(unit_id)
    every = {unit for own in units.values() for unit in own}
    operators, leaders = people.of_units(every, Role.UNIT_OPERATOR), people.of_units(every, Role.UNIT_LEADER)
    return {
        case_id: {
            1: [*clerks, *(pk for unit in units[case_id] for pk in operators[unit] or leaders[unit])],
            2: [*chiefs, *(pk for unit in units[case_id] for pk in leaders[unit])],
            3: inspection,
        }
        for case_id in case_ids
    }


def _task_lines(rows: list[Deadline], cases: dict[int, Proposal]) -> dict[int, Line]:
    """A unit's own terms climb from operator to leader to inspection; decisions are the inspection's."""
    units = dict(UnitTask.objects.filter(pk__in=[row.subject_id for row in rows]).values_list("pk", "unit_id"))
    unit_ids = set(units.values())
    operators = people.of_units(unit_ids, Role.UNIT_OPERATOR)
    leaders = people.of_units(unit_ids, Role.UNIT_LEADER)
    inspection = people.inspection()
    office = people.office()
    found = {}
    for row in rows:
        case = cases[row.root_id]
        if row.kind in DECISIONS:
            found[row.pk] = _line(case, "item", case.pk, {1: inspection, 2: inspection, 3: office})
        elif (unit := units.get(row.subject_id)) is not None:
            # A unit without an operator's account is reached through its leader, and the other way round.
            first = operators[unit] or leaders[unit]
            levels = {1: first, 2: leaders[unit] or first, 3: inspection}
            found[row.pk] = _line(case, "task", row.subject_id, levels)
    return found


def _feedback_lines(rows: list[Deadline], cases: dict[int, Proposal]) -> dict[int, Line]:
    """Feedback: the one proposer whose form it is; the proposals office after the day."""
    forms = Feedback.objects.select_related("proposer").in_bulk([row.subject_id for row in rows])
    accounts = _accounts(form.proposer for form in forms.values())
    office = people.office()
    found = {}
    for row in rows:
        if form := forms.get(row.subject_id):
            levels = {1: accounts(form.proposer), 2: office, 3: office}
            found[row.pk] = _line(cases[row.root_id], "feedback", form.pk, levels)
    return found


def _promise_lines(rows: list[Deadline], cases: dict[int, Proposal]) -> dict[int, Line]:
    """A promise: the unit that gave it, climbing as its other terms do."""
    units = dict(
        Promise.objects.filter(pk__in=[row.subject_id for row in rows]).values_list("pk", "reply__task__unit_id")
    )
    operators = people.of_units(set(units.values()), Role.UNIT_OPERATOR)
    leaders = people.of_units(set(units.values()), Role.UNIT_LEADER)
    inspection = people.inspection()
    found = {}
    for row in rows:
        if (unit := units.get(row.subject_id)) is not None:
            first = operators[unit] or leaders[unit]
            levels = {1: first, 2: leaders[unit] or first, 3: inspection}
            found[row.pk] = _line(cases[row.root_id], "promise", row.subject_id, levels)
    return found


_RESOLVERS: dict[str, Callable[[list[Deadline], dict[int, Proposal]], dict[int, Line]]] = {
    ROOT: _case_lines,
    TASK: _task_lines,
    FEEDBACK: _feedback_lines,
    PROMISE: _promise_lines,
}


def _accounts(proposers: Iterable[Proposer]) -> Callable[[Proposer], list[int]]:
    """A look-up of accounts by proposer, for many proposers at once."""
    rows = list(proposers)
    by_member = dict(
        Member.objects.filter(
            pk__in=[row.member_id for row in rows if row.member_id], user__is_active=True
        ).values_list("pk", "user_id")
    )
    by_body: dict[int, list[int]] = defaultdict(list)
    bodies = [row.body_id for row in rows if row.body_id]
    for body_id, user_id in RoleGrant.objects.filter(body__in=bodies, user__is_active=True).values_list(
        "body_id", "user_id"
    ):
        by_body[body_id].append(user_id)

    def of(proposer: Proposer) -> list[int]:
        if proposer.member_id:
            return [by_member[proposer.member_id]] if proposer.member_id in by_member else []
        return by_body.get(proposer.body_id, []) if proposer.body_id else []

    return of


def _line(case: Proposal, name: str, pk: int, levels: dict[int, list[int]]) -> Line:
    number = case.case_no or case.intake_no or ""
    return Line(f"{number}{case.title}", reverse(f"proposals:{name}", args=[pk]), levels)
