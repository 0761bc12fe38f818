"""The leadership page: every number opens a list with just that many rows; only leaders see it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import RoleGrant, User
from proposals import bulk, statistics
from proposals.models import Proposal

pytestmark = pytest.mark.django_db
NUMBER_LINK = re.compile(r'<a[^>]*href="(/proposals/\?[^"]+)"[^>]*>\s*(?:<b>|<span class="figure-num">)?([\d,]+)<')


def person(client, role):
    """A signed-in person with one role."""
    user = User.objects.create(username=role, name=role)
    RoleGrant.objects.create(user=user, role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def world():
    """Two hundred cases of several years in all states, some overdue."""
    bulk.seed(200, key=7, today=timezone.localdate())


@pytest.mark.parametrize("years_back", [0, 1])
@pytest.mark.parametrize(
    "role", ["leader", "district_leader", "proposal_clerk", "proposal_chief", "inspection", "committee"]
)
def test_every_number_opens_just_that_many_rows(client, world, role, years_back):
    person(client, role)
    year = timezone.localdate().year - years_back
    page = client.get(reverse("dashboards:leadership"), {"year": year}).content.decode()
    links = {(url.replace("&amp;", "&"), int(text.replace(",", ""))) for url, text in NUMBER_LINK.findall(page)}
    assert len(links) > 40
    wrong = {}
    for url, number in links:
        total = client.get(url).context["page"].total
        if total != number:
            wrong[url] = (number, total)
    assert wrong == {}


def test_figures_count_only_what_the_person_may_see(client, world):
    person(client, "district_leader")
    context = client.get(reverse("dashboards:leadership")).context
    year = timezone.localdate().year
    seen = {step.code: step.now.value for step in context["steps"]}
    filed = Proposal.objects.filter(year=year, number__isnull=False).count()
    everything = Proposal.objects.filter(year=year).count()
    assert seen["received"] == filed < everything


@pytest.mark.parametrize("role", ["member", "unit_leader", "sysadmin", "auditor", "supervisor"])
def test_others_are_refused(client, role):
    user = User.objects.create(username=role, name=role)
    if role != "unit_leader":
        RoleGrant.objects.create(user=user, role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("dashboards:leadership")).status_code in (403, 404)


def test_queries_stay_the_same_with_more_cases(client, world, django_assert_max_num_queries):
    person(client, "leader")
    with django_assert_max_num_queries(14):
        client.get(reverse("dashboards:leadership"))
    bulk.seed(200, key=8, today=timezone.localdate())
    with django_assert_max_num_queries(14):
        client.get(reverse("dashboards:leadership"))


def test_each_line_stands_beside_the_year_before(client, world):
    person(client, "leader")
    context = client.get(reverse("dashboards:leadership")).context
    year, day = timezone.localdate().year, statistics.year_before(timezone.localdate())
    before = Proposal.objects.filter(year=year - 1).in_stage("assigned")
    for code, _, groups in context["tables"]:
        column = {"unit": "lead_unit", "category": "category", "sector": "sector"}[code]
        for group in groups:
            own = before.filter(**{column: group.pk})
            assert group.assigned_before.value == own.filter(assigned_on__lte=day).count()
            closed = own.filter(closed_on__isnull=False).count()
            assert group.close_rate.before == statistics.percent(closed, own.count())
    assert sum(group.assigned_before.value for group in context["tables"][0][2])


def test_satisfaction_leaves_silence_out():
    counts = {
        code: statistics.Counted(value, "")
        for code, value in (("satisfied", 6), ("basically", 2), ("unsatisfied", 2), ("no_response", 90))
    }
    assert statistics.satisfied_rate(counts) == 80.0


def test_overdue_of_a_past_day_counts_what_was_met_later(world):
    case = Proposal.objects.filter(next_due__isnull=False).first()
    from core.models import Deadline

    day = timezone.localdate()
    Deadline.objects.filter(root_id=case.pk).update(due=day - timedelta(days=10), met_on=day - timedelta(days=2))
    rows = Proposal.objects.filter(pk=case.pk)
    assert rows.overdue_on(day - timedelta(days=5)).count() == 1
    assert rows.overdue_on(day).count() == 0


def test_a_year_without_feedback_has_no_rate_but_a_page(client):
    person(client, "leader")
    page = client.get(reverse("dashboards:leadership"))
    assert page.status_code == 200
    assert "－" in page.content.decode()


def test_leaders_find_the_page_at_the_top_and_on_the_phone(client):
    user = person(client, "leader")
    page = client.get(reverse("home:index")).content.decode()
    url = reverse("dashboards:leadership")
    menu, bar = page.partition('class="bottombar"')[::2]
    assert menu.index(f'href="{url}"') < menu.index(f'href="{reverse("proposals:list")}"')
    assert "看板" in bar
    assert f'href="{url}"' in bar
    assert page.count('class="nav-link" href="' + url) == 1
    assert user.has_perm("proposals.see_figures")
