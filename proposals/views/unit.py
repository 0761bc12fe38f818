"""The unit's pages 承办单位: the list of its tasks, one task with its one next act, requests, the unit's figures."""

from datetime import date

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import workflow
from core.models import Deadline
from core.paging import Key, turn
from proposals import selectors_unit, terms, walk
from proposals.forms.handling import ContactForm, ExtensionForm, OpinionForm, TransferForm
from proposals.models import UnitTask
from proposals.services import assignment, replying
from proposals.views import replies
from proposals.views.acting import attempt

PAGE = 50
STATES = {
    "": ("全部", ()),
    "sign": ("待签收", ("pending", "upheld")),
    "working": ("办理中", ("signed", "working", "extension_requested", "transfer_requested")),
    "submitted": ("已报送", ("submitted",)),
    "done": ("已完成", ("done",)),
}
DUE_OF = {
    "sign": ("receipt", "reply", "opinion"),
    "contact": ("contact", "reply"),
    "opinion": ("opinion",),
    "draft": ("reply",),
    "approve": ("reply",),
    "send": ("reply",),
}
"""Which deadlines stand beside which next act: the first that is open."""

ROLES = {"": "全部", "lead": "主办、分办", "support": "会办"}


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of the person's unit, the most pressing first, with 批量签收."""
    rows = UnitTask.objects.live().filter(unit_id__in=request.user.unit_ids())
    state = request.GET.get("state", "")
    role = request.GET.get("role", "")
    if state in STATES and STATES[state][1]:
        rows = rows.filter(status__in=STATES[state][1])
    if role == "lead":
        rows = rows.filter(role__in=[UnitTask.Role.LEAD, UnitTask.Role.SPLIT])
    elif role == "support":
        rows = rows.filter(role=UnitTask.Role.SUPPORT)
    late = request.GET.get("late") == "1"
    if late:
        rows = rows.filter(pk__in=_late_ids())
    page = turn(
        rows.select_related("proposal", "unit").only(
            "role", "status", "assigned_on", "signed_on", "unit__name", "unit__short_name", "proposal__title",
            "proposal__number", "proposal__intake_no", "proposal__proposer_name", "proposal__is_key", "proposal__status",
        ),
        request.GET,
        [Key("id", True)],
        size=PAGE,
    )  # fmt: skip
    dues = _next_dues(page.rows)
    lines = [{"task": row, "due": dues.get(row.pk)} for row in page.rows]
    lines.sort(key=lambda line: (line["due"].due if line["due"] else date.max, -line["task"].pk))
    return render(
        request,
        "proposals/task_list.html",
        {
            "rows": lines,
            "page": page,
            "state": state,
            "role": role,
            "late": late,
            "states": [(code, label) for code, (label, _) in STATES.items()],
            "roles": list(ROLES.items()),
            "batch_actions": [("sign", "批量签收")] if any(row.status in walk.UNSIGNED for row in page.rows) else [],
            "batch_url": reverse("proposals:task_sign_many"),
            "unsigned": walk.UNSIGNED,
        },
    )


@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign for all picked tasks 批量签收; each on its own, so one refused stops no other."""
    ids = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()]
    own = list(
        UnitTask.objects.live().filter(pk__in=ids, unit_id__in=request.user.unit_ids()).values_list("pk", flat=True)
    )
    if not own:
        messages.warning(request, "还没有选。先在左边打勾，再点“批量签收”。")
        return redirect("proposals:tasks")
    result = assignment.sign_many(own, actor=request.user)
    if result.done:
        messages.success(request, f"已签收{len(result.done)}件。")
    for row, problem in result.refused:
        messages.error(request, f"{row}：{problem}")
    return redirect("proposals:tasks")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How the unit stands 本单位情况: figures that open their lists, and what is late."""
    today = timezone.localdate()
    units = request.user.unit_ids()
    rows = UnitTask.objects.live().filter(unit_id__in=units)
    year = rows.aggregate(
        given=Count("pk"),
        sign=Count("pk", Q(status__in=STATES["sign"][1])),
        working=Count("pk", Q(status__in=STATES["working"][1])),
        submitted=Count("pk", Q(status="submitted")),
        done=Count("pk", Q(status="done")),
    )
    late = rows.filter(pk__in=_late_ids()).count()
    promises = selectors_unit.promises_for(request.user).filter(reply__task__unit_id__in=units)
    kept = promises.running().aggregate(open=Count("pk"), over=Count("pk", Q(due_on__lt=today)))
    base, ledger = reverse("proposals:tasks"), reverse("proposals:promises")
    figures = [
        {"value": year["given"], "unit": "件", "name": "承办", "url": base},
        {"value": year["sign"], "unit": "件", "name": "待签收", "url": f"{base}?state=sign"},
        {"value": year["working"], "unit": "件", "name": "办理中", "url": f"{base}?state=working"},
        {"value": year["submitted"], "unit": "件", "name": "已报送", "url": f"{base}?state=submitted"},
        {"value": year["done"], "unit": "件", "name": "已完成", "url": f"{base}?state=done"},
        {"value": late, "unit": "件", "name": "已超期", "url": f"{base}?late=1"},
    ]
    promise_figures = [
        {"value": kept["open"], "unit": "条", "name": "没到兑现的承诺", "url": f"{ledger}?state=open"},
        {"value": kept["over"], "unit": "条", "name": "过期没兑现", "url": f"{ledger}?state=over"},
    ]
    return render(request, "proposals/task_overview.html", {"figures": figures, "promise_figures": promise_figures})


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: the one next act, the steps, and the form that does it."""
    return show(request, selectors_unit.get_task(request.user, pk))


def show(
    request: HttpRequest, row: UnitTask, *, reply_form=None, contact_form=None, opinion_form=None, conflict=None
) -> HttpResponse:
    """Draw the page of a task; a form that was refused comes back with what was typed."""
    user = request.user
    case = selectors_unit.task_case(row)
    now = walk.now(case, user)
    works = row.unit_id in user.unit_ids()
    editing = works and row.replies and now.act in ("draft", "contact", "approve", "") and replies.is_editable(case)
    missing = selectors_unit.lacks(case) if row.replies else []
    refused = any(form is not None for form in (reply_form, contact_form, opinion_form))
    if editing and reply_form is None and case.reply is not None:
        reply_form = replies.blank_form(case)
    return render(
        request,
        "proposals/task_page.html",
        {
            "case": case,
            "task": row,
            "proposal": row.proposal,
            "now": now,
            "now_due": case.due(*DUE_OF.get(now.act, ("reply", "opinion", "contact", "receipt"))),
            "steps": walk.steps(case),
            "works": works,
            "editing": editing,
            "form": reply_form,
            "conflict": conflict,
            "lacks": missing,
            "contact_form": contact_form or ContactForm(initial={"held_on": timezone.localdate()}),
            "contact_open": contact_form is not None,
            "opinion_form": opinion_form or OpinionForm(),
            "verbs": {verb.verb for verb in workflow.allowed(row, user)},
            "helpers": selectors_unit.helpers(),
            "transfer_until": terms.transfer_until(row),
            "latest_extension": terms.latest_extension(row) if row.replies else None,
            "task_list_url": reverse("proposals:tasks"),
        },
        status=422 if refused else 200,
    )


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for one task 签收."""
    row = selectors_unit.get_task(request.user, pk)
    attempt(
        request,
        lambda: assignment.sign_receipt(row, actor=request.user),
        "已签收。接下来请与委员沟通。" if row.replies else "已签收。接下来请提交会办意见。",
    )
    return redirect("proposals:task", pk)


