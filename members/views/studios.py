"""Studios 委员工作室 in the workspace: the list, a studio's page, its facts, five requisites and ledgers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Subquery
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import attachments, audit, qr, spreadsheets
from core.acting import ask_first, attempt
from members import selectors
from members.matters.access import SEES_ALL
from members.models import Member, Studio, StudioRecord
from members.services import releasing, studios
from members.studios import selectors as read
from members.studios.forms import FactsForm, ReasonForm, RecordForm, RequisitesForm, StudioFilter

LATELY = 5


def studio_of(request: HttpRequest, pk: int, permission: str = "") -> Studio:
    """A studio that the person may see, or manage where a permission is named; else 404."""
    studio = get_object_or_404(Studio.objects.select_related("convener", "sector"), pk=pk)
    if permission and not request.user.has_perm(permission, studio):
        raise PermissionDenied
    return studio


def form_page(request: HttpRequest, form, *, studio: Studio | None, label: str, back: str, **more: Any) -> HttpResponse:
    """The page of one form about a studio."""
    context = {"form": form, "studio": studio, "label": label, "back": back, **more}
    return render(request, "members/studio_form.html", context)


@require_safe
def studio_list(request: HttpRequest) -> HttpResponse:
    """All studios: place, convener, members, rule and next reception day."""
    form = StudioFilter(request.GET, townships=read.townships(), sectors=read.sectors())
    found = read.studios(today=timezone.localdate(), **form.chosen())
    keeps = request.user.has_perm("members.keep_studios")
    if keeps:
        # Told with the rows, in the same query.
        nowhere = Member.objects.filter(is_active=True, studio=None).order_by().values("is_active")
        found = found.annotate(unplaced=Subquery(nowhere.annotate(n=Count("pk")).values("n")))
    rows = list(found)
    context = {"rows": rows, "filters": form, "keeps": keeps, "unplaced": rows[0].unplaced if keeps and rows else 0}
    return render(request, "members/studio_list.html", context)


COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("工作室", 26, lambda row: row.name),
    ("类型", 8, lambda row: row.get_scope_display()),
    ("界别", 14, lambda row: str(row.sector or "")),
    ("召集人", 10, lambda row: str(row.convener or "")),
    ("镇（街道）", 14, lambda row: row.area),
    ("地点", 20, lambda row: row.place),
    ("详细地址", 36, lambda row: row.address),
    ("电话", 16, lambda row: row.phone),
    ("联络员", 10, lambda row: row.liaison_name),
    ("成员人数", 8, lambda row: row.size),
    ("成立日期", 12, lambda row: row.founded_on),
    ("接待日", 24, lambda row: row.reception_rule),
    ("下一次接待", 12, lambda row: row.next_on),
    ("理念", 30, lambda row: row.motto),
)


@require_safe
def studio_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The studios of the filter as a spreadsheet; the liaison's number stays out."""
    if not request.user.has_perm("members.keep_studios"):
        raise PermissionDenied
    form = StudioFilter(request.GET, townships=read.townships(), sectors=read.sectors())
    file, count = spreadsheets.write("委员工作室", COLUMNS, read.studios(today=timezone.localdate(), **form.chosen()))
    audit.record(verb="studio.export", summary=f"导出委员工作室{count}家", actor=request.user)
    return sheet(file, "委员工作室")


def sheet(file: Any, name: str) -> FileResponse:
    """A spreadsheet to be saved, named with to-day's date."""
    name = f"{name}_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.CONTENT_TYPE)


