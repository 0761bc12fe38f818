"""What the page of one proposal 一事一页 shows: read once, in a fixed number of queries."""

import difflib
import sys
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import attachments, deadlines, joined, timeline
from core.models import Attachment, Deadline
from core.prepared import Prepared
from core.templatetags.frame import cn_day
from members.models import Role, User
from members.models.accounts import Standing
from proposals.choices import attach
from proposals.models import (
    ContactLog,
    Feedback,
    Promise,
    Proposal,
    ProposalRevision,
    Proposer,
    Reply,
    ReplyItem,
    Status,
    Suggestion,
    TaskStatus,
    UnitTask,
)

TIMELINE_SHOWN = 8
OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
INSIDERS = (*OFFICE, Role.INSPECTION, Role.LEADER)
TASK_LOOKS = {"done": "done", "submitted": "info", "transfer_requested": "soon", "extension_requested": "soon"}
INSIDE_VERBS = ("proposal.accept", "proposal.recommend", "proposal.disagree")
"""Acts of which only those inside the offices read: an opinion is none before it is decided."""


@dataclass
class ItemFacts:
    """A proposal with all that its page shows to one person."""

    proposal: Proposal
    proposers: list[Proposer]
    suggestions: list[Suggestion]
    tasks: list[UnitTask]
    replies: list[Reply]
    promises: list[Promise]
    contacts: list[ContactLog]
    feedback: list[Feedback]
    sealed: bool
    deadlines: list[Deadline]
    files: list[Attachment]
    revisions: list[ProposalRevision]
    merged: list[Proposal]
    timeline: timeline.Told
    shows_contact: bool
    steps: list[dict[str, str]] = field(default_factory=list)

    @property
    def first(self) -> Proposer | None:
        """The first proposer."""
        return next((row for row in self.proposers if row.is_first), None)

    @property
    def cosigners(self) -> list[Proposer]:
        """Those who sign with the first proposer, as the paper names them."""
        return [row for row in self.proposers if not row.is_first and row.state == "confirmed"]

    @property
    def answered(self) -> int:
        """Feedback given in the present round."""
        present = [row for row in self.feedback if row.round == self.proposal.round]
        return sum(row.state == "answered" for row in present)


_YES_NO = BooleanField()
_HAS = {
    "has_files": RawSQL(
        "EXISTS(SELECT 1 FROM core_attachment WHERE subject_type = 'proposals.proposal'"
        " AND subject_id = proposals_proposal.id AND removed_at IS NULL)",
        [],
        _YES_NO,
    ),
    "has_sources": RawSQL(
        "EXISTS(SELECT 1 FROM core_handover WHERE target_type = 'proposals.proposal'"
        " AND target_id = proposals_proposal.id)",
        [],
        _YES_NO,
    ),
    "has_promises": RawSQL(
        "EXISTS(SELECT 1 FROM proposals_promise p JOIN proposals_reply r ON r.id = p.reply_id"
        " JOIN proposals_unittask t ON t.id = r.task_id WHERE t.proposal_id = proposals_proposal.id)",
        [],
        _YES_NO,
    ),
    "has_revisions": RawSQL(
        "EXISTS(SELECT 1 FROM proposals_proposalrevision WHERE proposal_id = proposals_proposal.id)", [], _YES_NO
    ),
    "has_merged": RawSQL(
        "EXISTS(SELECT 1 FROM proposals_proposal m WHERE m.merged_into_id = proposals_proposal.id)", [], _YES_NO
    ),
}
"""What most cases lack: asked with the case itself, and read only where it is there. As SQL, for to build
these five as expressions would take longer on each page than to read the case."""


_SUGGESTIONS = Prepared[Suggestion](lambda pk: Suggestion.objects.filter(proposal=pk))


def get_proposal(user: User, pk: int) -> Proposal:
    """One proposal that ``user`` may read, or 404, which never tells whether it exists.

    Comes with its proposers and their feedback. Names are taken from what the process keeps: a
    join for each costs the planner more than the row itself.
    """
    proposal = _readable(user.standing).one(pk)
    if proposal is None:
        raise Http404
    attach(proposal, "session", "category", "lead_unit", "sector", "result_class")
    proposers = joined.with_rows(Proposer, "feedback", "order", "id", of=("proposal", proposal.pk))
    joined.keep(proposal, "proposers", proposers)
    joined.keep(proposal, "feedback", [row for proposer in proposers for row in proposer.feedback.all()])
    return proposal


@lru_cache(maxsize=200)
def _readable(standing: Standing) -> Prepared[Proposal]:
    """One case by its key, if such a person may read it."""
    rows = Proposal.objects.visible_to(standing).select_related("handover").annotate(**_HAS)
    return Prepared(lambda pk: rows.filter(pk=pk))


