"""How a proposal 提案 stands for whoever holds the receipt code of what led to it: plain words, no names, no text.

Nothing of a proposal that is not published appears but its number, its units, its days and how it
was answered.
"""

from django.utils import timezone

from core import handover, tracking
from core.models import Deadline
from core.tracking import Step
from proposals.models import Promise, Proposal, Reply, Status, UnitTask

LABEL = "proposals.proposal"
WRITING = (Status.DRAFT, Status.COSIGNING)
IN_REVIEW = (Status.SUBMITTED, Status.REVIEWING, Status.RETURNED)
IN_HAND = (Status.ASSIGNED, Status.HANDLING, Status.REHANDLING)
ENDS = {
    Status.NOT_FILED: "提案没有立案，工作室会再想别的办法。",
    Status.WITHDRAWN: "提案撤回了，工作室会再想别的办法。",
}


def register() -> None:
    """Tell proposals by receipt code, a merged one as its main case, and name them on the pages of their sources."""
    tracking.tell_with(LABEL, steps, successor=main_case)
    handover.name_with(LABEL, name)


def main_case(proposal: Proposal) -> Proposal | None:
    """The case in which a merged one lives on."""
    return proposal.merged_into if proposal.status == Status.MERGED else None


def name(proposal: Proposal) -> tuple[str, str]:
    """A proposal in words for those who may see it; a draft keeps its title to itself."""
    number = proposal.case_no or proposal.intake_no
    return (f"提案{number}《{proposal.title}》" if number else "提案草稿"), proposal.get_absolute_url()


def steps(proposal: Proposal) -> list[Step]:
    """From the draft to the last promise; what is still ahead with its day."""
    if proposal.status in WRITING:
        return [Step(None, "委员正在写成提案。", open=True)]
    found = [Step(proposal.submitted_on, "已写成提案，交区政协审查。")]
    if proposal.status in IN_REVIEW:
        return [*found, Step(None, "区政协正在审查提案。", open=True)]
    if proposal.status in ENDS:
        return [*found, Step(None, ENDS[Status(proposal.status)])]
    if proposal.status == Status.MERGED and proposal.merged_into:
        return [*found, Step(None, f"同类的提案合在一起办，并入{proposal.merged_into.case_no}提案。")]
    found.append(Step(proposal.filed_on, f"提案已立案，{proposal.case_no}。"))
    if proposal.assigned_on:
        found.append(Step(proposal.assigned_on, f"已交{units_of(proposal)}办理。"))
    if proposal.replied_on:
        found.append(Step(proposal.replied_on, answered(proposal)))
    if proposal.status in IN_HAND:
        found += _awaited(proposal)
    found += _promises(proposal)
    if proposal.closed_on and proposal.status != Status.REHANDLING:
        found.append(Step(proposal.closed_on, "提案已办结。"))
    return found


def units_of(proposal: Proposal) -> str:
    """The units that answer, by name; units are public, their staff are not."""
    rows = proposal.tasks.live().exclude(role=UnitTask.Role.SUPPORT).select_related("unit").order_by("pk")
    return "、".join(str(task.unit) for task in rows) or "承办单位"


def answered(proposal: Proposal) -> str:
    """The answer's class in plain words."""
    kind = f"：{proposal.result_class.name}" if proposal.result_class else ""
    return f"{units_of(proposal)}已答复{kind}。"


def _awaited(proposal: Proposal) -> list[Step]:
    due = (
        Deadline.objects.of_case(proposal)
        .open()
        .filter(kind="reply")
        .order_by("-due")
        .values_list("due", flat=True)
        .first()
    )
    again = "重新" if proposal.status == Status.REHANDLING else ""
    return [
        Step(due, f"{units_of(proposal)}{again}办理中，应在这一天前答复。" if due else f"{again}办理中。", open=True)
    ]


def _promises(proposal: Proposal) -> list[Step]:
    """Promises of delivered replies: what was promised only where the proposal is public anyway."""
    rows = Promise.objects.filter(reply__task__proposal=proposal, reply__status=Reply.Status.ISSUED).select_related(
        "reply"
    )
    found = []
    for place, row in enumerate(rows.order_by("due_on", "pk"), 1):
        what = f"“{row.text}”" if proposal.published_on and row.reply.may_publish else f"的第{place}件事"
        if row.kept_on:
            found.append(Step(row.kept_on, f"答复里承诺{what}已经做到。"))
        elif row.missed_on or (row.due_on < timezone.localdate() and not row.unrecorded):
            found.append(Step(row.due_on, f"答复里承诺{what}到期没有做到，区政协在催办。"))
        elif not row.unrecorded:
            found.append(Step(row.due_on, f"答复里承诺{what}，应在这一天前做到。", open=True))
    return found