def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a contact with a proposer 面商."""
    row = selectors_unit.get_task(request.user, pk)
    if request.method != "POST":
        return redirect(f"{reverse('proposals:task', args=[pk])}#contact")
    form = ContactForm(request.POST)
    if form.is_valid() and attempt(
        request, lambda: replying.add_contact(row, actor=request.user, **form.cleaned_data), "沟通记下了。", form
    ):
        return redirect("proposals:task", pk)
    return show(request, row, contact_form=form)


def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the support unit's opinion 会办意见 to the lead unit."""
    row = selectors_unit.get_task(request.user, pk)
    if request.method != "POST":
        return redirect(f"{reverse('proposals:task', args=[pk])}#opinion")
    form = OpinionForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: replying.give_opinion(row, actor=request.user, opinion=form.cleaned_data["opinion"]),
        "会办意见已交给主办单位。",
        form,
    ):
        return redirect("proposals:task", pk)
    return show(request, row, opinion_form=form)


def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that another unit handles the case 申请改办."""
    row = selectors_unit.get_task(request.user, pk)
    form = TransferForm(request.POST or None, unit=row.unit)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            request,
            lambda: assignment.request_transfer(
                row, actor=request.user, reason=data["reason"], suggested=data["suggested"]
            ),
            "改办申请已送督查室，决定以前不用办理。",
            form,
        ):
            return redirect("proposals:task", pk)
    return _request_page(request, row, form, "申请改办", "transfer", "送督查室")


def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later due day 申请延期."""
    row = selectors_unit.get_task(request.user, pk)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            request,
            lambda: assignment.request_extension(row, actor=request.user, until=data["until"], reason=data["reason"]),
            "延期申请已送督查室；批复以前原期限不变。",
            form,
        ):
            return redirect("proposals:task", pk)
    return _request_page(request, row, form, "申请延期", "extension_decision", "送督查室")


def _request_page(request: HttpRequest, row: UnitTask, form, heading: str, kind: str, label: str) -> HttpResponse:
    """A request of the unit beside the deadlines that it touches."""
    is_transfer = kind == "transfer"
    deadlines = list(Deadline.objects.of(row).open())
    return render(
        request,
        "proposals/task_request.html",
        {
            "task": row,
            "proposal": row.proposal,
            "form": form,
            "heading": heading,
            "label": label,
            "deadlines": deadlines,
            "until": terms.transfer_until(row) if is_transfer else terms.latest_extension(row),
            "is_transfer": is_transfer,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _late_ids():
    """Tasks with an open deadline that has passed."""
    late = Deadline.objects.open().filter(subject_type="proposals.unittask", due__lt=timezone.localdate())
    return late.values("subject_id")


def _next_dues(rows: list[UnitTask]) -> dict[int, Deadline]:
    """The earliest open deadline of each task; one query."""
    found: dict[int, Deadline] = {}
    wanted = Deadline.objects.open().filter(subject_type="proposals.unittask", subject_id__in=[row.pk for row in rows])
    for deadline in wanted.order_by("-due"):
        found[deadline.subject_id] = deadline
    return found