def item_facts(proposal: Proposal, user: User, *, whole_timeline: bool = False) -> ItemFacts:
    """Read everything that the page of ``proposal``, as ``get_proposal`` gives it, shows to ``user``."""
    every = _tasks(proposal)
    tasks = [task for task in every if task.status != TaskStatus.REASSIGNED]
    proposers, suggestions = list(proposal.proposers.all()), _SUGGESTIONS.rows(proposal.pk)
    joined.keep(proposal, "suggestions", suggestions)
    replies = _replies(every, suggestions)
    own_unit = any(task.unit_id in user.unit_ids() for task in tasks)
    insider = user.has_role(*INSIDERS)
    sealed = is_sealed(proposal, user)
    contacts = [row for task in every for row in task.contacts.all()]
    facts = ItemFacts(
        proposal=proposal,
        proposers=proposers,
        suggestions=suggestions,
        tasks=tasks,
        replies=replies,
        promises=_promises(replies, there_are=proposal.has_promises),
        contacts=sorted(contacts, key=lambda row: (row.held_on, row.pk)),
        feedback=_feedback(proposers),
        sealed=sealed,
        deadlines=_deadlines(proposal, tasks),
        files=list(attachments.files_of(proposal)) if proposal.has_files else [],
        revisions=list(proposal.revisions.select_related("changed_by")) if proposal.has_revisions else [],
        merged=list(proposal.merged_cases.filter(status=Status.MERGED)) if proposal.has_merged else [],
        timeline=_timeline(proposal, insider=insider, sealed=sealed, whole=whole_timeline),
        shows_contact=insider or own_unit,
    )
    facts.steps = steps(facts)
    return facts


def _tasks(proposal: Proposal) -> list[UnitTask]:
    """All tasks, those given to another unit too, with their contacts; support units stand last."""
    rows = joined.with_rows(UnitTask, "contacts", "pk", of=("proposal", proposal.pk))
    for row in rows:
        attach(row, "unit")
        UnitTask.proposal.field.set_cached_value(row, proposal)
    return sorted(rows, key=lambda task: (task.role == UnitTask.Role.SUPPORT, task.pk))


def is_sealed(proposal: Proposal, user: User) -> bool:
    """Whether the ratings of the running round are hidden from this person.

    A unit does not see who rated it what before the round is over (domain rules, sealed rating).
    """
    if proposal.status != Status.REPLIED or user.has_role(*INSIDERS):
        return False
    return bool(user.unit_ids())


def _replies(tasks: list[UnitTask], suggestions: list[Suggestion]) -> list[Reply]:
    """The letters that were issued, the last round first, with their answers in the order of the suggestions."""
    if not tasks:
        return []
    of_task, of_suggestion = {row.pk: row for row in tasks}, {row.pk: row for row in suggestions}
    of_case = ("task__proposal", tasks[0].proposal_id)
    replies = joined.with_rows(Reply, "items", "-round", "pk", of=of_case, status=Reply.Status.ISSUED)
    for reply in replies:
        reply.task = of_task[reply.task_id]
        attach(reply, "result_class")
        for item in reply.items.all():
            item.suggestion = of_suggestion.get(item.suggestion_id)
            attach(item, "result_class")
        reply.answers = sorted(reply.items.all(), key=_place)  # type: ignore[attr-defined]
    return replies


def _place(item: ReplyItem) -> int:
    """Answers stand in the order of the suggestions; the answer to the case as a whole comes last."""
    return item.suggestion.order if item.suggestion else sys.maxsize


def _promises(replies: list[Reply], *, there_are: bool) -> list[Promise]:
    """The promises of these letters, the first day first; each answer knows its own."""
    of_reply = {row.pk: row for row in replies}
    rows = list(Promise.objects.filter(reply__in=of_reply).order_by("due_on", "pk")) if there_are else []
    for row in rows:
        row.reply = of_reply[row.reply_id]
    for item in (item for reply in replies for item in reply.answers):  # type: ignore[attr-defined]
        item.own_promises = [row for row in rows if row.item_id == item.pk]
    return rows


def _feedback(proposers: list[Proposer]) -> list[Feedback]:
    """What the proposers answered, by round; who entered a paper form is read where there was one."""
    rows = [row for proposer in proposers for row in proposer.feedback.all()]
    clerks = {row.entered_by_id for row in rows if row.entered_by_id}
    people = User.objects.in_bulk(clerks) if clerks else {}
    for row in rows:
        row.entered_by = people.get(row.entered_by_id)
    return sorted(rows, key=lambda row: (row.round, row.proposer.order))


def _deadlines(proposal: Proposal, tasks: list[UnitTask]) -> list[Deadline]:
    """The open deadlines first, then what was met; units named where several have the same one."""
    rows = deadlines.of_case(proposal)
    units = {task.pk: task.unit for task in tasks}
    several = len(tasks) > 1
    for row in rows:
        if several and row.subject_type == "proposals.unittask" and row.subject_id in units:
            row.label = f"{units[row.subject_id]}：{row.label}"
    return [row for row in rows if row.subject_type != "proposals.unittask" or row.subject_id in units]


def _timeline(proposal: Proposal, *, insider: bool, sealed: bool, whole: bool) -> timeline.Told:
    narrow = _NARROWED[(insider, sealed)]
    return timeline.of(proposal, narrow, most=None if whole else TIMELINE_SHOWN)


