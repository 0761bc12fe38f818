"""The members' directory 委员名录, a member's page, his photograph and his number; export and print list."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import audit, paging, spreadsheets
from core.acting import attempt
from core.errors import Refusal
from members.models import Member, User
from members.people import export as people_export
from members.people import selectors as selectors_people
from members.people.filters import PeopleFilter, load_choices
from members.people.forms import ExportForm, PhotoForm, ReasonForm
from members.people.photos import photo_column, photos_of
from members.people.sections import sections
from members.selectors import SEES_PHONES, mask_phone, sees_phone
from members.services import people as service
from members.views.membership import PLACES

PAGE = 30
PRINTED = 1_000
TAKEN = {"print": "打印名单", "export": "导出选中"}


def _filtered(request: HttpRequest) -> PeopleFilter:
    return PeopleFilter(request.GET, choices=load_choices(), user=request.user)


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members by the conditions in the address; every number is masked."""
    filters = _filtered(request)
    rows = filters.apply(Member.objects.select_related("sector", "committee", "studio"))
    page = paging.turn(rows, request.GET, filters.order, size=PAGE)
    faces = photos_of(page.rows)
    for member in page.rows:
        member.face, member.shown_phone = faces.get(member.pk), mask_phone(member.phone)
    chips = filters.chips(request.GET)
    context = {
        "rows": page.rows, "page": page, "filters": filters, "unit_word": "人",
        "active_filters": chips, "clear_url": reverse("members:list"),
        "batch_actions": _batches(request.user), "batch_url": reverse("members:batch"),
        "export_link": f"{reverse('members:export')}{paging.without(request.GET)}",
        "print_link": f"{reverse('members:print')}{paging.without(request.GET)}",
        "may_co_opt": request.user.has_perm("members.manage_people"),
        "may_import": request.user.has_perm("members.import_rolls"),
        **_empty(chips),
    }  # fmt: skip
    return render(request, "members/member_list.html", context)


def _batches(user: User) -> list[tuple[str, str]]:
    """What may be done with picked members; nobody is offered boxes that lead nowhere."""
    if not user.has_role(*SEES_PHONES) and not user.has_perm("members.see_party"):
        return []
    return [*TAKEN.items(), *((verb, label) for verb, (label, right) in PLACES.items() if user.has_perm(right))]


def _empty(chips: list[tuple[str, str, str]]) -> dict[str, object]:
    if not chips:
        return {"empty_title": "名录里还没有委员", "empty_text": "导入委员名册以后，在任的委员会列在这里。"}
    words = "、".join(f"{name} {value}" for name, value, _ in chips)
    name, value, url = chips[-1]
    links = [(f"去掉“{name} {value}”", url), ("全部条件去掉", reverse("members:list"))]
    return {"empty_title": "没有符合的委员", "empty_text": f"条件是“{words}”，一个人也没有。", "empty_links": links}


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Take the picked members to the page on which the chosen act is done with all of them."""
    ids = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()][:300]
    verb = request.POST.get("verb", "")
    if verb not in dict(_batches(request.user)):
        raise PermissionDenied
    if not ids:
        messages.warning(request, "还没有选委员。在每行左边打勾，再点上方的按钮。")
        return redirect("members:list")
    query = urlencode({"ids": ",".join(ids)})
    address = reverse(f"members:{verb}") if verb in TAKEN else reverse("members:place", args=[verb])
    return redirect(f"{address}?{query}")


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Ask the offices what the export is for, then send exactly who is filtered."""
    filters = _filtered(request)
    rows = filters.apply(Member.objects.all()).order_by(*(paging.ordering(key) for key in filters.order))
    asks = request.user.has_role(*SEES_PHONES)
    form = ExportForm(request.POST or None) if asks else None
    if request.method == "POST" and (form is None or form.is_valid()):
        given = {"reason": form.words(), "full": form.cleaned_data["full"]} if form else {}
        try:
            file = people_export.write(rows, actor=request.user, query=request.GET.urlencode(), **given)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{reverse('members:list')}{paging.without(request.GET)}")
        name = f"委员名录_{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.CONTENT_TYPE)
    context = {
        "form": form, "count": rows.order_by().count(), "chips": filters.chips(request.GET),
        "back": f"{reverse('members:list')}{paging.without(request.GET)}",
    }  # fmt: skip
    return render(request, "members/member_export.html", context, status=422 if form and form.errors else 200)


