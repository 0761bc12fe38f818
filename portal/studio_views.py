"""Studios on the portal 委员工作室: who sits when, free times, what became of what residents said."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import calendar_feed, qr
from core.views.calendar_feed import as_file
from members import selectors
from members.matters.privacy import public_result
from members.models import Matter, Studio
from members.services import releasing
from members.studios import selectors as read
from members.studios.feed import event
from members.studios.forms import StudioFilter

SHOWN_DAYS = 4
SHOWN_MATTERS = 5
SHOWN_PHOTOS = 6
MATTERS_A_PAGE = 20
ROUTES = {
    Matter.Route.ON_SPOT: "当场答复", Matter.Route.TO_PROPOSAL: "写成提案", Matter.Route.TO_OPINION: "写成社情民意",
    Matter.Route.TO_MICRO: "开微协商", Matter.Route.REFERRED: "告知去处",
}  # fmt: skip


def open_studio(pk: int) -> Studio:
    """A studio in use, or 404."""
    return get_object_or_404(Studio.objects.select_related("convener", "sector"), pk=pk, is_active=True)


@login_not_required
@require_safe
def studio_list(request: HttpRequest) -> HttpResponse:
    """Studios with their next reception day, by township, type and sector."""
    form = StudioFilter(request.GET, townships=read.townships(), sectors=read.sectors())
    rows = list(read.studios(today=timezone.localdate(), **form.chosen()))
    return render(request, "portal/studio_list.html", {"rows": rows, "form": form})


@login_not_required
@require_safe
def studio_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One studio: the rota, the times of the chosen day, the year in figures, matters told, its members."""
    studio = open_studio(pk)
    days = read.coming(studio, count=SHOWN_DAYS)
    asked = request.GET.get("day", "")
    bookable = [row for row in days if row.can_book]
    chosen = next((row for row in bookable if str(row.day.pk) == asked), bookable[0] if bookable else None)
    year = timezone.localdate().year
    told = read.told_matters(studio)
    context = {
        "studio": studio,
        "days": days,
        "chosen": chosen,
        "figures": read.year_of(studio, year),
        "matters": told_rows(told[:SHOWN_MATTERS]),
        "told_count": told.count(),
        "photos": releasing.released().filter(studio=studio)[:SHOWN_PHOTOS],
        "people": read.people(studio, year),
    }
    return render(request, "portal/studio_item.html", context)


def told_rows(matters) -> list[dict[str, object]]:
    """Matters in words that name nobody: when, which kind, which way, the result."""
    return [
        {
            "on": matter.received_on,
            "about": matter.category or "来访反映的事",
            "way": f"转{matter.unit}" if matter.unit_id else ROUTES.get(matter.route, ""),
            "referred": matter.route == Matter.Route.REFERRED,
            "result": public_result(matter),
        }
        for matter in matters
    ]


@login_not_required
@require_safe
def studio_matters(request: HttpRequest, pk: int) -> HttpResponse:
    """All matters of a studio whose result the public may read."""
    studio = open_studio(pk)
    page = selectors.page_of(read.told_matters(studio), request.GET, size=MATTERS_A_PAGE)
    page.rows[:] = told_rows(page.rows)
    return render(request, "portal/studio_matters.html", {"studio": studio, "page": page, "rows": page.rows})


@login_not_required
@require_safe
def studio_rota(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's announced days, moved and cancelled ones with their reason."""
    studio, asked = open_studio(pk), request.GET.get("year", "")
    this_year = timezone.localdate().year
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= this_year + 1 else this_year
    days = read.year_rota(studio, year, public=True)
    context = {"studio": studio, "year": year, "days": days, "today": timezone.localdate()}
    return render(request, "portal/studio_rota.html", context)


@login_not_required
@require_safe
def studio_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio's announced days for anybody's calendar program."""
    studio, today = open_studio(pk), timezone.localdate()
    days = read.with_people(studio.reception_days.filter(announced_at__isnull=False)).prefetch_related("hosts")
    span = (today - calendar_feed.BACK, today + calendar_feed.AHEAD)
    url = reverse("portal:studio", args=[pk])
    events = [event(day, url=url) for day in days.filter(on__range=span).order_by("on")]
    base = request.build_absolute_uri("/")[:-1]
    return as_file(calendar_feed.render(f"{studio.name}接待日", events, base=base), "reception-days")


@login_not_required
@require_safe
def studio_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code that leads to the studio's page, as a picture."""
    studio = open_studio(pk)
    address = request.build_absolute_uri(reverse("portal:studio", args=[pk]))
    picture = qr.svg(address, title=f"扫码看{studio.name}", scale=8)
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