def _outside(rows: QuerySet) -> QuerySet:
    """What those outside the offices read: no opinion before it is decided, no letter before it is issued."""
    return rows.exclude(verb__in=INSIDE_VERBS).exclude(Q(subject_type="proposals.reply") & ~Q(verb="reply.issue"))


def _sealed(rows: QuerySet) -> QuerySet:
    """What is read while the answers of the running round are sealed."""
    return rows.exclude(subject_type="proposals.feedback")


def _sealed_outside(rows: QuerySet) -> QuerySet:
    return _sealed(_outside(rows))


_NARROWED: dict[tuple[bool, bool], timeline.Narrow] = {
    (True, False): timeline.everything,
    (True, True): _sealed,
    (False, False): _outside,
    (False, True): _sealed_outside,
}
"""What is left of the log for those inside the offices or outside, with the running round open or sealed."""


def steps(facts: ItemFacts) -> list[dict[str, str]]:
    """Where the case stands, as ``components/_stepper.html`` takes it."""
    proposal = facts.proposal
    done: list[tuple[str, str, bool]] = [
        ("提交", _note(proposal.submitted_on, proposal.intake_no), bool(proposal.submitted_on))
    ]
    if proposal.status in (Status.NOT_FILED, Status.MERGED, Status.WITHDRAWN):
        done.append((proposal.get_status_display(), "", True))
        return _states(done, ended=True)
    signed = [task for task in facts.tasks if task.replies and task.signed_on]
    replying = [task for task in facts.tasks if task.replies]
    last_signed = max((task.signed_on for task in signed), default=None)
    everyone = bool(replying) and len(signed) == len(replying)
    handover = proposal.handover.name if proposal.handover else ""
    letter = str(proposal.result_class) if proposal.result_class else ""
    closed = bool(proposal.closed_on)
    present = [row for row in facts.feedback if row.round == proposal.round]
    told = f"{len(present)}人中{facts.answered}人已反馈" if present else ""
    tracked = "跟踪承诺" if proposal.status == Status.FOLLOW_UP else ""
    replied = bool(proposal.replied_on) and proposal.status != Status.REHANDLING
    done += [
        ("审查立案", _note(proposal.filed_on, proposal.case_no), bool(proposal.filed_on)),
        ("交办", _note(proposal.assigned_on, handover), bool(proposal.assigned_on)),
        ("签收", _note(last_signed if everyone else None, f"{len(signed)}家已签" if signed else ""), everyone),
        ("答复" if proposal.round == 1 else "再办理答复", _note(proposal.replied_on if replied else None, letter), replied),
        ("提案者反馈", told, closed),
        ("办结", _note(proposal.closed_on, tracked), closed),
        ("归档", "", proposal.status == Status.ARCHIVED),
    ]  # fmt: skip
    return _states(done)


def _states(done: list[tuple[str, str, bool]], *, ended: bool = False) -> list[dict[str, str]]:
    current = next((place for place, (_, _, is_done) in enumerate(done) if not is_done), -1)
    return [
        {
            "label": label,
            "note": note,
            "state": "done" if is_done else ("current" if place == current and not ended else ""),
        }
        for place, (label, note, is_done) in enumerate(done)
    ]


def _note(day, more: str | None) -> str:
    return "　".join(part for part in (cn_day(day), more or "") if part)


@dataclass(frozen=True)
class Change:
    """One part of the text before and after: the words taken out and put in are marked."""

    label: str
    before: SafeString
    after: SafeString


def changes_since(facts: ItemFacts, revision: ProposalRevision) -> list[Change]:
    """What became of the words of ``revision`` in the text that replaced it."""
    later = [row for row in facts.revisions if row.pk > revision.pk]
    if later:
        after = min(later, key=lambda row: row.pk)
        new = (after.title, after.situation, after.analysis, after.suggestions)
    else:
        texts = [row.text for row in facts.suggestions]
        new = (facts.proposal.title, facts.proposal.situation, facts.proposal.analysis, texts)
    old = (revision.title, revision.situation, revision.analysis, revision.suggestions)
    found = []
    for label, one, two in zip(("案由", "情况与问题", "分析"), old[:3], new[:3], strict=True):
        if one != two:
            found.append(_change(label, one, two))
    for place in range(max(len(old[3]), len(new[3]))):
        one = old[3][place] if place < len(old[3]) else ""
        two = new[3][place] if place < len(new[3]) else ""
        if one != two:
            found.append(_change(f"第{place + 1}条建议", one, two))
    return found


def _change(label: str, before: str, after: str) -> Change:
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    old = ((tag != "equal", before[a:b]) for tag, a, b, _, _ in blocks if b > a)
    new = ((tag != "equal", after[c:d]) for tag, _, _, c, d in blocks if d > c)
    return Change(label, _marked(old, "del"), _marked(new, "ins"))


def _marked(parts, tag: str) -> SafeString:
    return format_html_join(
        "",
        "{}",
        ((format_html(f"<{tag}>{{}}</{tag}>", text) if changed else text,) for changed, text in parts),
    )
