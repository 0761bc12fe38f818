"""The letter of a reply: addressees, answers with promises, copies; its pages for those who may read it."""

import io

import pytest
from django.urls import reverse
from docx import Document

from members.models import HandlingUnit
from proposals.letters import addressees, compose, full_name
from proposals.models import Proposer
from proposals.selectors_unit import get_reply
from tests import handled


@pytest.fixture
def world(db) -> handled.World:
    """People of every role."""
    return handled.build()


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("汉滨区水利局", "安康市汉滨区水利局"),
        ("区水利局", "安康市汉滨区水利局"),
        ("中共安康市汉滨区委宣传部", "中共安康市汉滨区委宣传部"),
    ],
)
def test_units_sign_with_their_full_name(name, full):
    assert full_name(HandlingUnit(name=name)) == full


def test_every_proposer_is_addressed():
    rows = [Proposer(name="贺青川"), Proposer(name="沈知微"), Proposer(name="民革汉滨区总支", body_id=1)]
    assert addressees(rows) == "民革汉滨区总支、贺青川、沈知微委员："


def test_letter_answers_each_suggestion_and_names_the_promise(world):
    letter = compose(get_reply(world["unit"], world.drafted(support=True).pk))
    assert [block.text for block in letter.blocks if block.kind == "h"] == [
        "一、关于摸清周转房底数",
        "二、关于分三年建设周转房",
    ]
    assert any(block.text.startswith("我单位承诺：") and "40套周转房" in block.text for block in letter.blocks)
    assert letter.mark == "B"
    assert letter.copies == "区政协提案委员会，区政府督查室，区水利局。"
    assert letter.signed_on is None


def test_pages_are_for_the_proposer_once_issued(client, world):
    reply = world.issued()
    client.force_login(world["member"])
    page = client.get(reverse("proposals:reply_letter", args=[reply.pk])).content.decode()
    assert "a4-class" in page
    assert "第1号提案的答复" in page
    answer = client.get(reverse("proposals:reply_letter_docx", args=[reply.pk]))
    assert "attachment" in answer["Content-Disposition"]
    assert any("62所学校" in line.text for line in Document(io.BytesIO(answer.content)).paragraphs)


@pytest.mark.parametrize("name", ["member2", "unit2", "editor", "sysadmin"])
def test_pages_are_not_found_for_others(client, world, name):
    reply = world.issued()
    client.force_login(world[name])
    for page in ("reply", "reply_letter", "reply_letter_docx"):
        assert client.get(reverse(f"proposals:{page}", args=[reply.pk])).status_code == 404
