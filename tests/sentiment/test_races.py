"""Two people at once on real row locks: one number, one decision, one editor."""

import threading

import pytest
from django.db import connection

from core.errors import Refusal
from sentiment.models import Bulletin, OpinionReport
from sentiment.services import bulletins, editing
from tests.sentiment import world as worlds

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*acts):
    """Run acts at the same moment, each on a connection of its own; their results or refusals."""
    gate = threading.Barrier(len(acts))
    found = []

    def run(act):
        try:
            gate.wait(timeout=10)
            found.append(act())
        except Refusal as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return found


def test_double_click_publishes_once_with_one_number():
    house = worlds.build()
    bulletin = house.bulletin()
    found = together(*[lambda: bulletins.publish(bulletin, actor=house.editor)] * 4)
    assert sum(isinstance(row, Bulletin) for row in found) == 1
    assert list(Bulletin.objects.values_list("issue_no", "total_no")) == [(1, 1)]


def test_two_issues_at_once_have_neighbouring_numbers():
    house = worlds.build()
    first, second = house.bulletin(title="一号路"), house.bulletin(title="二号路")
    together(
        lambda: bulletins.publish(first, actor=house.editor), lambda: bulletins.publish(second, actor=house.editor)
    )
    assert sorted(Bulletin.objects.values_list("issue_no", flat=True)) == [1, 2]


def test_of_two_editors_saving_at_once_one_is_told():
    house = worlds.build()
    report = house.editing()
    seen = report.version
    found = together(
        lambda: editing.edit_text(report, actor=house.editor, version=seen, title="甲的标题"),
        lambda: editing.edit_text(report, actor=house.editor, version=seen, title="乙的标题"),
    )
    refused = [row for row in found if isinstance(row, Refusal)]
    assert [row.field for row in refused] == ["version"]
    assert OpinionReport.objects.get(pk=report.pk).version == seen + 1
