"""Store proposals read from papers: the case with its text, people, units, reply, promise and log.

The register gives no day for filing, feedback and closing. The case counts as filed by the day of
its hand-over and as closed on the day of its reply, and the log says that this was assumed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core import audit, deadlines, numbering, search, similar
from core.models import Deadline
from core.papers.importing import Plan
from core.workflow import adopt
from members.models import Body, HandlingUnit, Member, Sector, Session, Term
from members.papers.rolls import chinese_numeral
from proposals.models import (
    Category,
    Feedback,
    Promise,
    Proposal,
    Proposer,
    Reply,
    ReplyStatus,
    ResultClass,
    Suggestion,
    TaskStatus,
    UnitTask,
)
from proposals.numbers import case_scope, intake_scope
from proposals.papers import log as paper_log
from proposals.papers import terms as paper_terms

_BATCH = 500
_CLASS_NAMES = {"A": "已解决或采纳", "B": "列入计划逐步解决", "C": "留作参考", "D": "供参考"}
_REPLIED = frozenset({"replied", "rehandling", "closed", "follow_up"})
_CLOSED = frozenset({"closed", "follow_up"})


@dataclass(frozen=True)
class PaperSession:
    """The session of a register: (term, number), its days, and its row where it is stored."""

    key: tuple[int, int]
    name: str
    opens: dt.date
    closes: dt.date
    cut_off: dt.date
    pk: int | None


@dataclass
class _World:
    """Rows that cases refer to, by the names that papers give."""

    session: Session
    units: dict[str, HandlingUnit]
    members: dict[str, Member]
    bodies: dict[tuple[str, str], Body]
    categories: dict[str, Category]
    classes: dict[str, ResultClass]


def store(plans: list[Plan], *, session: PaperSession, year: int, actor: Any) -> None:
    """Store new and changed cases in batches; called inside one transaction per file."""
    world = _world(plans, session)
    old = {str(p.source_key): p for p in Proposal.objects.filter(source_key__in=[p.key for p in plans])}
    intake = (
        iter(numbering.next_numbers(intake_scope(year), new))
        if (new := sum(p.key not in old for p in plans))
        else iter(())
    )
    cases: dict[str, Proposal] = {}
    for plan in plans:
        case = old.get(plan.key) or Proposal(
            source_key=plan.key, intake_no=f"{year}-{next(intake):04d}", created_by=actor
        )
        cases[plan.key] = _fill(case, plan.payload, world, year)
    _save(plans, cases, old, world)
    _clear_children(old.values())
    _add_texts_and_people(plans, cases, world)
    _add_handling(plans, cases, world)
    if numbers := [p.payload["number"] for p in plans if p.payload["number"]]:
        numbering.set_floor(case_scope(world.session), max(numbers))
    audit.record_many(event for plan in plans for event in paper_log.events(plan, cases[plan.key], actor))
    deadlines.changed("proposals.proposal", [case.pk for case in cases.values()])
    search.index_many((cases[plan.key], _search_texts(cases[plan.key], plan.payload)) for plan in plans)
    similar.index_many("proposals.proposal", (_telling(cases[plan.key], plan.payload) for plan in plans))


def _world(plans: Sequence[Plan], session: PaperSession) -> _World:
    payloads = [plan.payload for plan in plans]
    units = {name for p in payloads for name in (*p["lead_units"], *p["support_units"])}
    codes = {person["code"] for p in payloads for person in p["proposers"] if person.get("code")}
    bodies = {(person["body"], person["name"]) for p in payloads for person in p["proposers"] if person.get("body")}
    bodies |= {(str(Body.Kind.SECTOR), p["sector"]) for p in payloads if p["sector"]}
    return _World(
        session=_stored_session(session),
        units={unit.name: unit for unit in HandlingUnit.objects.filter(name__in=units)},
        members=Member.objects.in_bulk(codes, field_name="code"),
        bodies={key: _body(*key) for key in sorted(bodies)},
        categories={name: _category(name) for name in sorted({p["category"] for p in payloads if p["category"]})},
        classes={letter: _result_class(letter) for letter in sorted({p["result_class"] for p in payloads} - {""})},
    )


def _stored_session(session: PaperSession) -> Session:
    """The session's row, made from what the papers show where there is none."""
    if session.pk:
        return Session.objects.get(pk=session.pk)
    number, ordinal = session.key
    term, _ = Term.objects.get_or_create(
        number=number, defaults={"name": f"{chinese_numeral(number)}届", "starts": session.opens}
    )
    zone = timezone.get_current_timezone()
    made, _ = Session.objects.get_or_create(
        term=term,
        number=ordinal,
        defaults={
            "name": session.name,
            "year": session.opens.year,
            "opens": session.opens,
            "closes": session.closes,
            "collects_from": session.opens - dt.timedelta(days=90),
            "cut_off": dt.datetime.combine(session.cut_off, dt.time(18), tzinfo=zone),
            "is_current": not Session.objects.filter(is_current=True).exists(),
        },
    )
    return made