@require_safe
def print_list(request: HttpRequest) -> HttpResponse:
    """A list of the filtered members to be printed; numbers masked."""
    filters = _filtered(request)
    rows = filters.apply(Member.objects.select_related("sector", "committee", "studio"))
    found = list(rows.order_by(*(paging.ordering(key) for key in filters.order))[: PRINTED + 1])
    for member in found:
        member.shown_phone = mask_phone(member.phone)
    audit.record(verb="member.print", summary=f"打印委员名单{min(len(found), PRINTED)}人", actor=request.user)
    context = {
        "rows": found[:PRINTED], "more": len(found) > PRINTED, "chips": filters.chips(request.GET),
        "back": f"{reverse('members:list')}{paging.without(request.GET)}",
    }  # fmt: skip
    return render(request, "members/member_print.html", context)


@require_safe
def member_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: facts, posts by date, and what of his work the reader may see."""
    return _item(request, _member(pk), ReasonForm())


@never_cache
@require_POST
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole number once, to those entitled, after they said why; the view is logged."""
    member = _member(pk)
    if not sees_phone(request.user, member):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _item(request, member, form, status=422)
    return _item(
        request, member, ReasonForm(), full=service.full_phone(member, actor=request.user, reason=form.words())
    )


def _member(pk: int) -> Member:
    rows = Member.objects.select_related("sector", "committee", "studio").annotate(face=photo_column())
    return get_object_or_404(rows, pk=pk)


def _item(request: HttpRequest, member: Member, form: ReasonForm, *, full: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    mine = selectors_people.own(user, member)
    context = {
        "member": member, "face": member.face, "mine": mine,
        "phone": full or (member.phone if mine else mask_phone(member.phone)),
        "phone_full": bool(full), "phone_form": form if member.phone and not full and not mine and sees_phone(user, member) else None,
        "personal": selectors_people.sees_personal(user, member),
        "held": selectors_people.posts_of(member),
        "party": selectors_people.party_of(user, member),
        "actions": selectors_people.actions_for(user, member),
        "sections": sections(user, member),
    }  # fmt: skip
    return render(request, "members/member_item.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put up, take down or release the photograph: the office, and the member himself."""
    member = _member(pk)
    if not service.keeps_photo(request.user, member):
        raise PermissionDenied
    verb = request.POST.get("verb", "put") if request.method == "POST" else ""
    form = PhotoForm(request.POST, request.FILES) if verb == "put" else PhotoForm()
    if verb == "put" and form.is_valid():
        upload = form.cleaned_data["photo"]
        if attempt(request, lambda: service.put_photo(member, upload, actor=request.user), "照片已换上。", form):
            return redirect("members:photo", pk=pk)
    elif verb == "drop":
        attempt(request, lambda: service.drop_photo(member, actor=request.user), "照片已撤下。")
        return redirect("members:photo", pk=pk)
    elif verb in ("release", "withhold"):
        released = verb == "release"
        done = "照片可以公开了。" if released else "照片不再公开。"
        attempt(request, lambda: service.release_photo(member, actor=request.user, released=released), done)
        return redirect("members:photo", pk=pk)
    context = {
        "member": member, "form": form, "face": photos_of([member]).get(pk),
        "may_release": request.user.has_perm("members.manage_people"),
    }  # fmt: skip
    return render(request, "members/member_photo.html", context, status=422 if form.errors else 200)
