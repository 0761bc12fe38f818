"""Pages of issues: in their order with their titles, found by year and state, distribution recorded and corrected."""

import pytest
from django.urls import reverse

from core.models import AuditEntry
from sentiment.services import aftermath, bulletins
from sentiment.views import bulletins as views
from tests.factories import HandlingUnitFactory

pytestmark = pytest.mark.django_db


def test_list_stands_by_number_with_titles_and_the_open_issue_in_front(client, house):
    made = [bulletins.publish(house.bulletin(title=f"第{n}篇"), actor=house.editor) for n in (1, 2)]
    bulletins.withdraw(made[0], actor=house.editor, reason="有误")
    draft = house.bulletin(title="还在编的")
    client.force_login(house.editor)
    answer = client.get(reverse("sentiment:bulletins"))
    assert [row.issue_no for row in answer.context["rows"]] == [2, 1, None]
    page = answer.content.decode()
    assert "第2篇" in page
    assert f'正在编排：<a class="text-link" href="{draft.get_absolute_url()}">' in page
    only = client.get(reverse("sentiment:bulletins"), {"state": "withdrawn", "year": made[0].year})
    assert [row.pk for row in only.context["rows"]] == [made[0].pk]
    client.force_login(house.leader)
    assert "还在编的" not in client.get(reverse("sentiment:bulletins")).content.decode()


def test_text_sent_to_several_units_is_counted_once(client, house):
    report = house.issued()
    units = [house.unit, HandlingUnitFactory(), HandlingUnitFactory()]
    aftermath.forward(report, units, actor=house.editor)
    aftermath.answer(report.forwards.get(unit=house.unit), actor=house.operator, text="已办")
    client.force_login(house.editor)
    (row,) = client.get(reverse("sentiment:bulletins")).context["rows"]
    assert (row.size, row.forwarded, row.answered) == (1, 1, 1)


def test_pages_of_the_list_hold_each_issue_once(client, house):
    for _ in range(3):
        bulletins.publish(house.bulletin(), actor=house.editor)
    house.bulletin()
    seen, url = [], reverse("sentiment:bulletins")
    client.force_login(house.editor)
    rows = views.paging.turn(views.Bulletin.objects.all(), {}, views.NEWEST, size=30).rows
    while url:
        answer = client.get(url)
        seen += [row.pk for row in answer.context["rows"]]
        url = answer.context["page"].next_url
    assert seen == [row.pk for row in rows]


def test_distribution_offers_the_addressees_and_a_wrong_line_is_taken_off(client, house):
    bulletin = bulletins.publish(house.bulletin(), actor=house.editor)
    client.force_login(house.editor)
    form = client.get(bulletin.get_absolute_url()).context["distribute"]
    assert form["recipients"].value().split("、")[:2] == ["区委书记", "区长"]
    said = {"recipients": "区委书记、区长", "way": "paper", "copies": 2, "on": str(bulletin.issued_on)}
    client.post(reverse("sentiment:bulletin_distribute", args=[bulletin.pk]), said)
    again = client.get(bulletin.get_absolute_url()).context["distribute"]["recipients"].value()
    assert "区长" not in again.split("、")
    line = bulletin.distributions.get(recipient="区长")
    address = reverse("sentiment:bulletin_undistribute", args=[bulletin.pk, line.pk])
    for who in ("leader", "checker", "author"):
        client.force_login(getattr(house, who))
        assert client.post(address).status_code in (403, 404)
    client.force_login(house.editor)
    client.post(address)
    assert [row.recipient for row in bulletin.distributions.all()] == ["区委书记"]
    assert AuditEntry.objects.filter(verb="bulletin.undistribute", summary__contains="区长").exists()


def test_line_of_another_issue_is_not_found(client, house):
    one, two = (bulletins.publish(house.bulletin(), actor=house.editor) for _ in range(2))
    bulletins.distribute(one, ["区委办"], actor=house.editor, way="paper", on=one.issued_on)
    client.force_login(house.editor)
    line = one.distributions.get()
    assert client.post(reverse("sentiment:bulletin_undistribute", args=[two.pk, line.pk])).status_code == 404