def _body(kind: str, name: str) -> Body:
    model = Sector if kind == Body.Kind.SECTOR else Body
    order = Body.objects.filter(kind=kind).count() + 1
    found, _ = model._base_manager.get_or_create(kind=kind, name=name, defaults={"order": order})
    return found


def _category(name: str) -> Category:
    found = Category.objects.filter(name=name).first()
    if found is None:
        order = Category.objects.count() + 1
        found = Category.objects.create(code=f"paper-{order}", name=name, order=order)
    return found


def _result_class(letter: str) -> ResultClass:
    """The class's row; a letter that only old papers use is added, out of use for new replies."""
    defaults = {
        "code": letter.lower(),
        "name": _CLASS_NAMES[letter],
        "order": ord(letter) - ord("A") + 1,
        "needs_promise": letter == "B",
        "follows_up": letter == "B",
        "is_active": letter != "D",
    }
    found, _ = ResultClass.objects.get_or_create(letter=letter, defaults=defaults)
    return found


def _fill(case: Proposal, payload: Mapping[str, Any], world: _World, year: int) -> Proposal:
    """Write what the row says into the case, and the state that it proves."""
    status = payload["status"]
    first = payload["proposers"][0]
    adopt(case, status)
    for name in ("number", "title", "kind", "situation", "analysis", "is_key", "key_leader", "supervision_batch",
                 "submitted_on", "in_session", "disposition"):  # fmt: skip
        setattr(case, name, payload[name])
    case.session, case.year, case.is_entered = world.session, year, True
    case.category = world.categories.get(payload["category"])
    case.sector = world.bodies.get((str(Body.Kind.SECTOR), payload["sector"]))
    case.proposer_name = first["name"]
    case.publish_consent = payload["may_publish"]
    filed = payload["outcome"] == "filed"
    case.decision_note = "" if filed else payload["note"]
    leads, supports = payload["lead_units"], payload["support_units"]
    mode = Proposal.Mode
    case.handling_mode = (
        "" if not leads else mode.SPLIT if len(leads) > 1 else mode.LEAD_SUPPORT if supports else mode.SOLE
    )
    case.lead_unit = world.units[leads[0]] if leads else None
    case.assigned_on = payload["assigned_on"] if leads else None
    case.filed_on = (payload["assigned_on"] or payload["submitted_on"]) if filed else None
    case.replied_on = payload["replied_on"] if status in _REPLIED else None
    case.closed_on = payload["replied_on"] if status in _CLOSED else None
    case.result_class = world.classes.get(payload["result_class"])
    case.rating, case.attitude = payload["rating"], payload["attitude"]
    case.round = 2 if status == "rehandling" else 1
    case.next_due, case.next_due_label = None, ""  # the deadlines, once written, say more
    return case


