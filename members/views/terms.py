"""Terms and sessions 届次管理: register a session, correct its days, say which is the present one; 换届 with a preview."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.acting import attempt
from core.errors import Refusal
from members.models import Session, Term
from members.people.forms_terms import NewSessionForm, SessionForm, TermForm, next_session, next_term, session_initial
from members.services import terms as service
from members.services import turnover


def _allowed(request: HttpRequest) -> None:
    if not request.user.has_perm("members.manage_terms"):
        raise PermissionDenied


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """All terms with their sessions, the newest first."""
    _allowed(request)
    terms = list(Term.objects.prefetch_related("sessions"))
    return render(request, "members/term_list.html", {"terms": terms})


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    """Register a session of the present term."""
    _allowed(request)
    term = Term.objects.filter(is_current=True).first()
    if term is None:
        messages.warning(request, "还没有登记本届，请先登记。")
        return redirect("members:term_new")
    form = NewSessionForm(request.POST or None, initial=next_session(term))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> None:
            session = service.open_session(
                actor=request.user, term=term, number=data["number"], name=data["name"], days=form.days()
            )
            if data["current"]:
                service.make_current(session, actor=request.user)

        if attempt(request, act, f"{data['name']}已登记。", form):
            return redirect("members:terms")
    context = {"form": form, "title": f"登记{term.name}的会议", "label": "登记"}
    return render(request, "members/term_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a session's name and days."""
    _allowed(request)
    session = get_object_or_404(Session.objects.select_related("term"), pk=pk)
    form = SessionForm(request.POST or None, initial=session_initial(session))
    if request.method == "POST" and form.is_valid():
        name, done = form.cleaned_data["name"], "已存好。以前提交的提案是大会还是平时，不跟着变。"
        if attempt(
            request, lambda: service.change_session(session, actor=request.user, name=name, days=form.days()), done, form
        ):  # fmt: skip
            return redirect("members:terms")
    context = {"form": form, "title": session.name, "label": "保存"}
    return render(request, "members/term_form.html", context, status=422 if form.errors else 200)


@require_POST
def session_current(request: HttpRequest, pk: int) -> HttpResponse:
    """Let new proposals belong to this session."""
    _allowed(request)
    session = get_object_or_404(Session, pk=pk)
    attempt(
        request, lambda: service.make_current(session, actor=request.user),
        f"现在的届次是{session.name}；新写的提案归这一次会议，已经写的不变。",
    )  # fmt: skip
    return redirect("members:terms")


@require_http_methods(["GET", "HEAD", "POST"])
def term_new(request: HttpRequest) -> HttpResponse:
    """Change of term 换届: choose who goes on, look at the counts, then confirm."""
    _allowed(request)
    current = Term.objects.filter(is_current=True).first()
    form = TermForm(request.POST or None, initial=next_term(current, timezone.localdate()))
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        context = {"form": form, "current": current}
        return render(request, "members/term_new.html", context, status=422 if form.errors else 200)
    plan = turnover.turnover(form.ids())
    if "confirm" not in request.POST:
        context = {"form": form, "plan": plan, "current": current, "expected": len(plan.staying) + len(plan.leaving)}
        return render(request, "members/term_preview.html", context)
    return _begin(request, form, current)


def _begin(request: HttpRequest, form: TermForm, current: Term | None) -> HttpResponse:
    data = form.cleaned_data
    try:
        term = turnover.open_term(
            actor=request.user, number=data["number"], name=data["name"], starts=data["starts"], staying=form.ids(),
            decision=data["decision"], expected=data["expected"] or 0,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(request, "members/term_new.html", {"form": form, "current": current}, status=422)
    messages.success(
        request, f"已换届到{term.name}。请接着登记{term.name}的第一次会议；新一届的委员可以导入名册或逐个增补。"
    )
    return redirect("members:terms")
