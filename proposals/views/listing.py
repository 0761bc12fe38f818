"""The list of proposals 全部提案: filtered by its address, paged by keyset, exported as filtered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import badges, exporting, paging
from proposals.choices import load_choices
from proposals.filters import SORTS, ProposalFilter
from proposals.models import Proposal
from proposals.rows import COLUMNS, list_rows
from proposals.services import excellence, feedback
from proposals.services.common import run_batch
from proposals.views.acting import ask_first

PAGE = 30
MOST_PICKED = 300
BATCH_PAGES = {
    "recommend": ("proposals.review", "成批初审", "proposals:review_batch", {"step": "recommend"}),
    "decide": ("proposals.review", "成批复审", "proposals:review_batch", {"step": "decide"}),
    "assign": ("proposals.assign", "交办", "proposals:handover", {}),
}
ARCHIVE, EXCELLENT = "archive", "mark_excellent"
SORTABLE = (("number", "案号"), ("due", "期限"))


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """The proposals that this person may read, by the conditions in the address."""
    choices = load_choices()
    filters = ProposalFilter(request.GET, choices=choices)
    rows = filters.apply(Proposal.objects.visible_to(request.user), request.user)
    if request.GET.get("format") == "xlsx":
        return exporting.answer(request, "proposals")
    cap = paging.FOUND if request.GET.get("q") else paging.CAP
    page = paging.turn(
        rows.values_list(*COLUMNS, named=True), request.GET, filters.order, size=PAGE, cap=cap,
        keep=lambda count: badges.total(request.user.pk, filters.conditions, count, cap),
    )  # fmt: skip
    page.rows = list_rows(page.rows)
    chips = filters.chips(request.GET)
    may_write = request.user.has_perm("proposals.add_proposal")
    context = {
        "rows": page.rows,
        "page": page,
        "filters": filters,
        "active_filters": chips,
        "clear_url": reverse("proposals:list"),
        "columns": _columns(request, filters.sort),
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?"),
        "batch_actions": [
            (verb, label)
            for verb, (permission, label, _, _) in BATCH_PAGES.items()
            if request.user.has_perm(permission)
        ]
        + ([(ARCHIVE, "归档")] if request.user.has_perm("proposals.archive") else [])
        + ([(EXCELLENT, "评为优秀提案")] if request.user.has_perm("proposals.mark_excellent") else []),
        "batch_url": reverse("proposals:batch"),
        "may_write": may_write,
        "on_behalf": request.user.has_perm("proposals.review"),
        **_empty(chips, may_write),
    }
    return render(request, "proposals/proposal_list.html", context)


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Take the picked rows to the page on which the chosen act is done to all of them."""
    ids = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()][:MOST_PICKED]
    verb = request.POST.get("verb", "")
    if verb == ARCHIVE and ids:
        return _archive(request, ids)
    if verb == EXCELLENT and ids:
        return _name_excellent(request, ids)
    if verb not in BATCH_PAGES and verb not in (ARCHIVE, EXCELLENT):
        messages.error(request, "没有这个成批的办法，请从清单上方的按钮里选。")
        return redirect("proposals:list")
    if not ids:
        messages.warning(request, "还没有选提案。在每行左边打勾，再点上方的按钮。")
        return redirect("proposals:list")
    _, _, name, extra = BATCH_PAGES[verb]
    query = "&".join([f"ids={','.join(ids)}", *(f"{key}={value}" for key, value in extra.items())])
    return redirect(f"{reverse(name)}?{query}")


def _archive(request: HttpRequest, ids: list[str]) -> HttpResponse:
    """Put the picked closed cases away, each on its own; what cannot be is named with the reason."""
    if not request.user.has_perm("proposals.archive"):
        raise PermissionDenied
    back = f"{reverse('proposals:list')}?state=closed"
    if page := ask_first(
        request,
        question=f"归档选中的{len(ids)}件提案？",
        consequence="归档后不再改动。还不能归档的会留下来，并说明原因。",
        label="归档",
        back_url=back,
    ):
        return page
    return _each(request, ids, lambda row: feedback.archive(row, actor=request.user), "归档", back)


def _name_excellent(request: HttpRequest, ids: list[str]) -> HttpResponse:
    """Name the picked answered cases excellent proposals as of today; what cannot be is named with the reason."""
    if not request.user.has_perm("proposals.mark_excellent"):
        raise PermissionDenied
    if page := ask_first(
        request,
        question=f"把选中的{len(ids)}件评为优秀提案？",
        consequence="评定日期记今天，计入提案者的履职档案；评定日期不是今天的，请到提案页上评。评错了可以在提案页上撤销。",
        label="评为优秀提案",
        back_url=reverse("proposals:list"),
    ):
        return page
    back = f"{reverse('proposals:list')}?excellent=1"
    return _each(request, ids, lambda row: excellence.mark_excellent(row, actor=request.user), "评为优秀提案", back)


def _each(request: HttpRequest, ids: list[str], act, words: str, back: str) -> HttpResponse:
    """Do ``act`` to each picked row, say what became of them, go to ``back``."""
    rows = Proposal.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk")
    result = run_batch(rows, act)
    if result.done:
        messages.success(request, f"已{words}{len(result.done)}件。")
    for row, reason in result.refused[:10]:
        messages.warning(request, f"{row.case_no or row.intake_no}没有{words}：{reason}")
    if len(result.refused) > 10:
        messages.warning(request, f"另有{len(result.refused) - 10}件没有{words}。")
    return redirect(back)


def _columns(request: HttpRequest, sort: str) -> dict[str, dict[str, str]]:
    """Per sortable column: its address for the next order, and how it is sorted now."""
    found = {}
    for code, label in SORTABLE:
        now = {"ascending": code, "descending": f"-{code}"}
        state = next((name for name, value in now.items() if value == sort), "")
        wanted = f"-{code}" if sort == code else code
        rest = paging.without(request.GET, "sort")
        url = f"{rest}&sort={wanted}".replace("?&", "?")
        found[code] = {"label": label, "url": url, "state": state, "words": SORTS[wanted][0]}
    return found


def _empty(chips: list, may_write: bool) -> dict:
    """What an empty list says: why, and how to go on."""
    if not chips:
        links = [("写提案", reverse("proposals:new"))] if may_write else []
        return {
            "empty_title": "这里还没有提案",
            "empty_text": "您能看的提案会列在这里：写好的、交给您审查或承办的、已经立案的。",
            "empty_links": links,
        }
    words = "、".join(f"{name} {value}" for name, value, _ in chips)
    name, value, url = chips[-1]
    return {
        "empty_title": "没有符合的提案",
        "empty_text": f"条件是“{words}”，一件也没有。",
        "empty_links": [(f"去掉“{name} {value}”", url), ("全部条件去掉", reverse("proposals:list"))],
    }