def _save(plans: Sequence[Plan], cases: Mapping[str, Proposal], old: Mapping[str, Proposal], world: _World) -> None:
    """Store main cases first, then the ones merged into them."""
    _save_some([cases[p.key] for p in plans if not p.payload["main_case"]], old)
    merged = [p for p in plans if p.payload["main_case"]]
    wanted = {p.payload["main_case"] for p in merged}
    main = {case.number: case for case in Proposal.objects.filter(session=world.session, number__in=wanted)}
    for plan in merged:
        cases[plan.key].merged_into = main[plan.payload["main_case"]]
    _save_some([cases[p.key] for p in merged], old)


def _save_some(cases: Sequence[Proposal], old: Mapping[str, Proposal]) -> None:
    Proposal.objects.bulk_create([case for case in cases if case.source_key not in old], batch_size=_BATCH)
    for case in cases:
        if case.source_key in old:
            case.version += 1
            case.save()


def _clear_children(cases: Any) -> None:
    """Drop what an earlier reading of a changed row had stored; nobody has worked on these cases."""
    pks = [case.pk for case in cases]
    Suggestion.objects.filter(proposal__in=pks).delete()
    Feedback.objects.filter(proposal__in=pks).delete()
    Proposer.objects.filter(proposal__in=pks).delete()
    UnitTask.objects.filter(proposal__in=pks).delete()
    Deadline.objects.filter(root_type="proposals.proposal", root_id__in=pks).delete()


def _add_texts_and_people(plans: Sequence[Plan], cases: Mapping[str, Proposal], world: _World) -> None:
    Suggestion.objects.bulk_create(
        [
            Suggestion(proposal=cases[plan.key], order=at, text=text)
            for plan in plans
            for at, text in enumerate(plan.payload["suggestions"], start=1)
        ],
        batch_size=_BATCH,
    )
    proposers = [
        _proposer(cases[plan.key], at, person, plan.payload, world)
        for plan in plans
        for at, person in enumerate(plan.payload["proposers"])
    ]
    Proposer.objects.bulk_create(proposers, batch_size=_BATCH)
    Feedback.objects.bulk_create(_feedback(plans, cases, proposers), batch_size=_BATCH)


def _proposer(
    case: Proposal, order: int, person: Mapping[str, str], payload: Mapping[str, Any], world: _World
) -> Proposer:
    member = world.members.get(person["code"])
    return Proposer(
        proposal=case,
        member=member,
        body=world.bodies.get((person.get("body", ""), person["name"])),
        name=person["name"],
        sector_name=payload["sector"][:40] if order == 0 else "",
        order=order,
        contact_name=person["name"][:40] if member and order == 0 else "",
        contact_phone=person.get("phone", ""),
    )


def _feedback(plans: Sequence[Plan], cases: Mapping[str, Proposal], proposers: Sequence[Proposer]) -> list[Feedback]:
    """The one rating that the register shows, as the first proposer's; without one all are awaited."""
    by_case: dict[int, list[Proposer]] = {}
    for row in proposers:
        by_case.setdefault(row.proposal_id, []).append(row)
    state, rows = Feedback.State, []
    for plan in plans:
        case, payload = cases[plan.key], plan.payload
        if case.status == "replied":
            rows += [Feedback(proposal=case, proposer=row, state=state.WAITING) for row in by_case[case.pk]]
        elif case.status in _REPLIED:
            silent = "no_response" in (payload["rating"], payload["attitude"])
            rows.append(
                Feedback(
                    proposal=case,
                    proposer=by_case[case.pk][0],
                    state=state.NO_RESPONSE if silent else state.ANSWERED,
                    attitude="" if silent else payload["attitude"],
                    result="" if silent else payload["rating"],
                    answered_on=None if silent else payload["replied_on"],
                )
            )
    return rows


# --- the units' side ------------------------------------------------------------


