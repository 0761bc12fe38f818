"""The command `similar` and what a reader sees of similar proposals."""

import json

import pytest
from django.core.management import CommandError, call_command

from proposals.models import Status
from proposals.search import reindex, similar_to
from tests.factories import ProposalFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """A filed proposal about water supply."""
    proposal = ProposalFactory(title="关于农村供水站管护的建议", situation="枯水期断水，漏损严重", status=Status.FILED)
    reindex(proposal)
    return proposal


def test_command_prints_one_list_for_each_text(case, tmp_path, capsys):
    file = tmp_path / "texts.json"
    file.write_text(
        json.dumps([{"title": "供水站管护", "text": "断水漏损"}, {"title": "", "text": ""}]), encoding="utf-8"
    )
    call_command("similar", str(file))
    first, second = json.loads(capsys.readouterr().out)
    assert second == []
    assert first[0]["id"] == case.pk
    assert set(first[0]) == {"id", "case_no", "title", "score", "shared_terms"}


@pytest.mark.parametrize("content", ["", "{}", '["x"]', '[{"title": 3}]'])
def test_command_says_what_is_wrong_with_the_file(content, tmp_path):
    file = tmp_path / "texts.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("similar", str(file))


def test_reader_gets_only_what_he_may_see(case):
    stranger = UserFactory()
    assert [found for found, _ in similar_to(None, case.title, "")] == [case]
    assert similar_to(stranger, case.title, "") == []
    assert similar_to(None, case.title, "", without=case.pk) == []
