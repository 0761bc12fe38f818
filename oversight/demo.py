"""The demo world of oversight 演示派驻: whoever was dispatched by the papers of 2022 serves the present term too."""

from datetime import date, timedelta

from core.errors import Refusal
from members.models import User
from oversight import services
from oversight.models import HostUnit, Supervisor

FIRST, YEARS = date(2022, 5, 1), 2
EVERY_NTH_WAITS = 7
"""One unit in so many has nobody yet, so that the gap is seen."""


def seed(today: date) -> None:
    """Dispatch for the two years in which today lies; nothing where somebody serves already."""
    liaison = User.objects.get(username="liaison")
    starts = FIRST
    while starts.replace(year=starts.year + YEARS) <= today:
        starts = starts.replace(year=starts.year + YEARS)
    if starts == FIRST or Supervisor.objects.filter(starts__gte=starts).exists():
        return
    ends = starts.replace(year=starts.year + YEARS) - timedelta(1)
    for number, unit in enumerate(HostUnit.objects.filter(is_active=True).order_by("order"), 1):
        if number % EVERY_NTH_WAITS == 0:
            continue
        for row in unit.supervisors.select_related("member").order_by("id"):
            try:
                services.dispatch(unit, member=row.member, starts=starts, ends=ends, actor=liaison)
            except Refusal:
                continue