@require_safe
def studio_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One studio: facts, members, next reception days, five requisites, ledgers, the figures of the year."""
    studio, user = studio_of(request, pk), request.user
    year = timezone.localdate().year
    manages = user.has_perm("members.manage_studio", studio)
    figures = read.year_of(studio, year)
    this_year = f"since={year}-01-01&until={year}-12-31"
    context = {
        "studio": studio,
        "people": read.people(studio, year),
        "coming": read.coming(studio, count=4),
        "requisites": read.requisites(studio),
        "figures": figures,
        "counted": [
            (figures.matters, "群众说的事", this_year),
            (figures.done, "有结果", f"status=done&{this_year}"),
            (figures.ahead, "在办", f"status=ahead&{this_year}"),
        ],
        "lists_matters": user.has_perm("members.list_matters") and (manages or user.has_role(*SEES_ALL)),
        "manages": manages,
        "reads": user.has_perm("members.read_ledgers", studio),
        "liaison_phone": selectors.mask_phone(studio.liaison_phone),
        "ledgers": read.ledger_counts(studio),
        "lately": list(read.records(studio)[:LATELY]),
    }
    return render(request, "members/studio_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def studio_new(request: HttpRequest) -> HttpResponse:
    """Set a studio up."""
    if not request.user.has_perm("members.keep_studios"):
        raise PermissionDenied
    form = FactsForm(request.POST or None, allowed=studios.facts_for(request.user), instance=Studio())
    if request.method == "POST" and form.is_valid():
        made = []
        if attempt(
            request,
            lambda: made.append(studios.open_studio(actor=request.user, **form.cleaned_data)),
            "工作室已设立。",
            form,
        ):
            return redirect("members:studio", made[0].pk)
    return form_page(request, form, studio=None, label="设立工作室", back=reverse("members:studios"))


@require_http_methods(["GET", "HEAD", "POST"])
def studio_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a studio's facts."""
    studio = studio_of(request, pk, "members.manage_studio")
    form = FactsForm(request.POST or None, allowed=studios.facts_for(request.user), instance=Studio.objects.get(pk=pk))
    back = reverse("members:studio", args=[pk])
    if request.method == "POST" and form.is_valid():
        act = lambda: studios.change_facts(studio, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, "资料已改好。", form):
            return redirect(back)
    return form_page(request, form, studio=studio, label="改资料", back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def studio_requisites(request: HttpRequest, pk: int) -> HttpResponse:
    """Go through the five requisites."""
    studio = studio_of(request, pk, "members.manage_studio")
    form = RequisitesForm(request.POST or None, rows=read.requisites(studio))
    back = reverse("members:studio", args=[pk]) + "#requisites"
    if request.method == "POST" and form.is_valid():
        act = lambda: studios.check_requisites(studio, actor=request.user, found=form.found())  # noqa: E731
        if attempt(request, act, "五有已核对。", form):
            return redirect(back)
    return form_page(request, form, studio=studio, label="核对五有", back=back)


# --- Ledgers --------------------------------------------------------------------------------------


@require_safe
def studio_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """A studio's ledger entries, one ledger or all."""
    studio = studio_of(request, pk, "members.read_ledgers")
    ledger = request.GET.get("ledger", "")
    page = selectors.page_of(read.records(studio, ledger), request.GET, size=50)
    context = {
        "studio": studio, "rows": page.rows, "page": page, "ledger": ledger, "ledgers": read.ledger_counts(studio),
        "manages": request.user.has_perm("members.manage_studio", studio),
    }  # fmt: skip
    return render(request, "members/studio_ledger.html", context)


def _record_of(request: HttpRequest, pk: int, permission: str) -> StudioRecord:
    record = get_object_or_404(StudioRecord.objects.select_related("studio", "made_by"), pk=pk, removed_at=None)
    if not request.user.has_perm(permission, record.studio):
        raise PermissionDenied
    return record


@require_safe
def record_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its files."""
    record = _record_of(request, pk, "members.read_ledgers")
    files = list(attachments.files_of(record))
    context = {
        "record": record, "studio": record.studio, "files": files, "pictures": releasing.PICTURES,
        "may_release": request.user.has_perm(releasing.RELEASE),
        "public": set(releasing.released().filter(file__in=files).values_list("file_id", flat=True)),
        "manages": request.user.has_perm("members.manage_studio", record.studio),
    }  # fmt: skip
    return render(request, "members/studio_record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an entry."""
    studio = studio_of(request, pk, "members.manage_studio")
    initial = {"on": timezone.localdate(), "ledger": request.GET.get("ledger", "")}
    form = RecordForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = []
        act = lambda: made.append(studios.add_record(studio, actor=request.user, **form.cleaned_data))  # noqa: E731
        if attempt(request, act, "台账已登记。", form):
            return redirect("members:studio_record", made[0].pk)
    back = reverse("members:studio_ledger", args=[pk])
    return form_page(request, form, studio=studio, label="登记台账", back=back, has_files=True)


@require_http_methods(["GET", "HEAD", "POST"])
def record_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an entry; the log keeps what stood there."""
    record = _record_of(request, pk, "members.manage_studio")
    initial = {"ledger": record.ledger, "on": record.on, "title": record.title, "text": record.text}
    form = RecordForm(request.POST or None, request.FILES or None, initial=initial)
    back = reverse("members:studio_record", args=[pk])
    if request.method == "POST" and form.is_valid():
        act = lambda: studios.change_record(record, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, "台账已改好，原来的内容留在操作记录里。", form):
            return redirect(back)
    return form_page(request, form, studio=record.studio, label="改台账", back=back, has_files=True)


@require_http_methods(["GET", "HEAD", "POST"])
def record_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry off."""
    record = _record_of(request, pk, "members.manage_studio")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: studios.remove_record(record, actor=request.user, **form.cleaned_data)  # noqa: E731
        if attempt(request, act, "这一条已从台账删去。", form):
            return redirect("members:studio_ledger", record.studio_id)
    note = f"《{record.title}》不再显示，也不再计入考核；原来的内容留在操作记录里。"
    back = reverse("members:studio_record", args=[pk])
    return form_page(request, form, studio=record.studio, label="删去台账", back=back, note=note)


@require_POST
def record_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off an entry."""
    record = _record_of(request, pk, "members.manage_studio")
    back = reverse("members:studio_record", args=[pk])
    asked = ask_first(
        request,
        question="删去这个附件？",
        consequence="文件不再显示，操作记录里留有它的校验值。",
        label="删去附件",
        back_url=back,
    )
    if asked:
        return asked
    act = lambda: studios.remove_file(record, uuid=request.POST.get("file"), actor=request.user)  # noqa: E731
    attempt(request, act, "附件已删去。")
    return redirect(back)


# --- For the door ---------------------------------------------------------------------------------


@require_safe
def studio_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet A4 for the door: who we are, when we receive, a code that leads to the booking page."""
    studio = studio_of(request, pk)
    address = request.build_absolute_uri(reverse("portal:studio", args=[pk]))
    context = {
        "studio": studio, "address": address, "coming": read.coming(studio, count=4),
        "code": qr.svg(address, title=f"扫码预约{studio.name}接待日", scale=8),
    }  # fmt: skip
    return render(request, "members/studio_poster.html", context)