def _add_handling(plans: Sequence[Plan], cases: Mapping[str, Proposal], world: _World) -> None:
    """Tasks of lead and support units, the reply, its promise, and their deadlines."""
    assigned = [p for p in plans if p.payload["assigned_on"] and p.payload["lead_units"]]
    tasks = [task for plan in assigned for task in _tasks(cases[plan.key], plan.payload, world)]
    UnitTask.objects.bulk_create(tasks, batch_size=_BATCH)
    by_case: dict[int, list[UnitTask]] = {}
    for task in tasks:
        by_case.setdefault(task.proposal_id, []).append(task)
    replies: list[Reply] = []
    promises: list[Promise] = []
    for plan in assigned:
        payload = plan.payload
        if payload["replied_on"]:
            for task in (t for t in by_case[cases[plan.key].pk] if t.replies):
                reply = _reply(task, payload, world)
                replies.append(reply)
                if payload["promised_on"]:
                    promises.append(_promise(reply, payload))
    Reply.objects.bulk_create(replies, batch_size=_BATCH)
    Promise.objects.bulk_create(promises, batch_size=_BATCH)
    paper_terms.store(plans, cases, by_case, promises)


def _promise(reply: Reply, payload: Mapping[str, Any]) -> Promise:
    """The register says what was promised but not what became of it; a day that has passed is nobody's debt now."""
    due, ended = payload["promised_on"], payload["status"] in _CLOSED
    unrecorded = ended and due < timezone.localdate()
    return Promise(reply=reply, text="按答复承诺的时限办成", due_on=due, unrecorded=unrecorded)


def _tasks(case: Proposal, payload: Mapping[str, Any], world: _World) -> list[UnitTask]:
    role = UnitTask.Role
    leads, supports = payload["lead_units"], payload["support_units"]
    lead_role = role.SPLIT if len(leads) > 1 else role.LEAD
    tasks = [_task(case, world.units[name], lead_role, payload) for name in leads]
    return tasks + [_task(case, world.units[name], role.SUPPORT, payload) for name in supports]


def _task(case: Proposal, unit: HandlingUnit, role: str, payload: Mapping[str, Any]) -> UnitTask:
    """One unit's task; the register dates the lead unit's receipt only."""
    replied, signed = payload["replied_on"], payload["signed_on"]
    is_support = role == UnitTask.Role.SUPPORT
    task = UnitTask(
        proposal=case,
        unit=unit,
        role=role,
        assigned_on=payload["assigned_on"],
        signed_on=None if is_support else signed or replied,
        done_on=replied,
        extension_reason=payload["note"] if payload["extended"] and not is_support else "",
        extension_count=1 if payload["extended"] and not is_support else 0,
    )
    if case.status == "rehandling" and not is_support:
        task.done_on = None
        return adopt(task, TaskStatus.WORKING)
    if replied:
        return adopt(task, TaskStatus.DONE)
    return adopt(task, TaskStatus.SIGNED if signed and not is_support else TaskStatus.PENDING)


def _reply(task: UnitTask, payload: Mapping[str, Any], world: _World) -> Reply:
    reply = Reply(
        task=task,
        document_no=payload["document_no"],
        result_class=world.classes.get(payload["result_class"]),
        may_publish=payload["may_publish"],
        issued_on=payload["replied_on"],
    )
    return adopt(reply, ReplyStatus.ISSUED)


def _search_texts(case: Proposal, payload: Mapping[str, Any]) -> list[str]:
    """The same words by which ``proposals.search`` makes a case findable."""
    names = [person["name"] for person in payload["proposers"]]
    return [
        case.case_no,
        case.intake_no or "",
        case.title,
        case.situation,
        case.analysis,
        *payload["suggestions"],
        *names,
    ]


def _telling(case: Proposal, payload: Mapping[str, Any]) -> tuple[int, str, str]:
    """Id, title and text by which ``proposals.search`` tells what a case is about."""
    return case.pk, case.title, "\n".join([case.situation, case.analysis, *payload["suggestions"]])
